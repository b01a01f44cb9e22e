package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of the operating system's; one that was opened for reading refuses the rest. */
record DiskFile(FileChannel channel, Path path) implements StoredFile {
    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        try {
            return channel.read(into, at);
        } catch (ClosedChannelException e) {
            throw e; // by us, or by an interrupt: nothing is said of the file
        } catch (IOException e) {
            throw new UnreadableFileException(path, at, e);
        }
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
