package dev.paddock.e2e.differential;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes looked into and exchanged. */
final class Bytes {
    private Bytes() {}

    static long longAt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getLong(at);
    }

    /** A copy with all {@code from} made {@code to}, which is as long. */
    static byte[] replaced(byte[] bytes, byte[] from, byte[] to) {
        if (from.length != to.length) throw new IllegalArgumentException("not as long");
        byte[] copy = bytes.clone();
        for (int at = 0; at + from.length <= copy.length; at++) {
            if (Arrays.equals(copy, at, at + from.length, from, 0, from.length)) {
                System.arraycopy(to, 0, copy, at, to.length);
            }
        }
        return copy;
    }
}
