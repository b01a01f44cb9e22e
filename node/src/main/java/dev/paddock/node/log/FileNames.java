package dev.paddock.node.log;

import java.util.ArrayList;
import java.util.List;

/** Names of the form {@code prefix.hexzxid}. Anything else in the folder, signs and spaces included, is not ours. */
public final class FileNames {
    static final String LOG = "log";
    static final String SNAPSHOT = "snapshot";

    /** The end of names that are not finished; such files are no one's and may be deleted at the next start. */
    static final String UNFINISHED = ".tmp";

    private FileNames() {}

    /** A name and the zxid in it. */
    public record Named(String name, long zxid) implements Comparable<Named> {
        @Override
        public int compareTo(Named other) {
            return Long.compare(zxid, other.zxid);
        }
    }

    static String of(String prefix, long zxid) {
        return prefix + "." + Long.toHexString(zxid);
    }

    /** The zxid of a name, or -1 if it does not have this form. */
    static long zxid(String prefix, String name, String suffix) {
        int from = prefix.length() + 1;
        int to = name.length() - suffix.length();
        if (to <= from || to - from > 16 || !name.startsWith(prefix + ".") || !name.endsWith(suffix)) {
            return -1;
        }
        for (int i = from; i < to; i++) {
            if (Character.digit(name.charAt(i), 16) < 0 || name.charAt(i) > 'f') {
                return -1;
            }
        }
        return Math.max(-1, Long.parseUnsignedLong(name, from, to, 16));
    }

    /** All of one form, ascending by zxid. */
    static List<Named> sorted(List<String> names, String prefix, String... suffixes) {
        List<Named> sorted = new ArrayList<>();
        for (String name : names) {
            for (String suffix : suffixes) {
                long zxid = zxid(prefix, name, suffix);
                if (zxid >= 0) {
                    sorted.add(new Named(name, zxid));
                }
            }
        }
        sorted.sort(null);
        return sorted;
    }
}
