package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the disk itself holds of a file, where the operating system would show what it remembers of it. For reading from front to
 * end, of what has been forced.
 */
final class DirectFile implements ReadableFile {
    private static final int WINDOW_BYTES = 256 << 10;

    private final DiskFile file;
    private final int blockBytes; // reads must begin at such, in file and memory
    private final ByteBuffer window;
    private long windowAt; // where what is in the window lies in the file

    private DirectFile(DiskFile file, int blockBytes) {
        this.file = file;
        this.blockBytes = blockBytes;
        window = ByteBuffer.allocateDirect(WINDOW_BYTES + blockBytes)
                .alignedSlice(blockBytes)
                .limit(0);
    }

    /** Opens a file; as any other where its file system, as those in memory, lets nobody past what it remembers. */
    static ReadableFile open(Path path) throws IOException {
        DiskFile cached = new DiskFile(FileChannel.open(path, StandardOpenOption.READ), path);
        FileChannel channel = null;
        try {
            int blockBytes = Math.toIntExact(Files.getFileStore(path).getBlockSize());
            channel = FileChannel.open(path, StandardOpenOption.READ, direct());
            channel.read(
                    ByteBuffer.allocateDirect(2 * blockBytes)
                            .alignedSlice(blockBytes)
                            .limit(blockBytes),
                    0);
            cached.close();
            return new DirectFile(new DiskFile(channel, path), blockBytes);
        } catch (IOException | ReflectiveOperationException | UnsupportedOperationException | ArithmeticException e) {
            if (channel != null) channel.close();
            return cached;
        }
    }

    /** Of module {@code jdk.unsupported}, which exports it; the compiler warns of it all the same. */
    private static OpenOption direct() throws ReflectiveOperationException {
        return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                .getField("DIRECT")
                .get(null);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        if (at < windowAt || at >= windowAt + window.limit()) load(at);
        int from = Math.toIntExact(at - windowAt);
        int count = Math.min(into.remaining(), window.limit() - from);
        if (count <= 0) return -1;
        into.put(window.slice(from, count));
        return count;
    }

    private void load(long at) throws IOException {
        windowAt = at - at % blockBytes;
        window.clear().limit(WINDOW_BYTES - WINDOW_BYTES % blockBytes);
        file.read(window, windowAt);
        window.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
