package dev.paddock.node.tree;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Quotas as Apache ZooKeeper 3.9 keeps them: below {@code /zookeeper/quota}, at the path that is limited, one znode with
 * the limits and one with what is there. The deepest limited path above a znode counts it, and no other. What is there is
 * written by each server on its own, outside the log: it changes no number of its znode and no digest.
 */
public final class Quotas {
    /** Where they are. */
    static final String ROOT = "/zookeeper/quota";

    static final String STATS = "zookeeper_stats";
    private static final byte[] ROOT_BYTES = (ROOT + "/").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LIMITS = "zookeeper_limits".getBytes(StandardCharsets.US_ASCII);
    private static final long NONE = -1;

    private Quotas() {}

    /** Whether a znode holds limits: one named so, below the place of a path. */
    static boolean isLimits(byte[] buf, int from, int to) {
        int name = to - LIMITS.length;
        return name > from + ROOT_BYTES.length
                && buf[name - 1] == '/'
                && matches(buf, from, ROOT_BYTES)
                && matches(buf, name, LIMITS);
    }

    private static boolean matches(byte[] buf, int from, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) if (buf[from + i] != bytes[i]) return false;
        return true;
    }

    /** The deepest limited path at or above this one; null if there is none. */
    static @Nullable String limitedAbove(Znode quotas, String path) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        int deepest = 0;
        Znode at = quotas;
        for (int from = 1; from < full.length; ) {
            int end = Database.endOfName(full, from, full.length);
            at = at.child(full, from, end);
            if (at == null) break;
            if (at.child(LIMITS, 0, LIMITS.length) != null) deepest = end;
            from = end + 1;
        }
        return deepest == 0 ? null : new String(full, 0, deepest, StandardCharsets.UTF_8);
    }

    /** What a znode of quotas says: names and numbers, {@code count=1,bytes=2=;byteHardLimit=3}. What is no number is left out. */
    static Map<String, Long> parsed(byte @Nullable [] data) {
        var values = new TreeMap<String, Long>();
        if (data == null) return values;
        for (String pair : new String(data, StandardCharsets.UTF_8).split("[,;]+", -1)) {
            String[] parts = pair.split("=", -1);
            if (parts.length < 2) continue;
            put(values, parts[0], parts[1]);
        }
        return values;
    }

    private static void put(Map<String, Long> values, String name, String number) {
        try {
            values.put(name, number.isEmpty() ? NONE : Long.parseLong(number));
        } catch (NumberFormatException e) {
            values.remove(name); // Apache's server stops at it
        }
    }

    /** The same as text: count and bytes first, and after them an equals sign if more follows, for the oldest readers. */
    static byte[] text(Map<String, Long> values) {
        var text = new StringBuilder("count=")
                .append(values.getOrDefault("count", NONE))
                .append(",bytes=")
                .append(values.getOrDefault("bytes", NONE));
        var others = new TreeMap<>(values);
        others.remove("count");
        others.remove("bytes");
        if (!others.isEmpty()) text.append('=');
        others.forEach(
                (name, value) -> text.append(';').append(name).append('=').append(value));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether a hard limit stands against a change, where such limits are enforced.
     *
     * @param bytes how many bytes of data are added, negative if some are taken away
     * @param count how many znodes are added
     */
    public static boolean refuses(Database database, String path, long bytes, int count) {
        if (!database.rules.enforceQuota() || database.quotas == 0) return false;
        Znode quotas = database.find(ROOT);
        String limited = quotas == null ? null : limitedAbove(quotas, path);
        if (limited == null) return false;
        Znode limits = database.find(ROOT + limited + "/" + new String(LIMITS, StandardCharsets.US_ASCII));
        Znode stats = database.find(ROOT + limited + "/" + STATS);
        if (limits == null || stats == null) return false;
        Map<String, Long> limit = parsed(limits.data());
        Map<String, Long> there = parsed(stats.data());
        return exceeds(limit.getOrDefault("countHardLimit", NONE), there.getOrDefault("count", NONE), count)
                || exceeds(limit.getOrDefault("byteHardLimit", NONE), there.getOrDefault("bytes", NONE), bytes);
    }

    private static boolean exceeds(long limit, long there, long more) {
        return limit > NONE && more != 0 && there + more > limit;
    }
}
