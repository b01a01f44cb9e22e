package dev.paddock.node.net;

import dev.paddock.node.front.FrontReading;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Metric.Basic;
import dev.paddock.node.meter.Metric.Basics;
import dev.paddock.node.meter.Metric.Counter;
import dev.paddock.node.meter.Metric.Gauge;
import dev.paddock.node.meter.Metric.Sorted;
import dev.paddock.node.meter.Tally;
import java.util.ArrayList;
import java.util.List;

/** What the client port counts, under Apache ZooKeeper 3.9's keys. */
public final class PortMetrics {
    private PortMetrics() {}

    /** Its numbers, in order. */
    public static List<Metric> of(PortStats stats) {
        LoopStats total = stats.total();
        FrontReading work = total.work();
        List<Metric> metrics = new ArrayList<>(List.of(
                new Gauge("num_alive_connections", total.connections()),
                new Gauge("avg_latency", total.latencyMillisMean()),
                new Gauge("min_latency", total.latencyMillisMin()),
                new Gauge("max_latency", total.latencyMillisMax()),
                new Gauge("outstanding_requests", total.outstanding()),
                new Counter("packets_sent", total.packetsSent()),
                new Counter("packets_received", total.packetsReceived()),
                new Counter("bytes_received_count", total.bytesReceived()),
                new Gauge("last_client_response_size", work.responseBytesLast()),
                new Gauge("min_client_response_size", work.responseBytesMin()),
                new Gauge("max_client_response_size", work.responseBytesMax()),
                new Gauge("watch_count", total.watches()),
                new Gauge("connection_drop_probability", stats.dropChance()),
                new Basic("connection_token_deficit", work.tokenDeficit()),
                new Sorted("request_throttle_queue_time_ms", work.throttleMillis()),
                new Basic("node_created_watch_count", work.createdWatches()),
                new Basic("node_deleted_watch_count", work.deletedWatches()),
                new Basic("node_changed_watch_count", work.changedWatches()),
                new Basic("node_children_watch_count", work.childrenWatches()),
                new Sorted("readlatency", work.readMillis()),
                new Sorted("updatelatency", work.updateMillis()),
                new Basics("read_per_namespace", work.reads())));
        for (Tally tally : Tally.values())
            metrics.add(metric(tally, work.tallies().of(tally)));
        return metrics;
    }

    private static Metric metric(Tally tally, long count) {
        return switch (tally) {
            case AUTH_FAILED, PLAIN_LOCAL, PLAIN_REMOTE -> new Gauge(tally.key(), count); // as by Apache
            default -> new Counter(tally.key(), count);
        };
    }
}
