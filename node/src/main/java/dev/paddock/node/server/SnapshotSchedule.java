package dev.paddock.node.server;

import java.util.random.RandomGenerator;

/**
 * When a snapshot is due: after {@code snapCount / 2} transactions and a random share of as many again, or likewise of
 * {@code snapSizeLimitInKb}, as Apache ZooKeeper does, so that the members of an ensemble do not all write theirs at
 * once. Owned by the log thread.
 */
final class SnapshotSchedule {
    private final int snapCount;
    private final long snapLogBytes;
    private final RandomGenerator random;
    private int txnsLeft;
    private long bytesLeft;

    /**
     * @param snapCount    most transactions between two snapshots
     * @param snapLogBytes most bytes of them; 0 is no limit
     */
    SnapshotSchedule(int snapCount, long snapLogBytes, RandomGenerator random) {
        this.snapCount = snapCount;
        this.snapLogBytes = snapLogBytes;
        this.random = random;
        plan();
    }

    /** Counts one more transaction of this length; whether a snapshot is due now. */
    boolean appended(int bytes) {
        txnsLeft--;
        bytesLeft -= bytes;
        if (txnsLeft > 0 && bytesLeft > 0) return false;
        plan();
        return true;
    }

    private void plan() {
        int halfCount = Math.max(1, snapCount / 2);
        txnsLeft = halfCount + random.nextInt(halfCount);
        long halfBytes = Math.max(1, snapLogBytes / 2);
        bytesLeft = snapLogBytes == 0 ? Long.MAX_VALUE : halfBytes + random.nextLong(halfBytes);
    }
}
