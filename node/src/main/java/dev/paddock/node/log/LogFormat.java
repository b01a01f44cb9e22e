package dev.paddock.node.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Adler32;

/**
 * The bytes of a log file, as Apache ZooKeeper's {@code FileTxnLog} writes them, big-endian: "ZKLG", i32 2, i64 0; then
 * records of i64 Adler-32 of the payload, i32 length, payload, 0x42; then zeros. The checksum does not cover the
 * length, so a damaged length looks like the end of the file; {@link LogFileReader} looks further.
 */
final class LogFormat {
    static final int MAGIC = 0x5a4b4c47; // "ZKLG"
    static final int VERSION = 2;
    static final int HEADER_BYTES = 16;
    static final int PAYLOAD_AT = 12;
    static final int FRAME_BYTES = PAYLOAD_AT + 1;
    static final byte END_MARK = 0x42;

    /** A txn header without any txn. */
    static final int PAYLOAD_BYTES_MIN = 32;

    private static final int ZXID_AT = 12; // in the payload, after session and cxid

    private LogFormat() {}

    static void putHeader(ByteBuffer out) {
        out.putInt(MAGIC).putInt(VERSION).putLong(0);
    }

    static void putFrame(ByteBuffer out, long checksum, byte[] payload) {
        out.putLong(checksum).putInt(payload.length);
    }

    static long checksum(byte[] payload) {
        Adler32 sum = new Adler32();
        sum.update(payload);
        return sum.getValue();
    }

    static long zxid(byte[] payload) {
        return ByteBuffer.wrap(payload).order(ByteOrder.BIG_ENDIAN).getLong(ZXID_AT);
    }
}
