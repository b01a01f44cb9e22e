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

    private DirectFile(DiskFile file, int blockBytes, ByteBuffer window) {
        this.file = file;
        this.blockBytes = blockBytes;
        this.window = window.limit(0);
    }

    /** Opens a file; as any other where its file system, as those in memory, lets nobody past what it remembers. */
    static ReadableFile open(Path path) throws IOException {
        return open(path, blockBytes(path));
    }

    /** Likewise, of blocks of that size: those of file systems on a network are larger than what is read at a time elsewhere. */
    static ReadableFile open(Path path, long blockSize) throws IOException {
        DiskFile cached = new DiskFile(FileChannel.open(path, StandardOpenOption.READ), path);
        FileChannel channel = null;
        try {
            int blockBytes = Math.toIntExact(blockSize);
            int blocks = Math.max(1, WINDOW_BYTES / blockBytes);
            ByteBuffer window = ByteBuffer.allocateDirect(Math.multiplyExact(blocks + 1, blockBytes))
                    .alignedSlice(blockBytes);
            channel = FileChannel.open(path, StandardOpenOption.READ, direct());
            channel.read(window.limit(blockBytes), 0);
            cached.close();
            return new DirectFile(new DiskFile(channel, path), blockBytes, window);
        } catch (IOException
                | ReflectiveOperationException
                | UnsupportedOperationException
                | ArithmeticException
                | IllegalArgumentException e) {
            if (channel != null) channel.close();
            return cached;
        }
    }

    /** 0 where nobody tells. */
    private static long blockBytes(Path path) {
        try {
            return Files.getFileStore(path).getBlockSize();
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
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
        file.read(window.clear(), windowAt); // whole blocks
        window.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
