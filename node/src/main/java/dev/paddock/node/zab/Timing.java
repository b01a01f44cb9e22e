package dev.paddock.node.zab;

/**
 * The ensemble's patience.
 *
 * @param tickNanos      length of a tick in nanoseconds ({@code tickTime})
 * @param initLimit      ticks a learner may take to synchronize
 * @param syncLimit      ticks a learner may stay silent in the broadcast phase
 * @param dialNanos      how long a learner may take to connect to its leader
 * @param epochNanos     how long a leader may wait for a quorum to call
 * @param resendMinNanos when a vote is told again that nobody answered
 * @param resendMaxNanos to which this doubles each time
 */
public record Timing(
        long tickNanos,
        int initLimit,
        int syncLimit,
        long dialNanos,
        long epochNanos,
        long resendMinNanos,
        long resendMaxNanos) {
    /** When a vote is told again that nobody answered, unless configured otherwise. */
    public static final long RESEND_MIN_NANOS = 200_000_000L;

    /** Apache ZooKeeper backs off to a minute; two seconds heal sooner. */
    public static final long RESEND_MAX_NANOS = 2_000_000_000L;

    /** With the usual patience for all else. */
    public Timing(long tickNanos, int initLimit, int syncLimit) {
        this(
                tickNanos,
                initLimit,
                syncLimit,
                tickNanos * initLimit,
                tickNanos * initLimit,
                RESEND_MIN_NANOS,
                RESEND_MAX_NANOS);
    }

    long initNanos() {
        return tickNanos * initLimit;
    }

    long syncNanos() {
        return tickNanos * syncLimit;
    }

    long pingNanos() {
        return tickNanos / 2;
    }
}
