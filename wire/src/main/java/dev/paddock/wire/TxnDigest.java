package dev.paddock.wire;

/** What Apache ZooKeeper's tree hashes to after a transaction, so that servers can tell that they differ. */
public record TxnDigest(int version, long treeDigest) {
    /** The only version there is. */
    public static final int VERSION = 2;

    /** How long it is. */
    public static final int BYTES = 12;

    static TxnDigest read(Reader r) {
        return new TxnDigest(r.readInt("digest.version"), r.readLong("digest.treeDigest"));
    }

    /** Writes it. */
    public void write(Writer w) {
        w.writeInt(version);
        w.writeLong(treeDigest);
    }
}
