package dev.paddock.node.log;

import java.io.IOException;
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

    /** Whether the log is not the one that goes with the snapshots. */
    boolean isBroken() throws IOException {
        Optional<String> name = TextFile.read(snapshots, FILE);
        return name.isPresent() && !name.equals(TextFile.read(log, FILE));
    }

    /** From now on they belong together, durably. */
    void join() throws IOException {
        Optional<String> ofLog = TextFile.read(log, FILE);
        boolean areOne = snapshots.equals(log);
        if (areOne || (ofLog.isPresent() && ofLog.equals(TextFile.read(snapshots, FILE)))) return;
        String name = ofLog.orElseGet(() -> UUID.randomUUID().toString());
        TextFile.replace(log, FILE, name); // first: snapshots without a name ask for none
        TextFile.replace(snapshots, FILE, name);
    }

    /** Where the snapshots say which log is theirs. */
    Path path() {
        return snapshots.path(FILE);
    }
}
