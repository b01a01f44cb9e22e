package dev.paddock.wire;

/** Before every reply but the first: the request's xid, the last zxid the server has applied, an {@link ErrorCode}. A reply with an error has no body. */
public record ReplyHeader(int xid, long zxid, int err) {
    /** Reads one. */
    public static ReplyHeader read(Reader r) {
        return new ReplyHeader(r.readInt("reply.xid"), r.readLong("reply.zxid"), r.readInt("reply.err"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(xid);
        w.writeLong(zxid);
        w.writeInt(err);
    }
}
