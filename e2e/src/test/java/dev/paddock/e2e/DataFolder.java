package dev.paddock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The {@code dataDir} of one server, ours or Apache's. */
public record DataFolder(Path path) {
    /** Ascending by zxid. */
    public List<Path> snapshots() throws IOException {
        return files("snapshot.");
    }

    /** Ascending by zxid. */
    public List<Path> logs() throws IOException {
        return files("log.");
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparingLong(DataFolder::zxid))
                    .toList();
        }
    }

    /** In its name. */
    public static long zxid(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.", -1)[1], 16);
    }
}
