package dev.paddock.node.replica;

/**
 * How eagerly a leader deletes what nobody uses.
 *
 * @param checkIntervalMillis time between two searches, and before the first
 * @param maxPerMinute        most that are deleted in a minute
 * @param maxNeverUsedMillis  how long a container may live that never had a child; 0 is for ever
 */
public record SweepPace(int checkIntervalMillis, int maxPerMinute, long maxNeverUsedMillis) {
    /** What holds where nothing is configured. */
    public static final SweepPace DEFAULT = new SweepPace(60_000, 10_000, 0);
}
