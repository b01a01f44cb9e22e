package dev.paddock.node.log;

/**
 * What the records of one log file come to, from its first one on. The same numbers are the same records.
 *
 * @param first    zxid of the first; 0 if nothing is known of them
 * @param firstSum checksum of the first
 * @param last     zxid of the last, or of the state that a snapshot holds where that is newer
 * @param sum      of them all, see {@link Chain}
 */
public record Stretch(long first, long firstSum, long last, long sum) {
    private static final long UNKNOWN = -1; // no CRC32C

    /** History up to a zxid, of whose records nothing is known. */
    static Stretch until(long zxid) {
        return new Stretch(0, 0, zxid, 0);
    }

    /** History at least up to a zxid: there may have been more, which nobody saw. */
    static Stretch atLeast(long zxid) {
        return new Stretch(0, 0, zxid, UNKNOWN);
    }

    /** Whether it says where history ended, and not only how far it went at least. */
    boolean isExact() {
        return sum != UNKNOWN;
    }

    /** The same records, behind which a snapshot reaches further. */
    Stretch reaching(long zxid) {
        return new Stretch(first, firstSum, zxid, sum);
    }

    /** Whether both are of one file that was begun once. */
    boolean beginsAs(Stretch other) {
        return first != 0 && first == other.first && firstSum == other.firstSum;
    }
}
