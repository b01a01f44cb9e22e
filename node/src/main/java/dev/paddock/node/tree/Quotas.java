package dev.paddock.node.tree;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
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
    private static final String LIMITS_NAME = "zookeeper_limits";
    private static final byte[] LIMITS = LIMITS_NAME.getBytes(StandardCharsets.US_ASCII);
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
     * Whether a hard limit stands against a change, where such limits are enforced. The count is looked at first.
     *
     * @param bytes how many bytes of data are added, negative if some are taken away
     * @param count how many znodes are added
     * @param told  of each limit that is passed, soft ones too
     */
    public static boolean refuses(Database database, String path, long bytes, int count, Consumer<Overrun> told) {
        if (!database.rules.enforceQuota() || database.quotas == 0) return false;
        Znode quotas = database.find(ROOT);
        String limited = quotas == null ? null : limitedAbove(quotas, path);
        if (limited == null) return false;
        Znode limits = database.find(ROOT + limited + "/" + LIMITS_NAME);
        Znode stats = database.find(ROOT + limited + "/" + STATS);
        if (limits == null || stats == null) return false;
        var check = new Check(limited, namespace(path), parsed(limits.data()), parsed(stats.data()), told);
        return check.refuses("count", "countHardLimit", count) || check.refuses("bytes", "byteHardLimit", bytes);
    }

    private record Check(
            String limited,
            String namespace,
            Map<String, Long> limits,
            Map<String, Long> there,
            Consumer<Overrun> told) {
        boolean refuses(String what, String hardLimit, long more) {
            long hard = limits.getOrDefault(hardLimit, NONE);
            long limit = limitOf(limits, what, hardLimit);
            long would = there.getOrDefault(what, NONE) + more;
            if (more == 0 || limit == NONE || would <= limit) return false;
            told.accept(new Overrun(limited, namespace, what, would, hard > NONE, limit));
            return hard > NONE;
        }
    }

    /** A hard limit goes before a soft one. */
    private static long limitOf(Map<String, Long> limits, String soft, String hard) {
        long limit = limits.getOrDefault(hard, NONE);
        return limit > NONE ? limit : Math.max(NONE, limits.getOrDefault(soft, NONE));
    }

    /** The first name of a path; empty if it has none. */
    private static String namespace(String path) {
        int end = path.indexOf('/', 1);
        return path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
    }

    /**
     * Limits and what is there, by the first names of the paths that are limited; several quotas of one are added up, with -1
     * for each limit that is not set, as in Apache ZooKeeper's metrics.
     */
    public record PerNamespace(
            Map<String, Long> countLimits,
            Map<String, Long> byteLimits,
            Map<String, Long> counts,
            Map<String, Long> bytes) {
        private void limits(String namespace, Map<String, Long> of) {
            countLimits.merge(namespace, limitOf(of, "count", "countHardLimit"), Long::sum);
            byteLimits.merge(namespace, limitOf(of, "bytes", "byteHardLimit"), Long::sum);
        }

        private void stats(String namespace, Map<String, Long> of) {
            counts.merge(namespace, of.getOrDefault("count", NONE), Long::sum);
            bytes.merge(namespace, of.getOrDefault("bytes", NONE), Long::sum);
        }
    }

    /** All quotas of a database. Takes time in proportion to what is below {@code /zookeeper/quota}. */
    public static PerNamespace perNamespace(Database database) {
        var all = new PerNamespace(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        Znode quotas = database.find(ROOT);
        if (quotas == null || quotas.childCount() == 0) return all;
        new Walk(quotas).visit((below, length, node) -> {
            byte[] data = node.data();
            if (node.childCount() > 0 || length == 0 || data == null) return;
            String path = new String(below, 0, length, StandardCharsets.UTF_8);
            if (path.endsWith("/" + LIMITS_NAME)) all.limits(namespace(path), parsed(data));
            else if (path.endsWith("/" + STATS)) all.stats(namespace(path), parsed(data));
        });
        return all;
    }
}
