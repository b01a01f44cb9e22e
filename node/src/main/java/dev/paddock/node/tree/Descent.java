package dev.paddock.node.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds for each path of a pre-order the parent that is still open. Used by one thread. */
final class Descent {
    private byte[] path = new byte[256]; // of the znode entered last
    private int[] lengths = new int[16]; // of the paths from the root to that
    private int depth;

    /**
     * Enters the next znode.
     *
     * @param buf holds its full path in {@code [from, to)}; the root's is empty
     * @return how many levels above it are open now, the last of them its parent's; 0 for the root
     * @throws IllegalArgumentException if it does not come after its parent and before anything not below that
     */
    int enter(byte[] buf, int from, int to) {
        int slash = startOfName(buf, from, to) - 1;
        boolean isRoot = from == to;
        if (isRoot != (depth == 0) || (!isRoot && (slash < from || slash == to - 1))) {
            throw new IllegalArgumentException("no place for znode \"" + text(buf, from, to) + "\"");
        }
        int parentLength = slash - from;
        while (depth > 1 && !isParent(buf, from, parentLength)) depth--;
        if (depth == 1 && parentLength > 0) {
            throw new IllegalArgumentException("no parent of znode \"" + text(buf, from, to) + "\" came before it");
        }
        if (path.length < to - from) path = new byte[2 * (to - from)];
        System.arraycopy(buf, from, path, 0, to - from);
        if (depth == lengths.length) lengths = Arrays.copyOf(lengths, 2 * depth);
        lengths[depth] = to - from;
        return depth++;
    }

    /** Where the last part of a path begins, behind its last slash. */
    static int startOfName(byte[] buf, int from, int to) {
        int start = to;
        while (start > from && buf[start - 1] != '/') start--;
        return start;
    }

    private boolean isParent(byte[] buf, int from, int parentLength) {
        return lengths[depth - 1] == parentLength
                && Arrays.equals(path, 0, parentLength, buf, from, from + parentLength);
    }

    private static String text(byte[] buf, int from, int to) {
        return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }
}
