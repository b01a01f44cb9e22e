package dev.paddock.node.tree;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a znode adds to the digest of its tree: the CRC-32 of its path, its data and its stored numbers, in the order of
 * Apache ZooKeeper 3.9's {@code DigestCalculator}, version 2. A tree's digest is the wrapping sum over all its znodes but
 * those below {@code /zookeeper}, so a change costs the two versions of the znodes that it touched and no field in any.
 */
final class NodeDigest {
    private static final byte[] EXCLUDED = {'/', 'z', 'o', 'o', 'k', 'e', 'e', 'p', 'e', 'r', '/'};
    private static final int POLYNOMIAL = 0xEDB88320; // reflected
    private static final int[] T0 = zeros(null); // the checksum of one byte, and of it with 1 to 7 zero bytes after it
    private static final int[] T1 = zeros(T0);
    private static final int[] T2 = zeros(T1);
    private static final int[] T3 = zeros(T2);
    private static final int[] T4 = zeros(T3);
    private static final int[] T5 = zeros(T4);
    private static final int[] T6 = zeros(T5);
    private static final int[] T7 = zeros(T6);

    private NodeDigest() {}

    private static int[] zeros(int @Nullable [] fewer) {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int state = fewer == null ? i : fewer[i];
            for (int bit = 0; bit < Byte.SIZE; bit++) state = state >>> 1 ^ ((state & 1) == 0 ? 0 : POLYNOMIAL);
            table[i] = state;
        }
        return table;
    }

    /** Whether a znode counts: not those below {@code /zookeeper}, whose quotas each server keeps on its own. */
    static boolean counts(byte[] buf, int from, int to) {
        if (to - from < EXCLUDED.length) return true;
        for (int i = 0; i < EXCLUDED.length; i++) if (buf[from + i] != EXCLUDED[i]) return true;
        return false;
    }

    /**
     * The state of the checksum after path and data, from which that of any stored numbers goes on: a znode of which only
     * these changed has its data read once.
     *
     * @param buf holds its path in {@code [from, to)}; the root's is empty
     */
    static int prefix(byte[] buf, int from, int to, byte @Nullable [] data) {
        var crc = new CRC32();
        crc.update(buf, from, to - from);
        if (data != null) crc.update(data);
        return ~(int) crc.getValue();
    }

    /** The digest of a znode with this {@link #prefix}. */
    static long of(int prefix, Znode node) {
        int state = mixed(prefix, node.czxid());
        state = mixed(state, node.mzxid());
        state = mixed(state, node.pzxid());
        state = mixed(state, node.ctime());
        state = mixed(state, node.mtime());
        return ended(state, node.version(), node.cversion(), node.aversion(), node.ephemeralOwner());
    }

    /** Likewise, of stored numbers. */
    static long of(int prefix, Znode.Stored stored) {
        int state = mixed(prefix, stored.czxid());
        state = mixed(state, stored.mzxid());
        state = mixed(state, stored.pzxid());
        state = mixed(state, stored.ctime());
        state = mixed(state, stored.mtime());
        return ended(state, stored.version(), stored.cversion(), stored.aversion(), stored.ephemeralOwner());
    }

    private static long ended(int before, int version, int cversion, int aversion, long owner) {
        int state = mixed(before, (long) version << 32 | (cversion & 0xffffffffL));
        state = mixed(state, (long) aversion << 32 | owner >>> 32);
        return ~mixed(state, (int) owner) & 0xffffffffL;
    }

    /** Eight bytes more, the high one first. */
    private static int mixed(int state, long value) {
        int high = state ^ Integer.reverseBytes((int) (value >>> 32));
        int low = Integer.reverseBytes((int) value);
        return T7[high & 0xff]
                ^ T6[high >>> 8 & 0xff]
                ^ T5[high >>> 16 & 0xff]
                ^ T4[high >>> 24]
                ^ T3[low & 0xff]
                ^ T2[low >>> 8 & 0xff]
                ^ T1[low >>> 16 & 0xff]
                ^ T0[low >>> 24];
    }

    /** Four bytes more. */
    private static int mixed(int state, int value) {
        int bytes = state ^ Integer.reverseBytes(value);
        return T3[bytes & 0xff] ^ T2[bytes >>> 8 & 0xff] ^ T1[bytes >>> 16 & 0xff] ^ T0[bytes >>> 24];
    }
}
