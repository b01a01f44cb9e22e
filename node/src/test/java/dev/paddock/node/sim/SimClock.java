package dev.paddock.node.sim;

/** What a server takes for the time: a clock that may go too fast or too slow, and one of the day that may be set as well. */
final class SimClock {
    private static final long WALL_MILLIS_AT_START = 1_600_000_000_000L;

    /** How far the clock of the day is set from what it would be. */
    long wallOffsetMillis;

    private final Simulation sim;
    private double rate = 1;
    private long atNanos; // what it showed when its rate changed last
    private long sinceNanos; // when that was

    SimClock(Simulation sim) {
        this.sim = sim;
    }

    /** Goes so many times as fast from now on. */
    void goes(double times) {
        atNanos = nanos();
        sinceNanos = sim.nowNanos;
        rate = times;
    }

    /** Monotonic. */
    long nanos() {
        return atNanos + Math.round((sim.nowNanos - sinceNanos) * rate);
    }

    long wallMillis() {
        return WALL_MILLIS_AT_START + wallOffsetMillis + nanos() / 1_000_000;
    }
}
