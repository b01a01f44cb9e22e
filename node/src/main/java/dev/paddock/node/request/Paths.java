package dev.paddock.node.request;

import org.jspecify.annotations.Nullable;

/** What a path may look like: Apache ZooKeeper 3.9's {@code PathUtils.validatePath}. */
public final class Paths {
    private Paths() {}

    /**
     * Whether a path is absolute, has no empty, {@code .} or {@code ..} part, and no character that is a control, half a
     * surrogate pair, for private use or a special one. Paths outside the basic plane are refused with the surrogates.
     */
    public static boolean isValid(@Nullable String path) {
        if (path == null) return false;
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') return false;
        if (length == 1) return true;
        int partStart = 1;
        for (int i = 1; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/') {
                if (!isPart(path, partStart, i)) return false;
                partStart = i + 1;
            } else if (!isAllowed(c)) {
                return false;
            }
        }
        return isPart(path, partStart, length);
    }

    private static boolean isPart(String path, int from, int to) {
        return switch (to - from) {
            case 0 -> false;
            case 1 -> path.charAt(from) != '.';
            case 2 -> path.charAt(from) != '.' || path.charAt(from + 1) != '.';
            default -> true;
        };
    }

    private static boolean isAllowed(char c) {
        return c > '\u001f' && (c < '\u007f' || c > '\u009f') && (c < '\ud800' || c > '\uf8ff') && c < '\ufff0';
    }

    /** Whether Apache ZooKeeper keeps a znode for itself, so that nobody deletes it. */
    static boolean isSystem(String path) {
        return switch (path) {
            case "/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config" -> true;
            default -> false;
        };
    }
}
