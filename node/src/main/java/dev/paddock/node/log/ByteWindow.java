package dev.paddock.node.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Random access to the bytes of a file through one buffer; quick where offsets mostly ascend. The size is fixed at the start. */
final class ByteWindow {
    private static final int WINDOW_BYTES = 256 * 1024;

    private final ReadableFile file;
    private final long size;
    private final ByteBuffer window;
    private long start; // offset in the file of the first byte in the window

    ByteWindow(ReadableFile file) throws IOException {
        this.file = file;
        this.size = file.size();
        this.window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, size)).limit(0);
    }

    long size() {
        return size;
    }

    boolean has(long at, long bytes) {
        return bytes <= size - at;
    }

    byte byteAt(long at) throws IOException {
        return window.get(index(at, 1));
    }

    int intAt(long at) throws IOException {
        return window.getInt(index(at, 4));
    }

    long longAt(long at) throws IOException {
        return window.getLong(index(at, 8));
    }

    void copy(long at, byte[] into) throws IOException {
        for (int done = 0; done < into.length; ) {
            int from = index(at + done, 1);
            int count = Math.min(into.length - done, window.limit() - from);
            window.get(from, into, done, count);
            done += count;
        }
    }

    /** The first offset from here on whose byte is not zero, or -1. */
    long firstNonZero(long from) throws IOException {
        for (long at = from; at < size; ) {
            if (at + 8 <= size && longAt(at) == 0) {
                at += 8;
            } else if (byteAt(at) != 0) {
                return at;
            } else {
                at++;
            }
        }
        return -1;
    }

    /** The index in the window of an offset, after making sure that so many bytes are in it. */
    private int index(long at, int bytes) throws IOException {
        long index = at - start;
        if (index < 0 || index + bytes > window.limit()) {
            load(at, bytes);
            index = 0;
        }
        return (int) index;
    }

    private void load(long at, int bytes) throws IOException {
        window.clear().limit((int) Math.min(window.capacity(), size - at));
        start = at;
        while (window.hasRemaining()) {
            if (file.read(window, at + window.position()) < 0) {
                break; // shorter than when it was opened
            }
        }
        window.flip();
        if (window.limit() < bytes) {
            throw new EOFException(
                    "the file ends at " + (at + window.limit()) + ", " + bytes + " bytes wanted at " + at);
        }
    }
}
