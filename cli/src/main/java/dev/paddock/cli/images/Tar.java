package dev.paddock.cli.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a tar in the ustar format of POSIX.1-1988: for each entry a header of 512 bytes, then its content padded to 512, and
 * 1024 zero bytes at the end. All entries have one time of change, so that the same entries are the same bytes.
 */
final class Tar implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES_MAX = 100;
    private static final int PREFIX_BYTES_MAX = 155;
    private static final long CHANGED_SECONDS = 1_767_225_600; // 2026-01-01, as the entries of the jars

    private final OutputStream out;

    /** Closes the stream when it is closed. */
    Tar(OutputStream out) {
        this.out = out;
    }

    /** A folder; its path ends with no slash. */
    void folder(String path, int mode, int owner) throws IOException {
        header(path + "/", '5', mode, owner, 0, "");
    }

    void link(String path, String target) throws IOException {
        header(path, '2', 0777, 0, 0, target);
    }

    void file(String path, int mode, byte[] content) throws IOException {
        header(path, '0', mode, 0, content.length, "");
        out.write(content);
        pad(content.length);
    }

    void file(String path, int mode, Path source) throws IOException {
        long bytes = Files.size(source);
        header(path, '0', mode, 0, bytes, "");
        try (InputStream in = Files.newInputStream(source)) {
            long copied = in.transferTo(out);
            if (copied != bytes) throw new IOException(source + " changed while it was read");
        }
        pad(bytes);
    }

    private void header(String path, char type, int mode, int owner, long bytes, String target) throws IOException {
        byte[] header = new byte[BLOCK];
        int split = split(path);
        text(header, 0, NAME_BYTES_MAX, split < 0 ? path : path.substring(split + 1));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, owner);
        octal(header, 116, 8, owner);
        octal(header, 124, 12, bytes);
        octal(header, 136, 12, CHANGED_SECONDS);
        header[156] = (byte) type;
        text(header, 157, NAME_BYTES_MAX, target);
        text(header, 257, 8, "ustar\00000"); // magic and version
        if (split >= 0) text(header, 345, PREFIX_BYTES_MAX, path.substring(0, split));
        checksum(header);
        out.write(header);
    }

    /** The slash at which a long path is cut in two; -1: it is short enough. */
    private static int split(String path) throws IOException {
        if (path.length() <= NAME_BYTES_MAX) return -1;
        int slash = path.indexOf('/', path.length() - NAME_BYTES_MAX - 1);
        if (slash < 0 || slash > PREFIX_BYTES_MAX || slash == path.length() - 1) {
            throw new IOException("a path too long for a tar: " + path);
        }
        return slash;
    }

    private static void text(byte[] header, int offset, int bytesMax, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > bytesMax) throw new IOException("too long for a tar: " + text);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** Digits with leading zeros; the field's last byte stays zero. */
    private static void octal(byte[] header, int offset, int length, long number) throws IOException {
        String digits = Long.toOctalString(number);
        text(header, offset, length - 1, "0".repeat(Math.max(0, length - 1 - digits.length())) + digits);
    }

    /** The sum of all bytes of the header, with spaces in its own place. */
    private static void checksum(byte[] header) throws IOException {
        int sum = 8 * ' ';
        for (byte each : header) sum += each & 0xff;
        octal(header, 148, 7, sum);
        header[155] = ' ';
    }

    private void pad(long bytes) throws IOException {
        out.write(new byte[(int) (-bytes & (BLOCK - 1))]);
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
