package dev.paddock.node.front;

import dev.paddock.wire.OpCode;

/** Counts of what one connection, or all of one loop, received and sent, and how long answers took. Owned by the loop. */
final class Traffic {
    /** Before the first answer. */
    static final int NO_TYPE = Integer.MIN_VALUE;

    private static final long NANOS_PER_MILLI = 1_000_000;

    long received;
    long receivedBytes;
    long sent;
    long answered;
    private long latencyMillisSum;
    private long latencyMillisMin = Long.MAX_VALUE;
    private long latencyMillisMax;
    private long lastLatencyMillis;
    private long lastAnswerNanos;
    private int lastType = NO_TYPE;
    private int lastXid;
    private long lastZxid;

    void received(int bytes) {
        received++;
        receivedBytes += bytes;
    }

    /** Forgets all that was counted. Apache ZooKeeper shows other values then than before the first answer. */
    void reset() {
        received = 0;
        receivedBytes = 0;
        sent = 0;
        answered = 0;
        latencyMillisSum = 0;
        latencyMillisMin = Long.MAX_VALUE;
        latencyMillisMax = 0;
        lastLatencyMillis = 0;
        lastAnswerNanos = 0;
        lastType = OpCode.NOTIFICATION;
        lastXid = -1;
        lastZxid = -1;
    }

    /** A reply to a request. */
    void answered(int type, int xid, long zxid, long arrivedNanos, long nowNanos) {
        sent++;
        answered++;
        long millis = nowNanos == arrivedNanos ? 0 : (nowNanos - arrivedNanos) / NANOS_PER_MILLI;
        latencyMillisSum += millis;
        latencyMillisMin = Math.min(latencyMillisMin, millis);
        latencyMillisMax = Math.max(latencyMillisMax, millis);
        lastLatencyMillis = millis;
        lastAnswerNanos = nowNanos;
        lastType = type;
        if (xid >= 0) {
            lastXid = xid; // of the last real operation, not of a ping
        }
        lastZxid = zxid;
    }

    /** The last answer is that to a change which was refused: Apache ZooKeeper does not name those. */
    void hasFailed() {
        lastType = OpCode.NOTIFICATION;
    }

    long latencyMillisMin() {
        return answered == 0 ? 0 : latencyMillisMin;
    }

    long latencyMillisMax() {
        return latencyMillisMax;
    }

    long latencyMillisSum() {
        return latencyMillisSum;
    }

    long lastLatencyMillis() {
        return lastLatencyMillis;
    }

    long lastAnswerNanos() {
        return lastAnswerNanos;
    }

    int lastType() {
        return lastType;
    }

    /** 0 before the first, -1 where it is forgotten. */
    int lastXid() {
        return lastXid;
    }

    long lastZxid() {
        return lastZxid;
    }
}
