package dev.paddock.node.server;

import dev.paddock.wire.Zxid;
import java.util.random.RandomGenerator;

/**
 * When a snapshot is due: at this member's turn, once in each {@code snapCount} transactions. All members count by the same
 * zxids, so that two of them begin at least {@code snapCount / members} transactions apart; Apache ZooKeeper 3.9 leaves that to
 * chance. Also where epochs are so short that no turn comes, and after a random share of {@code snapSizeLimitInKb}, as
 * Apache's. Owned by the log thread.
 */
final class SnapshotSchedule {
    private final int snapCount;
    private final int turn; // when the counter of a zxid leaves this remainder
    private final long snapLogBytes;
    private final RandomGenerator random;
    private int txns; // since the last one
    private long bytesLeft;

    /**
     * @param snapCount    transactions between two snapshots
     * @param rank         of this member among all, by sid; from 0
     * @param members      how many there are
     * @param snapLogBytes most bytes of transactions between two snapshots; 0 is no limit
     */
    SnapshotSchedule(int snapCount, int rank, int members, long snapLogBytes, RandomGenerator random) {
        this.snapCount = snapCount;
        this.turn = (int) ((long) snapCount * rank / members);
        this.snapLogBytes = snapLogBytes;
        this.random = random;
        plan();
    }

    /** Counts one more transaction of this length; whether a snapshot is due now. */
    boolean appended(long zxid, int bytes) {
        txns++;
        bytesLeft -= bytes;
        boolean isOurTurn = Zxid.counter(zxid) % snapCount == turn;
        boolean isOverdue = txns - snapCount >= snapCount / 4;
        if (!isOurTurn && !isOverdue && bytesLeft > 0) return false;
        plan();
        return true;
    }

    private void plan() {
        txns = 0;
        long halfBytes = Math.max(1, snapLogBytes / 2);
        bytesLeft = snapLogBytes == 0 ? Long.MAX_VALUE : halfBytes + random.nextLong(halfBytes);
    }
}
