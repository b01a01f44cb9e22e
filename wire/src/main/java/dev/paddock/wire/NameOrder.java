package dev.paddock.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The order in which {@link Request.GetChildrenPage} goes through the names of a directory. It is total and depends on the two names alone, so a name is a
 * cursor that stays good whatever is created or deleted around it, on every server. Changing it breaks listings that are under way.
 *
 * <p>Names are compared by their hashes, five bits at a time from the lowest, the last group having two; where the hashes are equal, by their bytes as UTF-8,
 * unsigned. That is the order in which a hash trie with five bits a level holds them.
 */
public final class NameOrder {
    /** How many bits of a hash make one digit. */
    public static final int DIGIT_BITS = 5;

    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio: odd, bits well spread

    private NameOrder() {}

    /** The hash of a name that lies as UTF-8 in {@code buf[from, to)}; the same on every machine and in every run. */
    public static int hash(byte[] buf, int from, int to) {
        long h = (to - from) * MULTIPLIER;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            h = mix(h ^ (long) WORDS.get(buf, at));
        }
        long tail = 0;
        for (; at < to; at++) {
            tail = tail << 8 | (buf[at] & 0xff);
        }
        h = mix(mix(h ^ tail));
        return (int) (h >>> 32);
    }

    private static long mix(long h) {
        long spread = h * MULTIPLIER;
        return spread ^ spread >>> 29;
    }

    /** Compares two names. */
    public static int compare(byte[] a, byte[] b) {
        return compare(hash(a, 0, a.length), a, hash(b, 0, b.length), b, 0, b.length);
    }

    /** Compares a name whose hash is known with one that lies in {@code b[from, to)}. */
    public static int compare(int hashA, byte[] a, int hashB, byte[] b, int from, int to) {
        int different = hashA ^ hashB;
        if (different == 0) {
            return Arrays.compareUnsigned(a, 0, a.length, b, from, to);
        }
        int shift = Integer.numberOfTrailingZeros(different) / DIGIT_BITS * DIGIT_BITS;
        return Integer.compare(hashA >>> shift & DIGIT_MASK, hashB >>> shift & DIGIT_MASK);
    }
}
