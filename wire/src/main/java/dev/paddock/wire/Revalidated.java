package dev.paddock.wire;

/** Data of REVALIDATE from the leader: the session lives, or not. */
public record Revalidated(long sessionId, boolean valid) {
    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(9);
        w.writeLong(sessionId);
        w.writeBool(valid);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static Revalidated parse(byte[] data) {
        var r = new Reader(data);
        var answer = new Revalidated(r.readLong("revalidated.sessionId"), r.readBool("revalidated.valid"));
        r.requireEnd();
        return answer;
    }
}
