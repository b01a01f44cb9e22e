package dev.paddock.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a server, without a header. A timeout and session id of 0 say that the session is gone. {@code readOnly} is there only if the client sent
 * one.
 */
public record ConnectResponse(
        int protocolVersion,
        int timeoutMillis,
        long sessionId,
        byte @Nullable [] password,
        Optional<Boolean> readOnly) {

    /** Reads one, the last field only if bytes are left. */
    public static ConnectResponse read(Reader r) {
        return new ConnectResponse(
                r.readInt("connected.protocolVersion"),
                r.readInt("connected.timeoutMillis"),
                r.readLong("connected.sessionId"),
                r.readBuffer("connected.password"),
                r.remaining() == 0 ? Optional.empty() : Optional.of(r.readBool("connected.readOnly")));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(protocolVersion);
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
