package dev.paddock.node.zab;

/**
 * The ensemble's patience.
 *
 * @param tickNanos      length of a tick in nanoseconds ({@code tickTime})
 * @param initLimit      ticks a learner may take to synchronize
 * @param syncLimit      ticks a learner may stay silent in the broadcast phase, and a leader of Apache's
 * @param silenceNanos   how long a leader of ours may stay silent, and a quorum to its leader; a few {@link #pingNanos}
 * @param dialNanos      how long a learner may take to connect to its leader
 * @param epochNanos     how long a leader may wait for a quorum to call
 * @param resendMinNanos when a vote is told again that nobody answered
 * @param resendMaxNanos to which this doubles each time
 */
public record Timing(
        long tickNanos,
        int initLimit,
        int syncLimit,
        long silenceNanos,
        long dialNanos,
        long epochNanos,
        long resendMinNanos,
        long resendMaxNanos) {
    /** When a vote is told again that nobody answered, unless configured otherwise. */
    public static final long RESEND_MIN_NANOS = 200_000_000L;

    /** Apache ZooKeeper backs off to a minute; two seconds heal sooner. */
    public static final long RESEND_MAX_NANOS = 2_000_000_000L;

    /** Apache's leaders ping each half tick, however long that is. */
    private static final long PING_NANOS_MAX = 500_000_000L;

    /** With the usual patience for all else. */
    public Timing(long tickNanos, int initLimit, int syncLimit, long silenceNanos) {
        this(
                tickNanos,
                initLimit,
                syncLimit,
                silenceNanos,
                tickNanos * initLimit,
                tickNanos * initLimit,
                RESEND_MIN_NANOS,
                RESEND_MAX_NANOS);
    }

    long initNanos() {
        return tickNanos * initLimit;
    }

    /** How long a learner that is in sync may be silent. */
    public long syncNanos() {
        return tickNanos * syncLimit;
    }

    /** How often a leader of ours is heard at least. */
    long pingNanos() {
        return Math.min(tickNanos / 2, PING_NANOS_MAX);
    }

    /** How long a leader may be silent that is heard so often. */
    long leaderSilenceNanos() {
        return Math.min(silenceNanos, syncNanos());
    }
}
