package dev.paddock.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes jute's primitives into an array that grows; see {@link Reader} for the format. Can be cleared and used again. Owned by one thread. */
public final class Writer {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int BYTES_MAX = Integer.MAX_VALUE - 8; // the longest array a JVM makes

    private byte[] buf;
    private int at;

    /** Starts empty, with room for {@code capacity} bytes before it has to grow. */
    public Writer(int capacity) {
        this.buf = new byte[capacity];
    }

    /** Writes an i32. */
    public void writeInt(int value) {
        reserve(4);
        INT.set(buf, at, value);
        at += 4;
    }

    /** Writes an i64. */
    public void writeLong(long value) {
        reserve(8);
        LONG.set(buf, at, value);
        at += 8;
    }

    /** Writes a bool as a byte 0 or 1. */
    public void writeBool(boolean value) {
        writeByte((byte) (value ? 1 : 0));
    }

    /** Writes one byte. */
    public void writeByte(byte value) {
        reserve(1);
        buf[at++] = value;
    }

    /** Writes a buffer with its length, or null. */
    public void writeBuffer(byte @Nullable [] value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        writeInt(value.length);
        raw(value, 0, value.length);
    }

    /**
     * Writes a string as UTF-8 with its length, or null.
     *
     * @throws IllegalArgumentException if it holds half a surrogate pair, which UTF-8 cannot say
     */
    public void writeString(@Nullable String value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        int lengthAt = at;
        writeInt(0);
        writeUtf8(value);
        setInt(lengthAt, at - lengthAt - 4);
    }

    /** Writes a vector of strings, or null. */
    public void writeStrings(@Nullable List<? extends @Nullable String> values) {
        if (values == null) {
            writeInt(-1);
            return;
        }
        writeInt(values.size());
        for (String value : values) {
            writeString(value);
        }
    }

    /** Writes a string as UTF-8 with no length before it. */
    public void writeUtf8(String value) {
        int chars = value.length();
        reserve(chars);
        int i = 0;
        for (; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                break;
            }
            buf[at++] = (byte) c;
        }
        while (i < chars) {
            int codePoint = value.codePointAt(i);
            i += Character.charCount(codePoint);
            writeCodePoint(codePoint);
        }
    }

    /** Writes bytes as they are. */
    public void raw(byte[] bytes, int from, int length) {
        reserve(length);
        System.arraycopy(bytes, from, buf, at, length);
        at += length;
    }

    /** How many bytes are written. */
    public int length() {
        return at;
    }

    /** A copy of what is written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buf, at);
    }

    /** The array that holds what is written, valid until the next write. */
    public byte[] array() {
        return buf;
    }

    /** Forgets what is written and keeps the room. */
    public void clear() {
        at = 0;
    }

    /** Overwrites the i32 at {@code index}, such as a length known only now. */
    public void setInt(int index, int value) {
        if (index + 4 > at) {
            throw new IndexOutOfBoundsException(index + " + 4 of " + at);
        }
        INT.set(buf, index, value);
    }

    private void writeCodePoint(int c) {
        reserve(4);
        if (c < 0x80) {
            buf[at++] = (byte) c;
        } else if (c < 0x800) {
            buf[at++] = (byte) (0xC0 | (c >> 6));
            buf[at++] = continuation(c);
        } else if (c < 0x10000) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("half a surrogate pair: U+" + Integer.toHexString(c));
            }
            buf[at++] = (byte) (0xE0 | (c >> 12));
            buf[at++] = continuation(c >> 6);
            buf[at++] = continuation(c);
        } else {
            buf[at++] = (byte) (0xF0 | (c >> 18));
            buf[at++] = continuation(c >> 12);
            buf[at++] = continuation(c >> 6);
            buf[at++] = continuation(c);
        }
    }

    private static byte continuation(int c) {
        return (byte) (0x80 | (c & 0x3F));
    }

    private void reserve(int bytes) {
        if (bytes > buf.length - at) {
            grow(bytes);
        }
    }

    private void grow(int bytes) {
        long needed = (long) at + bytes;
        if (needed > BYTES_MAX) {
            throw new IllegalStateException("a record of more than " + BYTES_MAX + " bytes");
        }
        buf = Arrays.copyOf(buf, (int) Math.min(BYTES_MAX, Math.max(needed, Math.max(64, 2L * buf.length))));
    }
}
