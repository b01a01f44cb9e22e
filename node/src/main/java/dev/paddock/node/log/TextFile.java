package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A short text in a file of its own, which is replaced in one durable step. */
final class TextFile {
    private static final int BYTES_MAX = 64;

    private TextFile() {}

    /** What it says, at most 64 bytes of it; empty if there is none. */
    static Optional<String> read(Folder folder, String name) throws IOException {
        if (!folder.names().contains(name)) return Optional.empty(); // one aside is a replacement that never happened
        ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
        try (StoredFile file = folder.open(name)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // until the file ends
            }
        }
        return Optional.of(StandardCharsets.US_ASCII.decode(bytes.flip()).toString());
    }

    /** Returns when it would survive a failure of the machine that it says this. */
    static void replace(Folder folder, String name, String text) throws IOException {
        String aside = name + FileNames.UNFINISHED;
        LogFiles.deleteIfThere(folder, aside);
        try (StoredFile file = folder.create(aside)) {
            file.write(StandardCharsets.US_ASCII.encode(text), 0);
            file.force();
        }
        folder.rename(aside, name);
        folder.force();
    }
}
