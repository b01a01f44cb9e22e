package dev.paddock.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads jute's primitives from a slice of a byte array: big-endian numbers, a bool as one byte, strings and buffers as an i32 length and bytes, vectors as an
 * i32 count and elements, where a length or count of -1 is null. Nothing is allocated before the bytes it claims are seen to be there, so a reader costs no
 * more than its slice. Every method throws {@link WireException} at malformed bytes; the reader is of no use afterwards. Owned by one thread.
 */
public final class Reader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] buf;
    private final int to;
    private int at;

    /** Reads {@code buf[from, to)}, which must not change meanwhile. */
    public Reader(byte[] buf, int from, int to) {
        if (from < 0 || from > to || to > buf.length) {
            throw new IndexOutOfBoundsException("[" + from + ", " + to + ") of " + buf.length);
        }
        this.buf = buf;
        this.at = from;
        this.to = to;
    }

    /** Reads the whole array. */
    public Reader(byte[] buf) {
        this(buf, 0, buf.length);
    }

    /** Reads an i32. */
    public int readInt() {
        return readInt("int");
    }

    /** Reads an i32; {@code field} names it in the exception. */
    public int readInt(String field) {
        require(4, field);
        int value = (int) INT.get(buf, at);
        at += 4;
        return value;
    }

    /** Reads an i64. */
    public long readLong() {
        return readLong("long");
    }

    /** Reads an i64; {@code field} names it in the exception. */
    public long readLong(String field) {
        require(8, field);
        long value = (long) LONG.get(buf, at);
        at += 8;
        return value;
    }

    /** Reads a bool; any byte but 0 is true, as Apache ZooKeeper takes it. */
    public boolean readBool() {
        return readBool("bool");
    }

    /** Reads a bool; {@code field} names it in the exception. */
    public boolean readBool(String field) {
        return readByte(field) != 0;
    }

    /** Reads one byte. */
    public byte readByte() {
        return readByte("byte");
    }

    /** Reads one byte; {@code field} names it in the exception. */
    public byte readByte(String field) {
        require(1, field);
        return buf[at++];
    }

    /** Reads a buffer into an array of its own; null if the wire says null. */
    public byte @Nullable [] readBuffer() {
        return readBuffer("buffer");
    }

    /** Reads a buffer; {@code field} names it in the exception. */
    public byte @Nullable [] readBuffer(String field) {
        int length = readLength(field);
        return length < 0 ? null : take(length);
    }

    /** Takes all bytes that are left. */
    public byte[] readRest() {
        return take(to - at);
    }

    /** Reads a string; null if the wire says null. What is no UTF-8 in it comes as U+FFFD, as Apache ZooKeeper takes it. */
    public @Nullable String readString() {
        return readString("string");
    }

    /** Reads a string; {@code field} names it in the exception. */
    public @Nullable String readString(String field) {
        int length = readLength(field);
        return length < 0 ? null : utf8(length);
    }

    /** Reads a string that must not be null. */
    public String requireString() {
        return requireString("string");
    }

    /** Reads a string that must not be null; {@code field} names it in the exception. */
    public String requireString(String field) {
        int length = readLength(field);
        if (length < 0) {
            throw new WireException(field + ": null is not allowed here");
        }
        return utf8(length);
    }

    /** Reads exactly {@code length} bytes of UTF-8 that have no length before them. */
    public String readUtf8(int length, String field) {
        if (length < 0) {
            throw new WireException(field + ": negative length " + length);
        }
        require(length, field);
        return utf8(length);
    }

    /**
     * Reads a vector's count, refused if that many elements cannot be in the bytes that are left; -1 if the wire says null. A count
     * below that is an empty vector, as Apache ZooKeeper takes it.
     */
    public int readCount(int minBytesPerElement) {
        return readCount(minBytesPerElement, "vector");
    }

    /** Reads a vector's count; {@code field} names it in the exception. */
    public int readCount(int minBytesPerElement, String field) {
        int count = readInt(field);
        if (count < -1) {
            return 0;
        }
        if ((long) count * minBytesPerElement > to - at) {
            throw new WireException(field + ": " + count + " elements claimed, " + (to - at) + " bytes left");
        }
        return count;
    }

    /** Reads a vector of strings, none of them null; a null vector comes as an empty list. The list cannot be changed. */
    public List<String> readStrings(String field) {
        int count = readCount(4, field);
        if (count <= 0) {
            return List.of();
        }
        var strings = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            strings.add(requireString(field));
        }
        return List.copyOf(strings);
    }

    /** Reads a vector of strings; null if the wire says null, as for each of them. The list cannot be changed. */
    public @Nullable List<@Nullable String> readNullableStrings(String field) {
        int count = readCount(4, field);
        if (count < 0) {
            return null;
        }
        var strings = new ArrayList<@Nullable String>(count);
        for (int i = 0; i < count; i++) {
            strings.add(readString(field));
        }
        return Collections.unmodifiableList(strings);
    }

    /** Steps over {@code expected} and says true if it comes next; otherwise stays and says false. */
    boolean skipIfNext(byte[] expected) {
        int end = at + expected.length;
        if (expected.length > to - at || !Arrays.equals(buf, at, end, expected, 0, expected.length)) {
            return false;
        }
        at = end;
        return true;
    }

    /** The i32 that comes next, without stepping over it; the caller has seen that 4 bytes are left. */
    int peekInt() {
        return (int) INT.get(buf, at);
    }

    /** Index in the array of the next byte. */
    public int position() {
        return at;
    }

    /** How many bytes are left. */
    public int remaining() {
        return to - at;
    }

    /** Refuses bytes that are left over. */
    public void requireEnd() {
        if (at != to) {
            throw new WireException((to - at) + " bytes after the end of the record");
        }
    }

    private int readLength(String field) {
        int length = readInt(field);
        if (length < -1) {
            throw new WireException(field + ": negative length " + length);
        }
        if (length > to - at) {
            throw new WireException(field + ": " + length + " bytes claimed, " + (to - at) + " left");
        }
        return length;
    }

    private void require(int bytes, String field) {
        if (to - at < bytes) {
            throw new WireException(field + ": cut after " + (to - at) + " of " + bytes + " bytes");
        }
    }

    private byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(buf, at, at + length);
        at += length;
        return taken;
    }

    private String utf8(int length) {
        int from = at;
        at += length;
        if (isAscii(from, at)) {
            return new String(buf, from, length, StandardCharsets.ISO_8859_1); // a plain copy
        }
        return new String(buf, from, length, StandardCharsets.UTF_8);
    }

    private boolean isAscii(int from, int end) {
        int i = from;
        for (; i + 8 <= end; i += 8) {
            if (((long) LONG.get(buf, i) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < end; i++) {
            if (buf[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
