package dev.paddock.wire;

import org.jspecify.annotations.Nullable;

/** A step of the SASL exchange between servers, before anything else on an election or quorum link: i64 magic, i32 status, buffer token. */
public record QuorumAuth(int status, byte @Nullable [] token) {
    /** Tells it from a packet or a hello: no such packet type, no such protocol version. */
    public static final long MAGIC = -0xa0dbcafecafe1234L;

    public static final int IN_PROGRESS = 0;
    public static final int SUCCESS = 1;
    public static final int ERROR = -1;

    /** Reads one. */
    public static QuorumAuth read(Reader r) {
        long magic = r.readLong("quorumAuth.magic");
        if (magic != MAGIC) {
            throw new WireException("quorumAuth.magic: 0x" + Long.toHexString(magic));
        }
        int status = r.readInt("quorumAuth.status");
        if (status < ERROR || status > SUCCESS) {
            throw new WireException("quorumAuth.status: no such status: " + status);
        }
        return new QuorumAuth(status, r.readBuffer("quorumAuth.token"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeLong(MAGIC);
        w.writeInt(status);
        w.writeBuffer(token);
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
