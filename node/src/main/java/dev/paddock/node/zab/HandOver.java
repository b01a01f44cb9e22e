package dev.paddock.node.zab;

import dev.paddock.wire.LearnerInfo;

/**
 * A planned move of leadership, as one leader goes through it. Owned by the core thread.
 *
 * <p>From {@link #begin} on nothing is proposed. When all that was proposed has committed, an heir that has forced it is
 * told by a ping that names it, and leaves; then the others are told, and we follow it too. All of them skip the
 * election, nothing else: the heir still needs the promises and acks of a quorum. Whoever is not told, or is told and
 * finds nobody there, elects.
 */
final class HandOver {
    /** What a learner that takes a hand-over calls its protocol. Apache's leaders ask only that it is not below 0x10000. */
    static final int PROTOCOL_VERSION = LearnerInfo.PROTOCOL_VERSION + 1;

    private static final long LIMIT_NANOS = 1_000_000_000L; // then an election is quicker

    private boolean begun;
    private long sinceNanos;

    void begin(long nowNanos) {
        begun = true;
        sinceNanos = nowNanos;
    }

    boolean isBegun() {
        return begun;
    }

    boolean isLate(long nowNanos) {
        return begun && nowNanos - sinceNanos > LIMIT_NANOS;
    }
}
