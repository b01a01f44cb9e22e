package dev.paddock.node.admin;

import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Reading;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;

/** Numbers in Prometheus' text format 0.0.4. Those of the JVM have the names that its usual Java client gives them. */
final class Prometheus {
    private Prometheus() {}

    static String text(List<Metric> metrics, boolean withJvm) {
        var text = new StringBuilder(16 << 10);
        for (Metric metric : metrics) {
            switch (metric) {
                case Metric.Text _ -> {} // not a number
                case Metric.Gauge(String key, Number value) -> one(text, key, "gauge", value);
                case Metric.Counter(String key, long value) -> one(text, key, "counter", value);
                case Metric.Basic(String key, Reading reading) -> summary(text, key, Map.of("", reading), 0.5);
                case Metric.Sorted(String key, Reading reading) ->
                    summary(text, key, Map.of("", reading), 0.5, 0.9, 0.99);
                case Metric.Gauges(String key, var values) -> many(text, key, "gauge", values);
                case Metric.Counters(String key, var values) -> many(text, key, "counter", values);
                case Metric.Basics(String key, var readings) -> summary(text, key, readings, 0.5);
                case Metric.Sorteds(String key, var readings) -> summary(text, key, readings, 0.5, 0.9, 0.99);
            }
        }
        if (withJvm) jvm(text);
        return text.toString();
    }

    private static void head(StringBuilder text, String key, String type) {
        text.append("# HELP ").append(key).append(' ').append(key).append('\n');
        text.append("# TYPE ").append(key).append(' ').append(type).append('\n');
    }

    private static void one(StringBuilder text, String key, String type, Number value) {
        head(text, key, type);
        text.append(key).append(' ').append(value.doubleValue()).append('\n');
    }

    private static void many(StringBuilder text, String key, String type, Map<String, Long> values) {
        head(text, key, type);
        values.forEach((of, value) -> labelled(text, key, "key", escaped(of), value));
    }

    /** By names; the empty one is of a summary that stands alone. */
    private static void summary(StringBuilder text, String key, Map<String, Reading> readings, double... quantiles) {
        head(text, key, "summary");
        readings.forEach((of, reading) -> {
            String label = of.isEmpty() ? "" : "key=\"" + escaped(of) + "\",";
            for (double quantile : quantiles) {
                boolean isKnown = reading.count() > 0 && (quantiles.length > 1 || reading.max() == reading.min());
                text.append(key).append('{').append(label).append("quantile=\"").append(quantile);
                text.append("\",} ")
                        .append(isKnown ? known(reading, quantile) : "NaN")
                        .append('\n');
            }
            String labels = label.isEmpty() ? " " : "{" + label + "} ";
            text.append(key)
                    .append("_count")
                    .append(labels)
                    .append((double) reading.count())
                    .append('\n');
            text.append(key)
                    .append("_sum")
                    .append(labels)
                    .append((double) reading.sum())
                    .append('\n');
        });
    }

    /** A name of a znode may hold anything. */
    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String known(Reading reading, double quantile) {
        long value = reading.max() == reading.min() ? reading.max() : reading.percentile(quantile);
        return Double.toString((double) value);
    }

    private static void jvm(StringBuilder text) {
        var memory = ManagementFactory.getMemoryMXBean();
        for (String part : List.of("used", "committed", "max", "init")) {
            String key = "jvm_memory_bytes_" + part;
            head(text, key, "gauge");
            labelled(text, key, "area", "heap", part(memory.getHeapMemoryUsage(), part));
            labelled(text, key, "area", "nonheap", part(memory.getNonHeapMemoryUsage(), part));
        }
        head(text, "jvm_gc_collection_seconds", "summary");
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            labelled(text, "jvm_gc_collection_seconds_count", "gc", gc.getName(), gc.getCollectionCount());
            labelled(text, "jvm_gc_collection_seconds_sum", "gc", gc.getName(), gc.getCollectionTime() / 1000.0);
        }
        head(text, "jvm_buffer_pool_used_bytes", "gauge");
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            labelled(text, "jvm_buffer_pool_used_bytes", "pool", pool.getName(), pool.getMemoryUsed());
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        one(text, "jvm_threads_current", "gauge", threads.getThreadCount());
        one(text, "jvm_threads_daemon", "gauge", threads.getDaemonThreadCount());
        one(text, "jvm_threads_peak", "gauge", threads.getPeakThreadCount());
        one(text, "jvm_threads_started_total", "counter", threads.getTotalStartedThreadCount());
        one(
                text,
                "jvm_classes_loaded",
                "gauge",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        one(
                text,
                "process_start_time_seconds",
                "gauge",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            one(text, "process_cpu_seconds_total", "counter", system.getProcessCpuTime() / 1e9);
        }
    }

    private static long part(MemoryUsage usage, String part) {
        return switch (part) {
            case "used" -> usage.getUsed();
            case "committed" -> usage.getCommitted();
            case "max" -> usage.getMax();
            default -> usage.getInit();
        };
    }

    private static void labelled(StringBuilder text, String key, String label, String value, Number number) {
        text.append(key).append('{').append(label).append("=\"").append(value).append("\",} ");
        text.append(number.doubleValue()).append('\n');
    }
}
