package dev.paddock.node.server;

import java.util.random.RandomGenerator;

/**
 * When a snapshot is due: after {@code snapCount / 2} transactions and a random share of as many again, as Apache
 * ZooKeeper does, so that the members of an ensemble do not all write theirs at once. Owned by the log thread.
 */
final class SnapshotSchedule {
    private final int snapCount;
    private final RandomGenerator random;
    private int left;

    SnapshotSchedule(int snapCount, RandomGenerator random) {
        this.snapCount = snapCount;
        this.random = random;
        this.left = next();
    }

    /** Counts one more transaction; whether a snapshot is due now. */
    boolean appended() {
        if (--left > 0) return false;
        left = next();
        return true;
    }

    private int next() {
        int half = Math.max(1, snapCount / 2);
        return half + random.nextInt(half);
    }
}
