package dev.paddock.sidecar.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which leases were handed to a caller: one empty file for each, named by the lease's id. After a crash the tree tells what the
 * session holds; the files tell what of it a caller knows of, and what was only queued or never answered. They are not forced:
 * they must outlive the process, and the callers do not outlive the machine either.
 *
 * @param folder where they lie; empty when nothing is kept
 */
record LeaseFiles(Optional<Path> folder) {

    static LeaseFiles in(Optional<Path> stateDir) throws IOException {
        if (stateDir.isEmpty()) return new LeaseFiles(Optional.empty());
        Path folder = stateDir.get().resolve("leases");
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new LeaseFiles(Optional.of(folder));
    }

    void add(String lease) throws IOException {
        if (folder.isPresent()) Files.createFile(folder.get().resolve(lease));
    }

    void remove(String lease) throws IOException {
        if (folder.isPresent()) Files.deleteIfExists(folder.get().resolve(lease));
    }

    Set<String> all() throws IOException {
        var leases = new HashSet<String>();
        if (folder.isEmpty()) return leases;
        try (Stream<Path> files = Files.list(folder.get())) {
            files.forEach(file -> leases.add(file.getFileName().toString()));
        } catch (NoSuchFileException _) { // somebody cleared the folder: nothing was handed out
            return leases;
        }
        return leases;
    }
}
