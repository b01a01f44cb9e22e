package dev.paddock.node.log;

import java.util.Arrays;

/**
 * One txn as it lies in the log and goes over the quorum port.
 *
 * @param zxid    its zxid, which the payload holds too
 * @param payload a {@code TxnHeader}, the txn, and perhaps a digest; not to be changed
 */
public record LogRecord(long zxid, byte[] payload) {
    @Override
    public boolean equals(Object o) {
        return o instanceof LogRecord other && zxid == other.zxid && Arrays.equals(payload, other.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(zxid) * 31 + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(zxid) + ", " + payload.length + " bytes";
    }
}
