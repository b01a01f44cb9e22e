package dev.paddock.wire;

import java.util.Optional;

/** A transaction with its header: the payload of a log entry and the data of a proposal. Apache ZooKeeper adds a digest; none is legal. */
public record TxnRecord(TxnHeader header, Txn txn, Optional<TxnDigest> digest) {
    private static final int CAPACITY = 256; // most transactions fit

    public TxnRecord {
        if (header.type() != txn.type()) {
            throw new IllegalArgumentException(
                    "a header of " + OpCode.name(header.type()) + " before a " + OpCode.name(txn.type()));
        }
    }

    /** A transaction without a digest. */
    public TxnRecord(TxnHeader header, Txn txn) {
        this(header, txn, Optional.empty());
    }

    /** The bytes of it. */
    public byte[] toBytes() {
        Writer w = written();
        digest.ifPresent(d -> d.write(w));
        return w.toByteArray();
    }

    /** Header and transaction; a digest, which is known only once the transaction was applied, may follow. */
    public Writer written() {
        var w = new Writer(CAPACITY);
        header.write(w);
        txn.write(w);
        return w;
    }

    /**
     * Reads exactly these bytes.
     *
     * @throws WireException if they are malformed or more than one transaction
     */
    public static TxnRecord parse(byte[] bytes) {
        return parse(bytes, 0);
    }

    /** Reads the bytes from {@code from} to the end. */
    public static TxnRecord parse(byte[] bytes, int from) {
        var r = new Reader(bytes, from, bytes.length);
        TxnHeader header = TxnHeader.read(r);
        Txn txn = Txn.read(header.type(), r);
        Optional<TxnDigest> digest = r.remaining() == 0 ? Optional.empty() : Optional.of(TxnDigest.read(r));
        r.requireEnd();
        return new TxnRecord(header, txn, digest);
    }
}
