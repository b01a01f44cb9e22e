package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** Files in memory that are only read. */
record MemoryFiles(SortedMap<String, byte[]> files) implements ReadableFolder {
    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public ReadableFile read(String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) throw new NoSuchFileException(name);
        return new ReadableFile() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(ByteBuffer into, long at) {
                if (at >= bytes.length) return -1;
                int count = Math.min(into.remaining(), bytes.length - (int) at);
                into.put(bytes, (int) at, count);
                return count;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Path path(String name) {
        return Path.of(name);
    }
}
