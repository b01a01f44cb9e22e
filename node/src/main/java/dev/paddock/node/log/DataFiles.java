package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The snapshots and logs of one folder, this server's or Apache ZooKeeper's, to be looked at and never changed. A server may
 * be using them: what it writes meanwhile is seen or not.
 *
 * @param folder    holds them
 * @param snapshots ascending by zxid
 * @param logs      likewise
 * @param seams     what was before them, as far as this server wrote them; by the first zxid behind
 */
public record DataFiles(ReadableFolder folder, List<Named> snapshots, List<Named> logs, Map<Long, Seam> seams) {
    public DataFiles {
        seams = Map.copyOf(seams);
        snapshots = List.copyOf(snapshots);
        logs = List.copyOf(logs);
    }

    /** Lists a folder: one that has a {@code version-2} in it, as dataDir has, or that itself. */
    public static DataFiles of(Path folder) throws IOException {
        Path versioned = folder.resolve(Storage.VERSION_FOLDER);
        Path holding = Files.isDirectory(versioned) ? versioned : folder;
        ReadableFolder files = new ReadOnlyFolder(holding);
        return new DataFiles(files, SnapshotFile.files(files), LogFiles.files(files), seams(parent(holding)));
    }

    private static Map<Long, Seam> seams(Path dataDir) throws IOException {
        Path own = dataDir.resolve(Storage.OWN_FOLDER);
        return Files.isDirectory(own) ? Seams.in(new ReadOnlyFolder(own)) : Map.of();
    }

    /** Reads the records of two zxids and what is between them. All before the first are known to the caller. */
    public LogReader log(long fromZxid, long toZxid) {
        return new LogReader(folder, logs, seams, fromZxid, toZxid);
    }

    /** The zxid that the log begins with; 0 if there is none. */
    public long firstLogged() throws IOException {
        return LogFiles.firstZxid(folder, logs);
    }

    /** Only one log, whatever its name, and no snapshots. */
    public static DataFiles ofLog(Path file) {
        String name = file.getFileName().toString();
        long zxid = Math.max(0, FileNames.zxid(FileNames.LOG, name, ""));
        return new DataFiles(new ReadOnlyFolder(parent(file)), List.of(), List.of(new Named(name, zxid)), Map.of());
    }

    /** Only one snapshot, whatever its name, and no logs; its zxid is -1 if the name has none. */
    public static DataFiles ofSnapshot(Path file) {
        String name = file.getFileName().toString();
        List<Named> one = SnapshotFile.files(List.of(name));
        return new DataFiles(
                new ReadOnlyFolder(parent(file)),
                one.isEmpty() ? List.of(new Named(name, -1)) : one,
                List.of(),
                Map.of());
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) throw new IllegalArgumentException(file + " is no file");
        return parent;
    }
}
