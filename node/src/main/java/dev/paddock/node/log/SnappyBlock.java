package dev.paddock.node.log;

import java.util.zip.ZipException;

/**
 * One block of Snappy's format: the length of what it gives as a varint, then literals and copies of what came before.
 * Source: Google's "Snappy compressed format description". Owned by one thread.
 */
final class SnappyBlock {
    private static final int GROWTH_MAX = 22; // three bytes that copy 64
    private static final int LITERAL_INLINE_MAX = 60; // from here on the length stands in bytes of its own

    private final byte[] in;
    private final int end;
    private byte[] out = {};
    private int from;
    private int to; // in out

    private SnappyBlock(byte[] in, int end) {
        this.in = in;
        this.end = end;
    }

    /**
     * Decompresses {@code in[0, end)}.
     *
     * @param bytesMax most bytes that it may give
     * @throws ZipException if it is no such block
     */
    static byte[] decompressed(byte[] in, int end, int bytesMax) throws ZipException {
        var block = new SnappyBlock(in, end);
        long length = block.varint();
        if (length > bytesMax || length > (long) GROWTH_MAX * end) {
            throw new ZipException(end + " bytes that claim to hold " + length);
        }
        block.out = new byte[(int) length];
        while (block.from < end) block.element();
        if (block.to < length) throw new ZipException("a block of " + block.to + " bytes in place of " + length);
        return block.out;
    }

    private void element() throws ZipException {
        int tag = number(1);
        switch (tag & 3) {
            case 0 -> literal(tag >>> 2);
            case 1 -> copy((tag >>> 2 & 7) + 4, tag >>> 5 << 8 | number(1));
            case 2 -> copy((tag >>> 2) + 1, number(2));
            default -> copy((tag >>> 2) + 1, number(4));
        }
    }

    private void literal(int size) throws ZipException {
        int length = (size < LITERAL_INLINE_MAX ? size : number(size - LITERAL_INLINE_MAX + 1)) + 1;
        if (length <= 0 || length > end - from || length > out.length - to)
            throw new ZipException("a literal too long");
        System.arraycopy(in, from, out, to, length);
        from += length;
        to += length;
    }

    /** Byte by byte, since what is copied may go on into what is being written. */
    private void copy(int length, int back) throws ZipException {
        if (back <= 0 || back > to || length > out.length - to) throw new ZipException("a copy from nowhere");
        for (int i = 0; i < length; i++, to++) out[to] = out[to - back];
    }

    /** A little-endian number of so many bytes; negative if it does not fit an int. */
    private int number(int bytes) throws ZipException {
        if (bytes > end - from) throw new ZipException("a block that is cut");
        int value = 0;
        for (int i = 0; i < bytes; i++) value |= (in[from++] & 0xff) << (Byte.SIZE * i);
        return value;
    }

    private long varint() throws ZipException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = number(1);
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new ZipException("a length without end");
    }
}
