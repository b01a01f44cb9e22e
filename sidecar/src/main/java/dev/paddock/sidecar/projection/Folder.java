package dev.paddock.sidecar.projection;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder whose files change all at once, as those of a Kubernetes volume do: the files lie in a folder of their own, {@code
 * ..data} is a link to it that one rename moves, and what readers open, {@code greeting}, is a link to {@code
 * ..data/greeting}. Everybody may read. Owned by one thread.
 */
final class Folder {
    private static final String CURRENT = "..data";
    private final Path folder;

    Folder(Path folder) {
        this.folder = folder;
    }

    /**
     * Shows these files and no others.
     *
     * @throws IOException if they cannot be written; readers then see what they saw before
     */
    void show(Tableau tableau) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempDirectory(folder, "..files-");
        for (Map.Entry<String, byte[]> file : tableau.files().entrySet()) {
            Path target = fresh.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        openUp(fresh);
        Path link = folder.resolve("..link");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, folder.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String entry : tableau.entries()) {
            Path visible = folder.resolve(entry);
            if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS))
                Files.createSymbolicLink(visible, Path.of(CURRENT, entry));
        }
        removeAllBut(tableau, fresh);
    }

    private void removeAllBut(Tableau tableau, Path fresh) throws IOException {
        List<Path> all;
        try (Stream<Path> listed = Files.list(folder)) {
            all = listed.toList();
        }
        for (Path entry : all) {
            String name = entry.getFileName().toString();
            boolean kept = entry.equals(fresh)
                    || name.equals(CURRENT)
                    || tableau.entries().contains(name);
            if (!kept) delete(entry);
        }
    }

    private static void openUp(Path fresh) throws IOException {
        try (Stream<Path> all = Files.walk(fresh)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
                if (failed != null) throw failed;
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
