package dev.paddock.node.admin;

import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Reading;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code mntr} shows, as Prometheus wants it. */
final class Prometheus {
    private Prometheus() {}

    /**
     * The numbers as text.
     *
     * @param names of the samples that are wanted; all where there are none
     */
    static String text(List<Metric> metrics, boolean withJvm, Set<String> names) {
        var text = new Exposition(names);
        for (Metric metric : metrics) {
            switch (metric) {
                case Metric.Text _ -> {} // not a number
                case Metric.Gauge(String key, Number value) -> text.gauge(key, value);
                case Metric.Counter(String key, long value) -> text.counter(key, value);
                case Metric.Basic(String key, Reading reading) -> summary(text, key, Map.of("", reading), 0.5);
                case Metric.Sorted(String key, Reading reading) ->
                    summary(text, key, Map.of("", reading), 0.5, 0.9, 0.99);
                case Metric.Gauges(String key, var values) -> many(text, key, "gauge", values);
                case Metric.Counters(String key, var values) -> many(text, key, "counter", values);
                case Metric.Basics(String key, var readings) -> summary(text, key, readings, 0.5);
                case Metric.Sorteds(String key, var readings) -> summary(text, key, readings, 0.5, 0.9, 0.99);
            }
        }
        if (withJvm) JvmMetrics.write(text);
        return text.toString();
    }

    private static void many(Exposition text, String key, String type, Map<String, Long> values) {
        text.family(key, type);
        values.forEach((of, value) -> text.sample(key, "key", of, value));
    }

    /** By names; the empty one is of a summary that stands alone. */
    private static void summary(Exposition text, String key, Map<String, Reading> readings, double... quantiles) {
        text.family(key, "summary");
        readings.forEach((of, reading) -> {
            String label = of.isEmpty() ? "" : Exposition.label("key", of);
            for (double quantile : quantiles) {
                boolean isKnown = reading.count() > 0 && (quantiles.length > 1 || reading.max() == reading.min());
                double value = isKnown ? known(reading, quantile) : Double.NaN;
                text.sample(key, label + Exposition.label("quantile", Double.toString(quantile)), value);
            }
            text.sample(key + "_count", label, reading.count());
            text.sample(key + "_sum", label, reading.sum());
        });
    }

    private static double known(Reading reading, double quantile) {
        return reading.max() == reading.min() ? reading.max() : reading.percentile(quantile);
    }
}
