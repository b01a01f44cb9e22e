package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The records behind the mark of what was forced, as a start reads them. Perhaps a force of them has failed: the system then
 * keeps their bytes in its cache and takes them for written, so that the next force succeeds and forces nothing. They are
 * written again where they are before they are forced. Owned by whoever recovers.
 */
final class UnsureRecords {
    private static final int CHUNK_BYTES = 1 << 20;

    private final long forcedZxid;
    private final Map<String, Part> parts = new LinkedHashMap<>(); // by file

    private record Part(long from, long to) {}

    /** @param forcedZxid up to which all was surely forced; {@code Long.MAX_VALUE} if nothing is to be doubted */
    UnsureRecords(long forcedZxid) {
        this.forcedZxid = forcedZxid;
    }

    /** Takes the record that the reader has stepped to. */
    void read(LogReader reader) {
        LogRecord record = reader.record();
        if (record.zxid() <= forcedZxid) return;
        long to = reader.offset() + record.payload().length + LogFormat.FRAME_BYTES;
        Part part = parts.get(reader.file());
        parts.put(reader.file(), new Part(part == null ? reader.offset() : part.from(), to));
    }

    /** Writes them again; the caller forces. */
    void writeAgain(Folder folder) throws IOException {
        for (Map.Entry<String, Part> entry : parts.entrySet()) {
            try (StoredFile file = folder.open(entry.getKey())) {
                writeAgain(file, entry.getValue());
            }
        }
    }

    private static void writeAgain(StoredFile file, Part part) throws IOException {
        for (long at = part.from(); at < part.to(); at += CHUNK_BYTES) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, part.to() - at));
            while (bytes.hasRemaining()) {
                if (file.read(bytes, at + bytes.position()) < 0) throw new IOException("a log file became shorter");
            }
            file.write(bytes.flip(), at);
        }
    }
}
