package dev.paddock.wire;

/** Before every request but the first of a connection. {@code xid} is the client's number for it, or one of the special ones here. */
public record RequestHeader(int xid, int type) {
    public static final int NOTIFICATION_XID = -1;
    public static final int PING_XID = -2;
    public static final int AUTH_XID = -4;
    public static final int SET_WATCHES_XID = -8;

    /** Reads one. */
    public static RequestHeader read(Reader r) {
        return new RequestHeader(r.readInt("request.xid"), r.readInt("request.type"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(xid);
        w.writeInt(type);
    }
}
