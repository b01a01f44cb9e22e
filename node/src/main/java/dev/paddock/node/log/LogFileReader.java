package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;

/** Reads the records of one log file in order, and looks at what stands where no record does. Owned by one thread. */
final class LogFileReader implements Closeable {
    /** What stands at the next offset. */
    sealed interface Step {}

    /** A whole record. */
    record Found(LogRecord record, long checksum, long offset) implements Step {}

    /** Nothing but zeros up to the end of the file. */
    record End(long offset) implements Step {}

    /**
     * Something else.
     *
     * @param isHole whether bytes follow where only zeros would follow a write that was cut short
     */
    record Bad(long offset, String problem, boolean isHole) implements Step {}

    private final ReadableFile file;
    private final ByteWindow bytes;
    private long offset;

    LogFileReader(ReadableFolder folder, String name) throws IOException {
        this.file = folder.read(name);
        try {
            this.bytes = new ByteWindow(file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The next record. After anything but {@link Found} the answer stays the same. */
    Step next() throws IOException {
        if (offset == 0) {
            Step header = header();
            if (!(header instanceof End)) {
                return header;
            }
            offset = LogFormat.HEADER_BYTES;
        }
        Step step = step(offset);
        if (step instanceof Found found) {
            offset += found.record().payload().length + LogFormat.FRAME_BYTES;
        }
        return step;
    }

    private Step header() throws IOException {
        boolean empty = bytes.firstNonZero(0) < 0;
        if (empty) {
            return new Bad(0, "no file header", false);
        }
        if (!bytes.has(0, LogFormat.HEADER_BYTES)) {
            return new Bad(0, "the file header is cut", false);
        }
        if (bytes.intAt(0) != LogFormat.MAGIC || bytes.intAt(4) != LogFormat.VERSION) {
            boolean isHole = bytes.firstNonZero(LogFormat.HEADER_BYTES) >= 0;
            return new Bad(0, "the file header is not that of a ZooKeeper log", isHole);
        }
        return new End(0);
    }

    private Step step(long at) throws IOException {
        if (!bytes.has(at, LogFormat.PAYLOAD_AT)) {
            return bytes.firstNonZero(at) < 0 ? new End(at) : new Bad(at, "the record is cut", false);
        }
        long sum = bytes.longAt(at);
        int length = bytes.intAt(at + 8);
        if (length == 0) {
            boolean isHole = bytes.firstNonZero(at + LogFormat.PAYLOAD_AT) >= 0;
            if (isHole) {
                return new Bad(at, "a length of zero, but bytes follow", true);
            }
            return sum == 0 ? new End(at) : new Bad(at, "the record is cut after its checksum", false);
        }
        if (length < LogFormat.PAYLOAD_BYTES_MIN) {
            return new Bad(at, "a length of " + length, false);
        }
        if (!bytes.has(at, (long) length + LogFormat.FRAME_BYTES)) {
            return new Bad(at, "a length of " + length + " reaches beyond the file", false);
        }
        return record(at, sum, length);
    }

    private Step record(long at, long sum, int length) throws IOException {
        byte[] payload = new byte[length]; // the file was seen to have that many
        bytes.copy(at + LogFormat.PAYLOAD_AT, payload);
        if (LogFormat.checksum(payload) != sum) {
            return new Bad(at, "the checksum does not fit", false);
        }
        if (bytes.byteAt(at + LogFormat.PAYLOAD_AT + length) != LogFormat.END_MARK) {
            return new Bad(at, "the record has no end mark", false);
        }
        return new Found(new LogRecord(LogFormat.zxid(payload), payload), sum, at);
    }

    /** The first offset after this one at which a whole record of a later zxid stands, or -1. */
    long wholeRecordAfter(long from, long zxid) throws IOException {
        long at = from + 1;
        while (bytes.has(at, LogFormat.PAYLOAD_BYTES_MIN + LogFormat.FRAME_BYTES)) {
            if (bytes.longAt(at) == 0) {
                long next = bytes.firstNonZero(at);
                if (next < 0) {
                    return -1;
                }
                at = next - 7; // a checksum has four zero bytes, then at least one that is not
                continue;
            }
            if (bytes.intAt(at) == 0 && isRecord(at, zxid)) {
                return at;
            }
            at++;
        }
        return -1;
    }

    private boolean isRecord(long at, long zxid) throws IOException {
        int length = bytes.intAt(at + 8);
        return length >= LogFormat.PAYLOAD_BYTES_MIN
                && bytes.has(at, (long) length + LogFormat.FRAME_BYTES)
                && bytes.longAt(at + LogFormat.PAYLOAD_AT + 12) > zxid
                && bytes.byteAt(at + LogFormat.PAYLOAD_AT + length) == LogFormat.END_MARK
                && record(at, bytes.longAt(at), length) instanceof Found;
    }

    /** How many bytes from here on up to the last one that is not zero. */
    long bytesFrom(long from) throws IOException {
        long last = from;
        for (long at = bytes.firstNonZero(from); at >= 0; at = bytes.firstNonZero(last)) {
            last = at + 1;
        }
        return last - from;
    }

    long size() {
        return bytes.size();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
