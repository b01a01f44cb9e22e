package dev.paddock.node.meter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A number that is shown under a key of Apache ZooKeeper's {@code mntr}, without its {@code zk_}. */
public sealed interface Metric {
    /** Its key. */
    String key();

    /** No number at all; not for Prometheus. */
    record Text(String key, String value) implements Metric {}

    /** What is so now. */
    record Gauge(String key, Number value) implements Metric {}

    /** What has happened, since the start or since the counts were set back. */
    record Counter(String key, long value) implements Metric {}

    /** How long or how many, in all. */
    record Basic(String key, Reading reading) implements Metric {}

    /** Likewise, with percentiles. */
    record Sorted(String key, Reading reading) implements Metric {}

    /** What is so now of each of several, by their names. */
    record Gauges(String key, Map<String, Long> values) implements Metric {}

    /** What has happened to each of several, by their names. */
    record Counters(String key, Map<String, Long> values) implements Metric {}

    /** How long or how many, in all, of each of several, by their names. */
    record Basics(String key, Map<String, Reading> readings) implements Metric {}

    /** Likewise, with percentiles. */
    record Sorteds(String key, Map<String, Reading> readings) implements Metric {}

    /** The values by the keys of {@code mntr}, in order: a summary is several. */
    static Map<String, Object> flat(List<Metric> metrics) {
        var flat = new LinkedHashMap<String, Object>();
        for (Metric metric : metrics) {
            switch (metric) {
                case Text(String key, String value) -> flat.put(key, value);
                case Gauge(String key, Number value) -> flat.put(key, value);
                case Counter(String key, long value) -> flat.put(key, value);
                case Basic(String key, Reading reading) -> basic(flat, key, reading);
                case Sorted(String key, Reading reading) -> sorted(flat, key, reading);
                case Gauges(String key, var values) -> values.forEach((of, value) -> flat.put(of + "_" + key, value));
                case Counters(String key, var values) -> values.forEach((of, value) -> flat.put(of + "_" + key, value));
                case Basics(String key, var readings) ->
                    readings.forEach((of, reading) -> basic(flat, of + "_" + key, reading));
                case Sorteds(String key, var readings) ->
                    readings.forEach((of, reading) -> sorted(flat, of + "_" + key, reading));
            }
        }
        return flat;
    }

    private static void sorted(Map<String, Object> flat, String key, Reading reading) {
        basic(flat, key, reading);
        flat.put("p50_" + key, reading.percentile(0.5));
        flat.put("p95_" + key, reading.percentile(0.95));
        flat.put("p99_" + key, reading.percentile(0.99));
        flat.put("p999_" + key, reading.percentile(0.999));
    }

    private static void basic(Map<String, Object> flat, String key, Reading reading) {
        flat.put("avg_" + key, reading.mean());
        flat.put("min_" + key, reading.min());
        flat.put("max_" + key, reading.max());
        flat.put("cnt_" + key, reading.count());
        flat.put("sum_" + key, reading.sum());
    }
}
