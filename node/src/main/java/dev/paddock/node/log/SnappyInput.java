package dev.paddock.node.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Decompresses what snappy-java's {@code SnappyOutputStream} writes, which Apache ZooKeeper has for snapshots: 0x82,
 * "SNAPPY", 0, i32 version, i32 oldest version that can read it, then blocks of i32 length and a {@link SnappyBlock}. All
 * big-endian. Read only by arrays. Owned by one thread.
 */
final class SnappyInput extends InputStream {
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int HEADER_BYTES = 16;
    private static final int VERSION = 1;
    private static final int BLOCK_BYTES_MAX = 16 << 20; // Apache's have 32 KiB

    private final InputStream in;
    private byte[] block = {};
    private int from; // in block

    /** @throws ZipException if the stream does not begin as one of Snappy's does */
    SnappyInput(InputStream in) throws IOException {
        this.in = in;
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) throw new EOFException();
        boolean isSnappy = Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
        if (!isSnappy || intAt(header, MAGIC.length + 4) > VERSION) throw new ZipException("no stream of Snappy's");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (from == block.length) if (!nextBlock()) return -1;
        int count = Math.min(length, block.length - from);
        System.arraycopy(block, from, into, offset, count);
        from += count;
        return count;
    }

    private boolean nextBlock() throws IOException {
        byte[] length = in.readNBytes(4);
        if (length.length == 0) return false;
        int bytes = length.length < 4 ? 0 : intAt(length, 0);
        if (length.length < 4) throw new EOFException();
        if (bytes <= 0 || bytes > BLOCK_BYTES_MAX) throw new ZipException("a block of " + bytes + " bytes");
        byte[] compressed = in.readNBytes(bytes);
        if (compressed.length < bytes) throw new EOFException();
        block = SnappyBlock.decompressed(compressed, bytes, BLOCK_BYTES_MAX);
        from = 0;
        return true;
    }

    private static int intAt(byte[] buf, int at) {
        return (buf[at] & 0xff) << 24 | (buf[at + 1] & 0xff) << 16 | (buf[at + 2] & 0xff) << 8 | (buf[at + 3] & 0xff);
    }
}
