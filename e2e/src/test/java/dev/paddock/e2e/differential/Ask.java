package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request as bytes, right or wrong.
 *
 * @param body   after the header
 * @param zxidAt where in the body a zxid stands that counts from the start of the stream; -1 if there is none
 */
record Ask(int xid, int type, byte[] body, int zxidAt) {
    private static final int HEADER_BYTES = 8;
    private static final int PROOF_XID = -44; // which no other request has

    /** Without a zxid in it. */
    Ask(int xid, int type, byte[] body) {
        this(xid, type, body, -1);
    }

    /** A request as it should be. */
    static Ask of(int xid, Request request) {
        var body = new Writer(64);
        request.write(body);
        return new Ask(xid, request.opCode(), body.toByteArray());
    }

    /** A proof that is right, among other requests. */
    static Ask proof(Request.Auth auth) {
        return of(PROOF_XID, auth);
    }

    /** Whether it is one of those: its answer comes at once, before those of requests that were sent before it. */
    boolean isProof() {
        return isProof(xid);
    }

    /** Whether an answer with this xid is such a proof's. */
    static boolean isProof(int xid) {
        return xid == PROOF_XID;
    }

    /** The frame with its length, where the stream started at {@code base}. */
    byte[] frame(long base) {
        var w = new Writer(body.length + 12);
        w.writeInt(HEADER_BYTES + body.length);
        w.writeInt(xid);
        w.writeInt(type);
        w.raw(body, 0, body.length);
        if (zxidAt >= 0 && body.length >= zxidAt + 8) {
            long zxid = Bytes.longAt(body, zxidAt) + base;
            w.setInt(12 + zxidAt, (int) (zxid >>> 32));
            w.setInt(12 + zxidAt + 4, (int) zxid);
        }
        return w.toByteArray();
    }

    /** The xid of its answer. */
    int answerXid() {
        return type == OpCode.PING ? -2 : xid;
    }

    /** Whether a server closes the connection after it, so that it has to be the last of a burst. */
    boolean mayClose() {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.DELETE,
                    OpCode.EXISTS,
                    OpCode.GET_DATA,
                    OpCode.SET_DATA,
                    OpCode.GET_ACL,
                    OpCode.SET_ACL,
                    OpCode.GET_CHILDREN,
                    OpCode.SYNC,
                    OpCode.PING,
                    OpCode.GET_CHILDREN2,
                    OpCode.MULTI,
                    OpCode.CREATE2,
                    OpCode.RECONFIG,
                    OpCode.CHECK_WATCHES,
                    OpCode.REMOVE_WATCHES,
                    OpCode.CREATE_CONTAINER,
                    OpCode.DELETE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.MULTI_READ,
                    OpCode.SET_WATCHES,
                    OpCode.GET_EPHEMERALS,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.SET_WATCHES2,
                    OpCode.ADD_WATCH,
                    OpCode.WHO_AM_I,
                    OpCode.CREATE_SESSION -> false;
            default -> !isProof();
        };
    }

    /** The same below another folder, whose name is as long. */
    Ask moved(String from, String to) {
        byte[] moved = Bytes.replaced(body, from.getBytes(StandardCharsets.UTF_8), to.getBytes(StandardCharsets.UTF_8));
        return new Ask(xid, type, moved, zxidAt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ask o
                && xid == o.xid
                && type == o.type
                && zxidAt == o.zxidAt
                && Arrays.equals(body, o.body);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * xid + type) + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return Show.request(this);
    }
}
