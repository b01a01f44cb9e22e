package dev.paddock.node.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** What a {@link KeyedTrie} holds: a value that carries its own key, so that an entry costs no object of its own. */
abstract class Keyed {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio: odd, bits well spread

    /** UTF-8; never changed after construction. */
    final byte[] key;

    /** {@link #hash} of the key; kept, since the trie asks for it at every step. It fills what would be padding. */
    final int hash;

    Keyed(byte[] key) {
        this(key, hash(key, 0, key.length));
    }

    Keyed(byte[] key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    final boolean hasKey(int otherHash, byte[] buf, int from, int to) {
        return hash == otherHash && Arrays.equals(key, 0, key.length, buf, from, to);
    }

    /** The same on every machine and in every run: replicas iterate in the same order. */
    static int hash(byte[] buf, int from, int to) {
        long h = (to - from) * MULTIPLIER;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) h = mix(h ^ (long) WORDS.get(buf, at));
        long tail = 0;
        for (; at < to; at++) tail = tail << 8 | (buf[at] & 0xff);
        h = mix(mix(h ^ tail));
        return (int) (h >>> 32);
    }

    private static long mix(long h) {
        long spread = h * MULTIPLIER;
        return spread ^ spread >>> 29;
    }
}
