package dev.paddock.node.admin;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.front.FrontReading;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.meter.Tallies;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.net.LinkStats;
import dev.paddock.node.net.PortStats;
import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.net.ServerView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects within admin answers, with Apache ZooKeeper 3.9.5's keys. */
final class Shapes {
    private Shapes() {}

    static List<Map<String, Object>> connections(List<ConnectionStats> connections, boolean brief) {
        return connections.stream().map(c -> connection(c, brief)).toList();
    }

    private static Map<String, Object> connection(ConnectionStats c, boolean brief) {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("remote_socket_address", c.address().substring(c.address().indexOf('/') + 1));
        shape.put("interest_ops", c.isReading() ? 1 : 0);
        shape.put("outstanding_requests", c.queued());
        shape.put("packets_received", c.received());
        shape.put("packets_sent", c.sent());
        if (brief) return shape;
        shape.put("session_id", c.sessionId());
        shape.put("last_operation", c.lastOperation().orElse(null));
        shape.put("established", c.establishedMillis());
        shape.put("session_timeout", c.timeoutMillis());
        shape.put("last_cxid", c.lastXid());
        shape.put("last_zxid", c.lastZxid());
        shape.put("last_response_time", c.lastAnswerNanos() / 1_000_000);
        shape.put("last_latency", c.latencyMillisLast());
        shape.put("min_latency", c.latencyMillisMin());
        shape.put("avg_latency", c.latencyMillisMean());
        shape.put("max_latency", c.latencyMillisMax());
        return shape;
    }

    static Map<String, Object> observer(long sid, LinkStats link) {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("remote_socket_address", link.address());
        shape.put("sid", sid);
        shape.put("established", link.establishedMillis());
        shape.put("queued_packets", link.queuedPackets());
        shape.put("queued_packets_size", link.queuedBytes());
        shape.put("packets_received", link.packetsReceived());
        shape.put("packets_sent", link.packetsSent());
        shape.put("requests", link.requests());
        shape.put("last_zxid", link.lastZxid());
        return shape;
    }

    static Map<String, Object> serverStats(
            ServerView view, PortStats stats, ServerView.FolderSizes sizes, Object uptime) {
        LoopStats total = stats.total();
        Tallies tallies = total.work().tallies();
        ServerStatus status = view.status();
        var shape = new LinkedHashMap<String, Object>();
        shape.put("packets_sent", total.packetsSent());
        shape.put("packets_received", total.packetsReceived());
        shape.put("fsync_threshold_exceed_count", view.slowForces());
        shape.put("client_response_stats", responses(total.work()));
        shape.put("data_dir_size", sizes.snapshots());
        shape.put("log_dir_size", sizes.logs());
        shape.put("provider_null", false);
        shape.put("last_processed_zxid", status.database().lastZxid());
        shape.put("outstanding_requests", total.outstanding());
        shape.put("server_state", status.serverState());
        shape.put("avg_latency", total.latencyMillisMean());
        shape.put("max_latency", total.latencyMillisMax());
        shape.put("min_latency", total.latencyMillisMin());
        shape.put("num_alive_client_connections", total.connections());
        shape.put("uptime", uptime);
        shape.put("auth_failed_count", tallies.of(Tally.AUTH_FAILED));
        shape.put("non_mtlsremote_conn_count", tallies.of(Tally.PLAIN_REMOTE));
        shape.put("non_mtlslocal_conn_count", tallies.of(Tally.PLAIN_LOCAL));
        return shape;
    }

    static Map<String, Object> responses(FrontReading work) {
        return buffers(work.responseBytesLast(), work.responseBytesMin(), work.responseBytesMax());
    }

    static Map<String, Object> buffers(int last, int min, int max) {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("last_buffer_size", last);
        shape.put("min_buffer_size", min);
        shape.put("max_buffer_size", max);
        return shape;
    }

    /** Who votes, and where each listens. */
    static Map<Long, Object> voters(NodeConfig config, Members members) {
        var view = new TreeMap<Long, Object>();
        if (config.ensemble().isStandalone()) return view;
        members.servers().forEach((sid, server) -> {
            if (server.role() != ServerSpec.Role.PARTICIPANT) return;
            var shape = new LinkedHashMap<String, Object>();
            shape.put("server_addresses", List.of(text(server.quorum())));
            shape.put("election_addresses", List.of(text(server.election())));
            boolean isSelf = sid == config.ensemble().self();
            shape.put(
                    "client_address",
                    server.client()
                            .map(Shapes::text)
                            .orElse(isSelf ? text(config.clientPort().address()) : ""));
            shape.put("learner_type", "participant");
            view.put(sid, shape);
        });
        return view;
    }

    /** An address as Apache shows those of which a member may have several. */
    static Map<String, Object> addresses(Address address) {
        String text = text(address);
        var shape = new LinkedHashMap<String, Object>();
        shape.put("empty", false);
        shape.put("all_addresses", List.of(text));
        shape.put("wildcard_addresses", List.of("0.0.0.0:" + address.port()));
        shape.put("all_ports", List.of(address.port()));
        shape.put("all_host_strings", List.of(address.host()));
        shape.put("reachable_address", text);
        shape.put("all_reachable_addresses", List.of(text));
        shape.put("all_reachable_addresses_or_all", List.of(text));
        shape.put("reachable_or_one", text);
        shape.put("one", text);
        return shape;
    }

    static String text(Address address) {
        String host = address.host();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.port();
    }
}
