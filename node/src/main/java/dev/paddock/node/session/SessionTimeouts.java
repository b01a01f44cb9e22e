package dev.paddock.node.session;

/** The bounds of a session's timeout, both included. */
public record SessionTimeouts(int minMillis, int maxMillis) {
    private static final int UNSET = -1;

    public SessionTimeouts {
        if (minMillis < 0 || minMillis > maxMillis) {
            throw new IllegalArgumentException("session timeouts from " + minMillis + " to " + maxMillis + " ms");
        }
    }

    /**
     * The bounds of a configuration.
     *
     * @param minMillis {@code minSessionTimeout}, or -1 for 2 ticks
     * @param maxMillis {@code maxSessionTimeout}, or -1 for 20 ticks
     */
    public static SessionTimeouts of(int tickMillis, int minMillis, int maxMillis) {
        return new SessionTimeouts(
                minMillis == UNSET ? 2 * tickMillis : minMillis, maxMillis == UNSET ? 20 * tickMillis : maxMillis);
    }

    /** What a client gets that asks for {@code askedMillis}, which may be any number. */
    public int negotiated(int askedMillis) {
        return Math.clamp(askedMillis, minMillis, maxMillis);
    }
}
