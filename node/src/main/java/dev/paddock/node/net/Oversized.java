package dev.paddock.node.net;

import dev.paddock.wire.OpCode;
import java.nio.charset.StandardCharsets;

/** Says for the log what a frame is that is longer than {@code jute.maxbuffer}, as far as its beginning tells. */
final class Oversized {
    private static final int LENGTH_BYTES = 4;
    private static final int MULTI_HEADER_BYTES = 9; // i32 type, bool done, i32 err of the first operation
    private static final int PATH_CHARS_MAX = 256;

    private Oversized() {}

    /**
     * The operation and its path, like {@code setData of /a/b}.
     *
     * @param buf  what came: a request header at {@code from}, then what is there of the body
     */
    static String describe(byte[] buf, int from, int to) {
        if (to - from < 2 * LENGTH_BYTES) return "a request";
        int type = readInt(buf, from + LENGTH_BYTES);
        int at = from + 2 * LENGTH_BYTES;
        if (type != OpCode.MULTI && type != OpCode.MULTI_READ) return named(type, path(type, buf, at, to));
        if (to - at < MULTI_HEADER_BYTES) return OpCode.name(type);
        int first = readInt(buf, at);
        return OpCode.name(type) + " that begins with " + named(first, path(first, buf, at + MULTI_HEADER_BYTES, to));
    }

    private static String named(int type, String path) {
        return OpCode.name(type) + (path.isEmpty() ? "" : " of " + path);
    }

    private static String path(int type, byte[] buf, int at, int to) {
        if (!beginsWithPath(type) || to - at < LENGTH_BYTES) return "";
        int length = readInt(buf, at);
        if (length <= 0 || length > to - at - LENGTH_BYTES) return "";
        String path = new String(buf, at + LENGTH_BYTES, length, StandardCharsets.UTF_8);
        return path.length() <= PATH_CHARS_MAX ? path : path.substring(0, PATH_CHARS_MAX) + "…";
    }

    private static boolean beginsWithPath(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.DELETE_CONTAINER,
                    OpCode.EXISTS,
                    OpCode.GET_DATA,
                    OpCode.SET_DATA,
                    OpCode.GET_ACL,
                    OpCode.SET_ACL,
                    OpCode.GET_CHILDREN,
                    OpCode.GET_CHILDREN2,
                    OpCode.SYNC,
                    OpCode.CHECK -> true;
            default -> false;
        };
    }

    private static int readInt(byte[] buf, int at) {
        return (buf[at] & 0xff) << 24 | (buf[at + 1] & 0xff) << 16 | (buf[at + 2] & 0xff) << 8 | (buf[at + 3] & 0xff);
    }
}
