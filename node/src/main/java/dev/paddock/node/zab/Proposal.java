package dev.paddock.node.zab;

import dev.paddock.wire.OpCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A transaction in its one durable order.
 *
 * @param zxid epoch in the high, counter in the low 32 bits
 * @param payload header and transaction as they stand in the log and in a PROPOSAL packet; never changed
 */
public record Proposal(long zxid, byte[] payload) {
    private static final int TYPE_AT = 8 + 4 + 8 + 8; // in a header: session, cxid, zxid and time come before its type

    /** Whether it changes the members. */
    boolean isReconfiguration() {
        return payload.length >= TYPE_AT + Integer.BYTES
                && ByteBuffer.wrap(payload).getInt(TYPE_AT) == OpCode.RECONFIG;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Proposal p && p.zxid == zxid && Arrays.equals(p.payload, payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(zxid);
    }

    @Override
    public String toString() {
        return "Proposal[0x" + Long.toHexString(zxid) + ", " + payload.length + " bytes]";
    }
}
