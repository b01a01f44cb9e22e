package dev.paddock.node.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the operating system's in which nothing is ever changed: what is offline, or another server's. */
public record ReadOnlyFolder(Path folder) implements ReadableFolder {
    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public ReadableFile read(String name) throws IOException {
        return new DiskFile(FileChannel.open(path(name), StandardOpenOption.READ), path(name));
    }

    @Override
    public Path path(String name) {
        return folder.resolve(name);
    }
}
