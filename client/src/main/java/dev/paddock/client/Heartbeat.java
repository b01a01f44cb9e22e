package dev.paddock.client;

/**
 * When a link needs a sign of life. A sync, which goes through the leader, is due when a third of the session timeout would pass without proof that the
 * leader knows of the session; the link is given up when nothing at all came for two thirds, so that one third is left to find another server. Times
 * are of {@link System#nanoTime()}.
 */
final class Heartbeat {
    /** What to do now. */
    enum Need {
        NOTHING,
        SYNC,
        GIVE_UP
    }

    private Heartbeat() {}

    /**
     * Decides.
     *
     * @param receivedNanos when the link last gave anything
     * @param provenNanos when the newest exchange through the leader was started
     * @param periodNanos when this is asked again, from now
     */
    static Need need(long nowNanos, long timeoutNanos, long receivedNanos, long provenNanos, long periodNanos) {
        if (nowNanos - receivedNanos >= timeoutNanos * 2 / 3) {
            return Need.GIVE_UP;
        }
        return nowNanos + periodNanos - provenNanos >= timeoutNanos / 3 ? Need.SYNC : Need.NOTHING;
    }

    /** The later of two instants. */
    static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
