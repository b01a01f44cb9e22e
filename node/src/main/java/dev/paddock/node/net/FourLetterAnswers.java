package dev.paddock.node.net;

import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.front.LoopStats;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The texts of the four letter words, in the layout of Apache ZooKeeper 3.9.5: tools parse them. Words that a server of
 * ours has no answer to are answered as if they were not on the whitelist.
 *
 * @param version       what {@code zookeeper.version} is shown as, like {@code 3.9.5-paddock, built on 2026-01-01 00:00 UTC}
 * @param status        the core's view of the server
 * @param configuration the text of {@code conf}
 * @param startNanos    monotonic time of the start, for {@code zk_uptime}
 */
record FourLetterAnswers(
        String version, Supplier<ServerStatus> status, Supplier<String> configuration, long startNanos) {
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests\n";

    /** The answer to a word that is not on the whitelist. */
    static String refusal(FourLetterWord word) {
        return word.word() + " is not executed because it is not in the whitelist.\n";
    }

    /** The answer to a word that is on it. */
    String answer(FourLetterWord word, PortStats port) {
        ServerStatus server = status.get();
        return switch (word) {
            case RUOK -> "imok";
            case ISRO -> !server.isServing() ? "null" : server.isReadOnly() ? "ro" : "rw";
            case ENVI -> Environment.text(version);
            case SRVR -> server.isServing() ? serverText(server, port, false) : NOT_SERVING;
            case STAT -> server.isServing() ? serverText(server, port, true) : NOT_SERVING;
            case MNTR -> server.isServing() ? monitorText(server, port) : NOT_SERVING;
            case CONS -> server.isServing() ? connectionsText(port, false) + "\n" : NOT_SERVING;
            case CONF -> server.isServing() ? configuration.get() : NOT_SERVING;
            case WCHS -> server.isServing() ? watchesText(port.total()) : NOT_SERVING;
            case CRST, DIRS, DUMP, GTMK, HASH, SRST, STMK, WCHC, WCHP -> refusal(word);
        };
    }

    private String serverText(ServerStatus server, PortStats port, boolean withClients) {
        LoopStats total = port.total();
        var text = new StringBuilder(512)
                .append("Zookeeper version: ")
                .append(version)
                .append('\n');
        if (server.isReadOnly()) {
            text.append("READ-ONLY mode; serving only read-only clients\n");
        }
        if (withClients) {
            text.append("Clients:\n").append(connectionsText(port, true)).append('\n');
        }
        text.append("Latency min/avg/max: ")
                .append(total.latencyMillisMin())
                .append('/')
                .append(total.latencyMillisMean())
                .append('/')
                .append(total.latencyMillisMax())
                .append('\n')
                .append("Received: ")
                .append(total.packetsReceived())
                .append('\n')
                .append("Sent: ")
                .append(total.packetsSent())
                .append('\n')
                .append("Connections: ")
                .append(total.connections())
                .append('\n')
                .append("Outstanding: ")
                .append(total.outstanding())
                .append('\n')
                .append("Zxid: 0x")
                .append(Long.toHexString(server.lastZxid()))
                .append('\n')
                .append("Mode: ")
                .append(server.serverState())
                .append('\n')
                .append("Node count: ")
                .append(shownZnodes(server))
                .append('\n');
        server.proposalSizes()
                .ifPresent(sizes -> text.append(String.format(
                        Locale.ROOT,
                        "Proposal sizes last/min/max: %d/%d/%d\n",
                        sizes.last(),
                        sizes.min(),
                        sizes.max())));
        return text.toString();
    }

    private static String connectionsText(PortStats port, boolean brief) {
        var text = new StringBuilder();
        for (ConnectionStats c : port.connections()) {
            text.append(' ')
                    .append(c.address())
                    .append('[')
                    .append(c.isReading() ? 1 : 0)
                    .append("](queued=")
                    .append(c.queued())
                    .append(",recved=")
                    .append(c.received())
                    .append(",sent=")
                    .append(c.sent());
            if (!brief && c.sessionId() != 0) {
                sessionText(text, c);
            }
            text.append(")\n");
        }
        return text.toString();
    }

    private static void sessionText(StringBuilder text, ConnectionStats c) {
        text.append(",sid=0x")
                .append(Long.toHexString(c.sessionId()))
                .append(",lop=")
                .append(c.lastOperation())
                .append(",est=")
                .append(c.establishedMillis())
                .append(",to=")
                .append(c.timeoutMillis());
        if (c.lastXid() >= 0) {
            text.append(",lcxid=0x").append(Integer.toHexString(c.lastXid()));
        }
        text.append(",lzxid=0x")
                .append(Long.toHexString(c.lastZxid()))
                .append(",lresp=")
                .append(c.lastAnswerNanos() / 1_000_000)
                .append(",llat=")
                .append(c.latencyMillisLast())
                .append(",minlat=")
                .append(c.latencyMillisMin())
                .append(",avglat=")
                .append(c.latencyMillisMean())
                .append(",maxlat=")
                .append(c.latencyMillisMax());
    }

    private static String watchesText(LoopStats total) {
        return total.watchers() + " connections watching " + total.watchedPaths() + " paths\n" + "Total watches:"
                + total.watches() + "\n";
    }

    private String monitorText(ServerStatus server, PortStats port) {
        LoopStats total = port.total();
        var text = new StringBuilder(1024);
        line(text, "version", version);
        line(text, "server_state", server.serverState());
        server.peerState().ifPresent(state -> line(text, "peer_state", state));
        line(text, "ephemerals_count", server.ephemeralCount());
        line(text, "num_alive_connections", total.connections());
        line(text, "avg_latency", total.latencyMillisMean());
        line(text, "outstanding_requests", total.outstanding());
        line(text, "znode_count", shownZnodes(server));
        line(text, "global_sessions", server.sessionCount());
        line(text, "packets_sent", total.packetsSent());
        line(text, "packets_received", total.packetsReceived());
        line(text, "bytes_received_count", total.bytesReceived());
        line(text, "watch_count", total.watches());
        line(text, "min_latency", total.latencyMillisMin());
        line(text, "max_file_descriptor_count", Environment.fileDescriptorsMax());
        line(text, "approximate_data_size", server.approximateDataSize());
        line(text, "open_file_descriptor_count", Environment.fileDescriptorsOpen());
        line(text, "local_sessions", 0);
        line(text, "uptime", (port.nowNanos() - startNanos) / 1_000_000);
        line(text, "max_latency", total.latencyMillisMax());
        server.proposalSizes().ifPresent(sizes -> {
            line(text, "last_proposal_size", sizes.last());
            line(text, "min_proposal_size", sizes.min());
            line(text, "max_proposal_size", sizes.max());
        });
        server.more().forEach((key, value) -> line(text, key, value));
        return text.toString();
    }

    /** Apache ZooKeeper counts the root twice. */
    private static long shownZnodes(ServerStatus server) {
        return server.znodeCount() + 1;
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append("zk_").append(key).append('\t').append(value).append('\n');
    }
}
