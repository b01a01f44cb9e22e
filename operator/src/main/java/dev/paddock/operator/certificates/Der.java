package dev.paddock.operator.certificates;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The part of ASN.1's distinguished encoding (X.690) that a certificate needs: tag, length, content. */
public final class Der {
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int GENERALIZED_FROM = 2050; // RFC 5280 section 4.1.2.5

    private Der() {}

    public static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    public static byte[] set(byte[]... parts) {
        return tagged(0x31, parts);
    }

    /** A tag below 31, whatever its class, over the parts one after the other. */
    public static byte[] tagged(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) content.writeBytes(part);
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else { // the count of length bytes, then those
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) out.write(length >> (8 * i));
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    public static byte[] integer(byte[] bigEndian) {
        return tagged(0x02, bigEndian);
    }

    public static byte[] yes() {
        return tagged(0x01, new byte[] {(byte) 0xff});
    }

    public static byte[] octets(byte[] content) {
        return tagged(0x04, content);
    }

    /**
     * A string of bits.
     *
     * @param unused bits at the end of the last byte
     */
    public static byte[] bits(int unused, byte[] content) {
        return tagged(0x03, new byte[] {(byte) unused}, content);
    }

    public static byte[] utf8(String text) {
        return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] time(Instant instant) {
        boolean isUtc = instant.atZone(ZoneOffset.UTC).getYear() < GENERALIZED_FROM;
        String text = (isUtc ? UTC_TIME : GENERALIZED_TIME).format(instant);
        return tagged(isUtc ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** As {@code 2.5.29.17}. */
    public static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        var content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) base128(Integer.parseInt(arcs[i]), content);
        return tagged(0x06, content.toByteArray());
    }

    private static void base128(int arc, ByteArrayOutputStream out) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if ((arc >> shift) != 0) out.write(0x80 | ((arc >> shift) & 0x7f));
        }
        out.write(arc & 0x7f);
    }
}
