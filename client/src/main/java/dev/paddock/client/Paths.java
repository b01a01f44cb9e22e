package dev.paddock.client;

/** The rules of a znode's path, as Apache ZooKeeper 3.9 has them, so that a malformed one never travels; and the chroot. */
final class Paths {
    private Paths() {}

    /** @throws IllegalArgumentException naming the rule that is broken */
    static void check(String path) {
        if (!path.startsWith("/")) {
            throw bad(path, "must start with /");
        }
        if (path.length() == 1) {
            return;
        }
        int start = 1;
        for (int i = 1; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                checkSegment(path, start, i);
                start = i + 1;
            } else if (isForbidden(path.charAt(i))) {
                throw bad(path, "has a forbidden character at " + i);
            }
        }
    }

    /** The path of the znode above one that is not {@code /}. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    /** The server's path of a client's path. */
    static String toServer(String chroot, String path) {
        if (chroot.isEmpty()) {
            return path;
        }
        return path.length() == 1 ? chroot : chroot + path;
    }

    /** The client's path of a server's path, which lies in the chroot. */
    static String toClient(String chroot, String path) {
        if (chroot.isEmpty() || !path.startsWith(chroot)) {
            return path;
        }
        return path.length() == chroot.length() ? "/" : path.substring(chroot.length());
    }

    private static void checkSegment(String path, int from, int to) {
        int length = to - from;
        if (length == 0) {
            throw bad(path, to == path.length() ? "must not end with /" : "has an empty segment at " + from);
        }
        if (path.charAt(from) == '.' && (length == 1 || (length == 2 && path.charAt(from + 1) == '.'))) {
            throw bad(path, "must not have . or .. as a segment");
        }
    }

    private static boolean isForbidden(char c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }

    private static IllegalArgumentException bad(String path, String rule) {
        return new IllegalArgumentException("path \"" + path + "\" " + rule);
    }
}
