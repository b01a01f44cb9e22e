package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the operating system's. */
public final class DiskFolder implements Folder {
    private final Path path;

    private DiskFolder(Path path) {
        this.path = path;
    }

    /** Opens a folder, making it and its parents, durably, where they are not there. */
    public static DiskFolder open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (!Files.isDirectory(absolute)) {
            if (parent != null) {
                open(parent);
            }
            Files.createDirectory(absolute);
        }
        if (parent != null) {
            force(parent); // though it was there: whoever made it may not have lived to do this
        }
        return new DiskFolder(absolute);
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public StoredFile create(String name) throws IOException {
        return new DiskFile(FileChannel.open(
                path(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public StoredFile open(String name) throws IOException {
        return new DiskFile(FileChannel.open(path(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
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
    public void force() throws IOException {
        force(path);
    }

    @Override
    public Path path(String name) {
        return path.resolve(name);
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record DiskFile(FileChannel channel) implements StoredFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return channel.read(into, at);
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            long to = at;
            while (from.hasRemaining()) {
                to += channel.write(from, to);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            channel.force(false); // fdatasync: the length goes along where it is needed to find the bytes
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
