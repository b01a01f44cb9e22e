package dev.paddock.client;

import java.util.Arrays;

/**
 * What a client needs to attach to a session again. Whoever has it owns the session's ephemerals: keep it where only the owner can read. Equal by
 * value.
 *
 * @param id never 0
 * @param password 16 bytes
 */
public record Session(long id, byte[] password) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Session that && id == that.id && Arrays.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** The id only: the password stays out of logs. */
    @Override
    public String toString() {
        return "Session[0x" + Long.toHexString(id) + "]";
    }
}
