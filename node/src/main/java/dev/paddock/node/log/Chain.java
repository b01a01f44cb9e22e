package dev.paddock.node.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Sums up the records of a log file one by one: a CRC32C of the sum before, and of the record's zxid, checksum and length.
 * Where in the file each of them stands follows from that. Owned by one thread.
 */
final class Chain {
    private static final int LINK_BYTES = 4 * Long.BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer link = ByteBuffer.allocate(LINK_BYTES);
    private long first; // 0 before the first record
    private long firstSum;
    private long last;
    private long sum;

    /** The next record is the first of a file. */
    void begin() {
        first = 0;
        firstSum = 0;
        sum = 0;
    }

    /** Takes the next record. */
    void add(long zxid, long checksum, int length) {
        if (first == 0) {
            first = zxid;
            firstSum = checksum;
        }
        last = zxid;
        link.clear().putLong(sum).putLong(zxid).putLong(checksum).putLong(length);
        crc.reset();
        crc.update(link.flip());
        sum = crc.getValue();
    }

    /** The zxid taken last, or where it began; 0 at first. */
    long last() {
        return last;
    }

    /** The zxid of the file's first record; 0 before it. */
    long first() {
        return first;
    }

    /** What the file's records have come to. */
    long sum() {
        return sum;
    }

    /** All of it. */
    Stretch stretch() {
        return new Stretch(first, firstSum, last, sum);
    }

    /** Goes on from here. */
    void goOn(Stretch from) {
        first = from.first();
        firstSum = from.firstSum();
        last = from.last();
        sum = from.sum();
    }
}
