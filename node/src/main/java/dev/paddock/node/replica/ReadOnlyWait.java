package dev.paddock.node.replica;

/**
 * When a server that finds no leader begins to serve reads: after a tick, at least two seconds, as Apache ZooKeeper 3.9.
 * Owned by the core thread.
 */
final class ReadOnlyWait {
    private static final long NANOS_MIN = 2_000_000_000L;

    private final long nanos;
    private boolean isLooking;
    private long sinceNanos;

    ReadOnlyWait(long tickNanos) {
        this.nanos = Math.max(NANOS_MIN, tickNanos);
    }

    /** Whether the server has looked for a leader for so long. */
    boolean isOver(boolean looking, Now now) {
        if (looking && !isLooking) sinceNanos = now.nanos();
        isLooking = looking;
        return looking && now.nanos() - sinceNanos >= nanos;
    }
}
