package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of ours with places of one size, each for some numbers and their checksum. The first number counts what was written. It is
 * made as long as it will ever be, so that writing a place needs no room. A place that is half written says nothing, and leaves
 * the others. Owned by one thread at a time.
 */
final class Places implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Places.class);

    private static final long COUNTED_MAX = Long.MAX_VALUE / 2; // no server comes so far

    private final Folder folder;
    private final Form form;
    private final ByteBuffer bytes;
    private @Nullable StoredFile file; // null until the first write

    /**
     * How the file looks.
     *
     * @param name       of the file
     * @param count      of the places
     * @param placeBytes from one place to the next, at least {@code 8 * (numbers + 1)}
     * @param numbers    in each place
     */
    record Form(String name, int count, int placeBytes, int numbers) {
        private ByteBuffer buffer() {
            return ByteBuffer.allocateDirect((numbers + 1) * Long.BYTES);
        }
    }

    Places(Folder folder, Form form) {
        this.folder = folder;
        this.form = form;
        this.bytes = form.buffer();
    }

    /** What whole places hold, in no order; nothing if there is no such file. */
    static List<long[]> read(ReadableFolder folder, Form form) throws IOException {
        List<long[]> whole = new ArrayList<>();
        if (!folder.names().contains(form.name())) return whole;
        ByteBuffer bytes = form.buffer();
        try (ReadableFile file = folder.read(form.name())) {
            for (int place = 0; place < form.count(); place++) {
                read(file, form, place, bytes).ifPresent(whole::add);
            }
        }
        return whole;
    }

    private static Optional<long[]> read(ReadableFile file, Form form, int place, ByteBuffer bytes) throws IOException {
        long at = (long) place * form.placeBytes();
        bytes.clear();
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
            // until all is there
        }
        if (bytes.hasRemaining()) return Optional.empty();
        bytes.flip();
        long[] numbers = new long[form.numbers()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = bytes.getLong();
        boolean isWhole = bytes.getLong() == checksum(bytes, form);
        return isWhole && numbers[0] > 0 && numbers[0] < COUNTED_MAX ? Optional.of(numbers) : Optional.empty();
    }

    /** Likewise. */
    List<long[]> read() throws IOException {
        return read(folder, form);
    }

    /**
     * Likewise. A file that cannot be read is no loss of history: it is put out of the way, and another is begun.
     *
     * @param unseen what goes unnoticed from then on
     */
    List<long[]> readOrBeginAnew(String unseen) throws IOException {
        try {
            return read();
        } catch (UnreadableFileException e) {
            setAside();
            LOG.warn("{}; {}", e.getMessage(), unseen);
            return List.of();
        }
    }

    /** Writes to a place; makes the file, durably, if there is none. */
    void write(int place, long... numbers) throws IOException {
        bytes.clear();
        for (long number : numbers) bytes.putLong(number);
        bytes.putLong(checksum(bytes, form));
        opened().write(bytes.flip(), (long) place * form.placeBytes());
    }

    /** Of the numbers, and of the name, so that no other file passes for this one; zeros are no numbers then. */
    private static long checksum(ByteBuffer bytes, Form form) {
        var crc = new CRC32C();
        crc.update(form.name().getBytes(StandardCharsets.US_ASCII));
        crc.update(bytes.duplicate().position(0).limit(form.numbers() * Long.BYTES));
        return crc.getValue();
    }

    /** Whether this is the path of the file. */
    boolean isIn(Path path) {
        return folder.path(form.name()).equals(path);
    }

    /** Puts a file that cannot be read out of the way; the next write begins another. */
    void setAside() throws IOException {
        close();
        LogFiles.setAside(folder, form.name());
    }

    /** Whether there is such a file. */
    boolean isThere() throws IOException {
        return folder.names().contains(form.name());
    }

    /** Returns when all that was written, by other processes too, would survive a failure of the machine. */
    void force() throws IOException {
        if (file != null || isThere()) opened().force();
    }

    private StoredFile opened() throws IOException {
        if (file != null) return file;
        if (!isThere()) make();
        StoredFile open = folder.open(form.name());
        file = open;
        return open;
    }

    private void make() throws IOException {
        String aside = form.name() + FileNames.UNFINISHED;
        LogFiles.deleteIfThere(folder, aside);
        try (StoredFile made = folder.create(aside)) {
            made.write(ByteBuffer.allocate(form.count() * form.placeBytes()), 0);
            made.force();
        }
        folder.rename(aside, form.name());
        folder.force();
    }

    @Override
    public void close() throws IOException {
        if (file != null) file.close();
        file = null;
    }
}
