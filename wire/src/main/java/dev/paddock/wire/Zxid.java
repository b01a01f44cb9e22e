package dev.paddock.wire;

/** A transaction id: the epoch of the leader that made it in the high 32 bits, a counter that it counts up from 0 in the low 32. */
public final class Zxid {
    private Zxid() {}

    /** The zxid of an epoch and a counter. */
    public static long of(long epoch, long counter) {
        return (epoch << 32) | (counter & 0xffffffffL);
    }

    /** The epoch of a zxid. */
    public static long epoch(long zxid) {
        return zxid >> 32;
    }

    /** The counter of a zxid, 0 to 2^32-1. */
    public static long counter(long zxid) {
        return zxid & 0xffffffffL;
    }

    /** As Apache ZooKeeper prints it, like {@code 0x100000002}. */
    public static String toString(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
