package dev.paddock.cli.bench;

import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Writer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request encoded once, in which the xid and the number at the end of its path are written over. On the wire: i32 length,
 * i32 xid, i32 type, ustring path, the rest.
 */
final class Frame {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int XID_AT = 4;
    private static final int PATH_LENGTH_AT = 12;
    private static final int PATH_AT = 16;
    private static final int DIGITS = 8;

    /** The largest number that a path may end in. */
    static final int NUMBER_MAX = 99_999_999;

    private final byte[] bytes;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Encodes a request whose record begins with its path. */
    static Frame of(Request request) {
        var w = new Writer(256);
        w.writeInt(0);
        new RequestHeader(0, request.opCode()).write(w);
        request.write(w);
        w.setInt(0, w.length() - 4);
        return new Frame(w.toByteArray());
    }

    /** A path that {@link #numbered} can number. */
    static String path(String folder, int number) {
        byte[] digits = new byte[DIGITS];
        digits(digits, DIGITS, number);
        return folder + "/n" + new String(digits, StandardCharsets.US_ASCII);
    }

    /** Names the znode of that number. */
    Frame numbered(int number) {
        digits(bytes, PATH_AT + (int) INT.get(bytes, PATH_LENGTH_AT), number);
        return this;
    }

    private static void digits(byte[] into, int end, int number) {
        int rest = number;
        for (int at = end - 1; at >= end - DIGITS; at--) {
            into[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The frame with this xid; the array is the frame's own, valid until it is used again. */
    byte[] bytes(int xid) {
        INT.set(bytes, XID_AT, xid);
        return bytes;
    }
}
