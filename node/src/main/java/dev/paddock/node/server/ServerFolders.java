package dev.paddock.node.server;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.net.ServerView.FolderSizes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The folders that a server writes to, as they are shown to tools.
 *
 * @param snapshots where snapshots and epochs are
 * @param logs      where the transaction log is; may be the same
 */
record ServerFolders(Path snapshots, Path logs) {
    private static final String FORMAT = "version-2";

    static ServerFolders of(NodeConfig.Storage storage) {
        return new ServerFolders(
                storage.dataDir().toAbsolutePath().resolve(FORMAT),
                storage.dataLogDir().toAbsolutePath().resolve(FORMAT));
    }

    /** Looks at every file. */
    FolderSizes sizes() {
        return new FolderSizes(size(snapshots), size(logs));
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(ServerFolders::fileSize)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // a folder that is not there yet, or no longer
        }
    }

    /** A file may go while it is looked at: a purge, or an unfinished snapshot. */
    private static long fileSize(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
