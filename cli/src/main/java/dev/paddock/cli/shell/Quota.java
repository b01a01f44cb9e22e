package dev.paddock.cli.shell;

import java.util.Map;
import java.util.TreeMap;

/**
 * Limits or use of a subtree, in the text of ZooKeeper 3.9's {@code StatsTrack}: {@code count=N,bytes=N}, then, after one more
 * {@code =} that makes older readers stop, {@code ;byteHardLimit=N;countHardLimit=N}. -1 is none.
 */
record Quota(Map<String, Long> values) {
    static final String COUNT = "count";
    static final String BYTES = "bytes";
    static final String COUNT_HARD = "countHardLimit";
    static final String BYTES_HARD = "byteHardLimit";

    private static final long NONE = -1;

    Quota {
        values = new TreeMap<>(values);
    }

    /** @throws IllegalArgumentException if it is malformed */
    static Quota parse(String text) {
        var values = new TreeMap<String, Long>();
        for (String pair : text.split("[,;]+", -1)) {
            if (pair.isEmpty()) continue;
            String[] parts = pair.split("=", -1);
            if (parts.length < 2) throw new IllegalArgumentException("'" + text + "' is no quota");
            values.put(parts[0], parts[1].isEmpty() ? NONE : Long.parseLong(parts[1]));
        }
        return new Quota(values);
    }

    Quota with(String key, long value) {
        var changed = new TreeMap<>(values);
        changed.put(key, value);
        return new Quota(changed);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(
                "count=" + values.getOrDefault(COUNT, NONE) + ",bytes=" + values.getOrDefault(BYTES, NONE));
        boolean isFirst = true;
        for (var entry : values.entrySet()) {
            if (entry.getKey().equals(COUNT) || entry.getKey().equals(BYTES)) continue;
            text.append(isFirst ? "=;" : ";").append(entry.getKey()).append('=').append(entry.getValue());
            isFirst = false;
        }
        return text.toString();
    }
}
