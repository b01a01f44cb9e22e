package dev.paddock.wire;

import org.jspecify.annotations.Nullable;

/** Data of REQUEST: a client's request on its way to the leader; the packet's authinfo says who the client is. The body is as the client sent it. */
public record ForwardedRequest(long sessionId, int cxid, int type, byte[] body) {
    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(16 + body.length);
        w.writeLong(sessionId);
        w.writeInt(cxid);
        w.writeInt(type);
        w.raw(body, 0, body.length);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static ForwardedRequest parse(byte[] data) {
        var r = new Reader(data);
        return new ForwardedRequest(
                r.readLong("forwarded.sessionId"),
                r.readInt("forwarded.cxid"),
                r.readInt("forwarded.type"),
                r.readRest());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return ByteRecords.equal(this, other);
    }

    @Override
    public int hashCode() {
        return ByteRecords.hash(this);
    }

    @Override
    public String toString() {
        return ByteRecords.show(this);
    }
}
