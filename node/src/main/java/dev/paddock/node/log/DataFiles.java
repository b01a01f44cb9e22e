package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The snapshots and logs of one folder, this server's or Apache ZooKeeper's, to be looked at and never changed. A server may
 * be using them: what it writes meanwhile is seen or not.
 *
 * @param folder    holds them
 * @param snapshots ascending by zxid
 * @param logs      likewise
 */
public record DataFiles(ReadableFolder folder, List<Named> snapshots, List<Named> logs) {
    public DataFiles {
        snapshots = List.copyOf(snapshots);
        logs = List.copyOf(logs);
    }

    /** Lists a folder: one that has a {@code version-2} in it, as dataDir has, or that itself. */
    public static DataFiles of(Path folder) throws IOException {
        Path versioned = folder.resolve(Storage.VERSION_FOLDER);
        ReadableFolder files = new ReadOnlyFolder(Files.isDirectory(versioned) ? versioned : folder);
        return new DataFiles(files, SnapshotFile.files(files), LogFiles.files(files));
    }

    /** Reads the records of two zxids and what is between them. All before the first are known to the caller. */
    public LogReader log(long fromZxid, long toZxid) {
        return new LogReader(folder, logs, fromZxid, toZxid);
    }

    /** The zxid that the log begins with; 0 if there is none. */
    public long firstLogged() throws IOException {
        return LogFiles.firstZxid(folder, logs);
    }

    /** Only one log, whatever its name, and no snapshots. */
    public static DataFiles ofLog(Path file) {
        String name = file.getFileName().toString();
        long zxid = Math.max(0, FileNames.zxid(FileNames.LOG, name, ""));
        return new DataFiles(new ReadOnlyFolder(parent(file)), List.of(), List.of(new Named(name, zxid)));
    }

    /** Only one snapshot, whatever its name, and no logs; its zxid is -1 if the name has none. */
    public static DataFiles ofSnapshot(Path file) {
        String name = file.getFileName().toString();
        List<Named> one = SnapshotFile.files(List.of(name));
        return new DataFiles(
                new ReadOnlyFolder(parent(file)), one.isEmpty() ? List.of(new Named(name, -1)) : one, List.of());
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) throw new IllegalArgumentException(file + " is no file");
        return parent;
    }
}
