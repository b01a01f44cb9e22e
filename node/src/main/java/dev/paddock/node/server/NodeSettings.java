package dev.paddock.node.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.paddock.node.config.Limits;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.config.Observers;
import dev.paddock.node.config.TreeConfig;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.net.ClientLimits;
import dev.paddock.node.net.PeerLinksConfig;
import dev.paddock.node.replica.SweepPace;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.zab.Ensemble;
import dev.paddock.node.zab.Observing;
import dev.paddock.node.zab.Timing;
import java.net.InetSocketAddress;

/** The configuration as the protocol and the four letter word {@code conf} need it. */
final class NodeSettings {
    /**
     * What {@code srvr} and {@code envi} say: tools parse the leading number as ZooKeeper's, and some give up without a time of
     * the build. It is the pom's {@code project.build.outputTimestamp}, so that one source makes one jar.
     */
    static final String VERSION = "3.9.5-paddock-0.1.0, built on 2026-01-01 00:00 UTC";

    private static final int PACKET_BYTES_MIN = 4 << 20; // members with different limits must take each other's
    private static final int APACHE_FRAME_BYTES = 0xfffff; // jute.maxbuffer where nobody set it
    private static final long OUTBOX_BYTES_MIN =
            64L << 20; // twice what a learner that was away for a while is sent at once
    private static final long OUTBOX_BYTES_MAX = 256L << 20;
    private static final int OUTBOX_SHARE = 8; // of all memory

    private NodeSettings() {}

    /**
     * Who the members are: as the file says, which holds what was committed last; the history may hold a newer configuration,
     * of which this server does not know yet whether it was committed.
     */
    static Ensemble ensemble(NodeConfig config, Database recovered) {
        NodeConfig.Ensemble e = config.ensemble();
        if (e.isStandalone()) return Ensemble.alone(e.self(), e.reconfigEnabled());
        Members committed = e.members();
        Members latest = e.reconfigEnabled() ? latest(recovered, committed) : committed;
        return new Ensemble(e.self(), committed, latest, e.reconfigEnabled(), false, e.standaloneEnabled());
    }

    private static Members latest(Database recovered, Members committed) {
        Members latest = recovered.members().orElse(committed);
        return latest.version() > committed.version() ? latest : committed;
    }

    /** How the tree behaves. */
    static TreeRules treeRules(NodeConfig config) {
        TreeConfig tree = config.tree();
        return new TreeRules(tree.digestEnabled(), tree.extendedTypes(), tree.emulate353(), tree.enforceQuota());
    }

    /** How eagerly a leader deletes what nobody uses. */
    static SweepPace sweepPace(NodeConfig config) {
        TreeConfig tree = config.tree();
        return new SweepPace(tree.checkIntervalMillis(), tree.maxPerMinute(), tree.maxNeverUsedMillis());
    }

    /** The largest transaction that is made. Apache's followers take no more, and could not read their log again. */
    static int txnBytesMax(NodeConfig config) {
        return 2 * Math.max(APACHE_FRAME_BYTES, config.clientPort().frameBytesMax());
    }

    /** The largest transaction that is taken: what a request may become, whatever limit the clients of this server have. */
    static int packetBytesMax(NodeConfig config) {
        return Math.max(PACKET_BYTES_MIN, 2 * config.clientPort().frameBytesMax());
    }

    /** Where this member of an ensemble listens for the others, and the bounds of what it keeps for them. */
    static PeerLinksConfig peerLinks(NodeConfig config) {
        ServerSpec own = config.ensemble().own().orElseThrow();
        return new PeerLinksConfig(
                own.sid(),
                listening(config, own.quorum()),
                listening(config, own.election()),
                own.election(),
                config.ensemble().quorumListenOnAllIps(),
                config.observers().masterPort(),
                packetBytesMax(config),
                outboxBytesMax(Runtime.getRuntime().maxMemory()),
                config.timing().peers().connectMillis(),
                config.timing().peers().bindAttempts(),
                config.ensemble().reconfigEnabled(),
                treeRules(config));
    }

    /** What may wait for one learner that does not read: it must not cost the others their leader. */
    static long outboxBytesMax(long memoryBytes) {
        return Math.clamp(memoryBytes / OUTBOX_SHARE, OUTBOX_BYTES_MIN, OUTBOX_BYTES_MAX);
    }

    /** The ensemble's patience. */
    static Timing timing(NodeConfig.Timing timing) {
        NodeConfig.Peers peers = timing.peers();
        return new Timing(
                MILLISECONDS.toNanos(timing.tickTimeMillis()),
                timing.initLimit(),
                timing.syncLimit(),
                MILLISECONDS.toNanos(peers.silenceMillis()),
                MILLISECONDS.toNanos(peers.dialMillis()),
                MILLISECONDS.toNanos(peers.epochMillis()),
                MILLISECONDS.toNanos(peers.resendMinMillis()),
                MILLISECONDS.toNanos(peers.resendMaxMillis()));
    }

    /** How observers hang on the others. */
    static Observing observing(NodeConfig config) {
        Observers observers = config.observers();
        return new Observing(
                observers.masterPort() > 0,
                MILLISECONDS.toNanos(observers.electionDelayMillis()),
                MILLISECONDS.toNanos(observers.reconnectDelayMillis()));
    }

    /** Bounds of the client port as a whole. */
    static ClientLimits clientLimits(NodeConfig config) {
        Limits l = config.limits();
        return new ClientLimits(
                config.clientPort().maxClientCnxns(),
                l.maxCnxns(),
                l.listenBacklog(),
                l.tcpKeepAlive(),
                l.throttling());
    }

    /** Bounds of each client loop. It looks after newcomers four times a tick, so their time ends a little early. */
    static FrontLimits frontLimits(NodeConfig config) {
        int sessionless = config.limits().sessionlessTimeoutMillis();
        return FrontLimits.DEFAULT
                .withFrameBytesMax(config.clientPort().frameBytesMax())
                .withHandshakeMillis(sessionless - sessionless / 10);
    }

    private static InetSocketAddress listening(NodeConfig config, Address own) {
        return config.ensemble().quorumListenOnAllIps()
                ? new InetSocketAddress(own.port())
                : new InetSocketAddress(own.host(), own.port());
    }
}
