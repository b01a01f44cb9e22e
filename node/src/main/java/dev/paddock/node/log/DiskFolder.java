package dev.paddock.node.log;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A folder of the operating system's. */
public final class DiskFolder implements Folder {
    private final Path path;
    private final ReadOnlyFolder readable;

    private DiskFolder(Path path) {
        this.path = path;
        this.readable = new ReadOnlyFolder(path);
    }

    /** Opens a folder, making it and its parents, durably, where they are not there. */
    public static DiskFolder open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        boolean isNew = !Files.isDirectory(absolute);
        if (isNew) {
            if (parent != null) {
                open(parent);
            }
            Files.createDirectory(absolute);
        }
        if (parent != null && (isNew || Files.isReadable(parent))) {
            force(parent); // though it was there: whoever made it may not have lived to do this
        }
        return new DiskFolder(absolute);
    }

    @Override
    public List<String> names() throws IOException {
        return readable.names();
    }

    @Override
    public ReadableFile readForced(String name) throws IOException {
        return DirectFile.open(path(name));
    }

    @Override
    public StoredFile create(String name) throws IOException {
        return new DiskFile(
                FileChannel.open(
                        path(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                path(name));
    }

    @Override
    public StoredFile open(String name) throws IOException {
        return new DiskFile(
                FileChannel.open(path(name), StandardOpenOption.READ, StandardOpenOption.WRITE), path(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path(name));
    }

    @Override
    public Space space() throws IOException {
        File folder = path.toFile(); // FileStore would look for the mount point, which some containers hide
        long total = folder.getTotalSpace();
        return total == 0 ? Space.UNKNOWN : new Space(folder.getUsableSpace(), total);
    }

    @Override
    public void force() throws IOException {
        force(path);
    }

    @Override
    public Path path(String name) {
        return readable.path(name);
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
