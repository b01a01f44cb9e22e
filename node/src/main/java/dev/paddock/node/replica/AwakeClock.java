package dev.paddock.node.replica;

/**
 * The time in which this server was awake. A pause of its own (a long collection, a stopped process, a machine that slept) is
 * nobody else's silence: what others said meanwhile still waits to be read. Owned by the core thread.
 */
final class AwakeClock {
    private static final long STEP_NANOS_MAX = 100_000_000L; // ticks come every few milliseconds

    private long lastNanos;
    private long asleepNanos;

    AwakeClock(Now first) {
        this.lastNanos = first.nanos();
    }

    /** The time of a step, without the time in which there was none. */
    Now at(Now now) {
        asleepNanos += Math.max(0, now.nanos() - lastNanos - STEP_NANOS_MAX);
        lastNanos = now.nanos();
        return asleepNanos == 0 ? now : new Now(now.nanos() - asleepNanos, now.wallMillis());
    }
}
