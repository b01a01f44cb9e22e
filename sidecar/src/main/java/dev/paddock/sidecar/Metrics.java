package dev.paddock.sidecar;

import dev.paddock.sidecar.http.RequestLog;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests and writes Prometheus' text format. Safe for use by any thread; labels are of a bounded set. */
final class Metrics implements RequestLog {
    private record Key(String route, String method, int status) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }
    }

    private record Sum(LongAdder count, LongAdder nanos) {}

    private final Map<Key, Sum> requests = new ConcurrentSkipListMap<>();

    @Override
    public void answered(String method, String route, int status, long nanos) {
        Sum sum = requests.computeIfAbsent(
                new Key(route, method, status), _ -> new Sum(new LongAdder(), new LongAdder()));
        sum.count().increment();
        sum.nanos().add(nanos);
    }

    /** The request counters, then these gauges. */
    String text(Map<String, Number> gauges) {
        var out = new StringBuilder(1024);
        out.append("# TYPE paddock_sidecar_requests_total counter\n");
        requests.forEach((key, sum) ->
                line(out, "paddock_sidecar_requests_total", key, sum.count().sum()));
        out.append("# TYPE paddock_sidecar_request_seconds_total counter\n");
        requests.forEach((key, sum) -> line(
                out, "paddock_sidecar_request_seconds_total", key, sum.nanos().sum() / 1e9));
        gauges.forEach((name, value) -> out.append("# TYPE paddock_sidecar_")
                .append(name)
                .append(name.endsWith("_total") ? " counter\n" : " gauge\n")
                .append("paddock_sidecar_")
                .append(name)
                .append(' ')
                .append(value)
                .append('\n'));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, Key key, Number value) {
        out.append(String.format(
                Locale.ROOT,
                "%s{method=\"%s\",route=\"%s\",status=\"%d\"} %s%n",
                name,
                key.method(),
                key.route(),
                key.status(),
                value));
    }
}
