package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * That the folder of the snapshots and that of the log, where they are apart, are those of one history: the same random name
 * in both. Else the empty folder of a disk that is not mounted would pass for a log to which nothing was ever written.
 *
 * @param snapshots folder of ours beside the snapshots
 * @param log       folder of ours beside the log; the same one where they are not apart
 */
record FolderPair(Folder snapshots, Folder log) {
    static final String FILE = "pair";

    private static final int BYTES_MAX = 64;

    /** Whether the log is not the one that goes with the snapshots. */
    boolean isBroken() throws IOException {
        return areApart() && name(snapshots).isPresent() && !areJoined();
    }

    /** From now on they belong together, durably. */
    void join() throws IOException {
        if (!areApart() || areJoined()) return;
        String name = name(log).orElseGet(() -> UUID.randomUUID().toString());
        write(log, name); // first: snapshots without a name ask for none
        write(snapshots, name);
    }

    /** Where the snapshots say which log is theirs. */
    Path path() {
        return snapshots.path(FILE);
    }

    private boolean areApart() {
        return !snapshots.equals(log);
    }

    private boolean areJoined() throws IOException {
        return name(snapshots).isPresent() && name(snapshots).equals(name(log));
    }

    private static Optional<String> name(Folder folder) throws IOException {
        if (!folder.names().contains(FILE)) return Optional.empty();
        ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
        try (ReadableFile file = folder.read(FILE)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // until the file ends
            }
        }
        return Optional.of(StandardCharsets.US_ASCII.decode(bytes.flip()).toString());
    }

    private static void write(Folder folder, String name) throws IOException {
        String aside = FILE + FileNames.UNFINISHED;
        LogFiles.deleteIfThere(folder, aside);
        try (StoredFile file = folder.create(aside)) {
            file.write(StandardCharsets.US_ASCII.encode(name), 0);
            file.force();
        }
        folder.rename(aside, FILE);
        folder.force();
    }
}
