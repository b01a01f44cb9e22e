package dev.paddock.wire;

import org.jspecify.annotations.Nullable;

/** Data of COMMITANDACTIVATE (no txn) and INFORMANDACTIVATE: a new configuration is in force, with the leader that it should have. */
public record Activation(long designatedLeader, byte[] txn) {
    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(8 + txn.length);
        w.writeLong(designatedLeader);
        w.raw(txn, 0, txn.length);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static Activation parse(byte[] data) {
        var r = new Reader(data);
        return new Activation(r.readLong("activation.designatedLeader"), r.readRest());
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
