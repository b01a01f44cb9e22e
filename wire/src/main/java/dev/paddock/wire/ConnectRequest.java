package dev.paddock.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a client, without a header. Session id 0 asks for a new session. The version is 0, the password 16 bytes (some clients send null). Clients
 * of ZooKeeper 3.3 leave out {@code readOnly}; the answer must then leave it out too.
 */
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeoutMillis,
        long sessionId,
        byte @Nullable [] password,
        Optional<Boolean> readOnly) {

    /** Reads one, the last field only if bytes are left. */
    public static ConnectRequest read(Reader r) {
        return new ConnectRequest(
                r.readInt("connect.protocolVersion"),
                r.readLong("connect.lastZxidSeen"),
                r.readInt("connect.timeoutMillis"),
                r.readLong("connect.sessionId"),
                r.readBuffer("connect.password"),
                r.remaining() == 0 ? Optional.empty() : Optional.of(r.readBool("connect.readOnly")));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(protocolVersion);
        w.writeLong(lastZxidSeen);
        w.writeInt(timeoutMillis);
        w.writeLong(sessionId);
        w.writeBuffer(password);
        readOnly.ifPresent(w::writeBool);
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
