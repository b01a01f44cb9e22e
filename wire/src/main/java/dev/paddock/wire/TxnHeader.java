package dev.paddock.wire;

/** Before every transaction: whose request it was, its zxid, the leader's wall clock in milliseconds, the {@link OpCode} of the body. */
public record TxnHeader(long sessionId, int cxid, long zxid, long timeMillis, int type) {
    /** Reads one. */
    public static TxnHeader read(Reader r) {
        return new TxnHeader(
                r.readLong("txn.sessionId"),
                r.readInt("txn.cxid"),
                r.readLong("txn.zxid"),
                r.readLong("txn.timeMillis"),
                r.readInt("txn.type"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeLong(sessionId);
        w.writeInt(cxid);
        w.writeLong(zxid);
        w.writeLong(timeMillis);
        w.writeInt(type);
    }
}
