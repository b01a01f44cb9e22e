package dev.paddock.wire;

/** Data of REVALIDATE from a learner: does this session still live? A client has moved to the learner with it. */
public record Revalidate(long sessionId, int timeoutMillis) {
    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(12);
        w.writeLong(sessionId);
        w.writeInt(timeoutMillis);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static Revalidate parse(byte[] data) {
        var r = new Reader(data);
        var asked = new Revalidate(r.readLong("revalidate.sessionId"), r.readInt("revalidate.timeoutMillis"));
        r.requireEnd();
        return asked;
    }
}
