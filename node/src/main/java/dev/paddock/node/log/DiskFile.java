package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of the operating system's; one that was opened for reading refuses the rest. */
record DiskFile(FileChannel channel) implements StoredFile {
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
