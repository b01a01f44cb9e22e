package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps what {@code paddock up} must find again: {@code server-N/} with a server's {@code zoo.cfg} and data,
 * {@code sidecar/}, {@code logs/}, {@code config-keys} with the paths of the manifests' keys, and {@code password}. Held by one process at a time, through a lock on its file {@code lock} that holds the pid;
 * the system frees it when that process ends, however it ends.
 */
final class StateFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel lockFile;
    private final boolean ephemeral;

    private StateFolder(Path folder, FileChannel lockFile, boolean ephemeral) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.ephemeral = ephemeral;
    }

    /** @throws CommandFailed if another process holds the folder, or it cannot be made */
    static StateFolder hold(Path folder) {
        return hold(folder, false);
    }

    /**
     * Holds a folder that is thrown away at the end.
     *
     * @param asked the user's folder, which must hold no data yet, or null for a new temporary one
     */
    static StateFolder holdEphemeral(@Nullable Path asked) {
        try {
            if (asked == null) return hold(Files.createTempDirectory("paddock-"), true);
            if (Files.exists(asked.resolve("server-1"))) {
                throw new CommandFailed(
                        asked + " holds the data of an earlier run, which --ephemeral would throw away");
            }
            return hold(asked, true);
        } catch (IOException failed) {
            throw new CommandFailed("cannot make a temporary folder: " + failed.getMessage(), failed);
        }
    }

    private static StateFolder hold(Path asked, boolean ephemeral) {
        Path folder = asked.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder.resolve("logs"));
            FileChannel file = FileChannel.open(
                    folder.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                String pid = Files.readString(folder.resolve("lock")).strip();
                file.close();
                throw new CommandFailed("state folder " + asked + " is in use by the `paddock up` with pid " + pid);
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            file.truncate(0).write(ByteBuffer.wrap(pid), 0);
            return new StateFolder(folder, file, ephemeral);
        } catch (IOException failed) {
            throw new CommandFailed("cannot use state folder " + asked + ": " + reason(failed), failed);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String reason(IOException failed) {
        return failed.getClass().getSimpleName() + ": " + failed.getMessage();
    }

    Path folder() {
        return folder;
    }

    Path server(int id) {
        return folder.resolve("server-" + id);
    }

    Path sidecar() {
        return folder.resolve("sidecar");
    }

    Path log(String name) {
        return folder.resolve("logs").resolve(name + ".log");
    }

    /** Keeps the logs of the run before as {@code NAME.log.1}, so that those of this run begin empty. */
    void putLogsAside() throws IOException {
        try (var logs = Files.newDirectoryStream(folder.resolve("logs"), "*.log")) {
            for (Path log : logs) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Paths of the config keys that the manifests had when they were last written. */
    List<String> keysOfEarlierRuns() throws IOException {
        Path file = folder.resolve("config-keys");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** See {@link #keysOfEarlierRuns}. */
    void rememberKeys(Collection<String> paths) throws IOException {
        Files.write(folder.resolve("config-keys"), paths);
    }

    /** The ids of the servers that an earlier run had here in the end. */
    NavigableSet<Integer> servers() {
        NavigableSet<Integer> ids = new TreeSet<>();
        for (int id = 1; id <= Ports.SERVERS_MAX; id++) {
            if (Files.exists(server(id).resolve("zoo.cfg"))) ids.add(id);
        }
        return ids;
    }

    /** The password of who may change the members: made up at the first run, known to this folder's owner only. */
    String password() throws IOException {
        Path file = folder.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return Files.readString(file);
    }

    /** Gives the folder up; throws it away if it is ephemeral. */
    @Override
    public void close() {
        try {
            lockFile.close();
            if (ephemeral) throwAway();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void throwAway() throws IOException {
        try (var ours = Files.list(folder)) {
            for (Path entry : ours.toList()) {
                String name = entry.getFileName().toString();
                if (name.startsWith("server-")
                        || List.of("sidecar", "logs", "lock", "config-keys", "password")
                                .contains(name)) delete(entry);
            }
        }
        try (var left = Files.list(folder)) {
            if (left.findAny().isPresent()) return; // somebody else's files
        }
        Files.delete(folder);
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) throws IOException {
                if (failed != null) throw failed;
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
