package dev.paddock.node.net;

import dev.paddock.node.front.FrontReading;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Metric.Basic;
import dev.paddock.node.meter.Metric.Counter;
import dev.paddock.node.meter.Metric.Gauge;
import dev.paddock.node.meter.Metric.Sorted;
import java.util.List;

/** What the client port counts, under Apache ZooKeeper 3.9's keys. */
public final class PortMetrics {
    private PortMetrics() {}

    /** Its numbers, in order. */
    public static List<Metric> of(PortStats stats) {
        LoopStats total = stats.total();
        FrontReading work = total.work();
        return List.of(
                new Gauge("num_alive_connections", total.connections()),
                new Gauge("avg_latency", total.latencyMillisMean()),
                new Gauge("min_latency", total.latencyMillisMin()),
                new Gauge("max_latency", total.latencyMillisMax()),
                new Gauge("outstanding_requests", total.outstanding()),
                new Counter("packets_sent", total.packetsSent()),
                new Counter("packets_received", total.packetsReceived()),
                new Counter("bytes_received_count", total.bytesReceived()),
                new Counter("response_bytes", work.responseBytes()),
                new Gauge("last_client_response_size", work.responseBytesLast()),
                new Gauge("min_client_response_size", work.responseBytesMin()),
                new Gauge("max_client_response_size", work.responseBytesMax()),
                new Gauge("watch_count", total.watches()),
                new Counter("watch_bytes", work.watchBytes()),
                new Counter("auth_failed_count", work.authFailures()),
                new Counter("connection_request_count", work.connectRequests()),
                new Counter("connection_revalidate_count", work.renewals()),
                new Counter("connection_drop_count", work.connectionsLeft()),
                new Counter("connection_rejected", stats.connectionsRefused()),
                new Counter("sessionless_connections_expired", work.handshakesMissed()),
                new Counter("large_requests_rejected", work.largeRequestsRefused()),
                new Basic("node_created_watch_count", work.createdWatches()),
                new Basic("node_deleted_watch_count", work.deletedWatches()),
                new Basic("node_changed_watch_count", work.changedWatches()),
                new Basic("node_children_watch_count", work.childrenWatches()),
                new Sorted("readlatency", work.readMillis()),
                new Sorted("updatelatency", work.updateMillis()));
    }
}
