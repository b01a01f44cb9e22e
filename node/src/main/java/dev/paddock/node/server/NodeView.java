package dev.paddock.node.server;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.DiskSpace;
import dev.paddock.node.members.Members;
import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Metric.Gauge;
import dev.paddock.node.meter.Metric.Gauges;
import dev.paddock.node.meter.Metric.Sorted;
import dev.paddock.node.meter.Metric.Text;
import dev.paddock.node.net.Environment;
import dev.paddock.node.net.LinkStats;
import dev.paddock.node.net.PortMetrics;
import dev.paddock.node.net.PortStats;
import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.net.ServerView;
import dev.paddock.node.session.SessionExpiry;
import dev.paddock.node.tree.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** What a server shows of itself to operators' tools. */
final class NodeView implements ServerView {
    private static final long TRACE_MASK = 306; // Apache's: client requests, sessions, warnings
    private static final int SESSIONS_MAX = 200_000; // whose ends are copied on the core thread; dump shows no more
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final NodeConfig config;
    private final ServerFolders folders;
    private final StatusBoard board;
    private final CoreLoop core;
    private final CoreMeter meter;
    private final DiskMeter disk;
    private final DiskSpace space;
    private final PauseWatch pauses;
    private final long startNanos = System.nanoTime();
    private final AtomicLong traceMask = new AtomicLong(TRACE_MASK);

    NodeView(NodeConfig config, StatusBoard board, CoreLoop core, DiskMeter disk, DiskSpace space, PauseWatch pauses) {
        this.config = config;
        this.folders = ServerFolders.of(config.storage());
        this.board = board;
        this.core = core;
        this.meter = core.meter();
        this.disk = disk;
        this.space = space;
        this.pauses = pauses;
    }

    @Override
    public String version() {
        return NodeSettings.VERSION;
    }

    @Override
    public Members members() {
        return status().database().members().orElse(config.ensemble().members());
    }

    @Override
    public ServerStatus status() {
        return board.current();
    }

    @Override
    public String configuration() {
        return new ShownConfig(config, members(), folders).text();
    }

    @Override
    public FolderSizes folderSizes() {
        return folders.sizes();
    }

    @Override
    public CompletionStage<Optional<SessionEnds>> sessionEnds() {
        return core.ask(replica -> replica.sessionEnds().map(NodeView::ends));
    }

    @Override
    public CompletionStage<SortedMap<Long, LinkStats>> observers() {
        return core.observers();
    }

    @Override
    public void resetObservers() {
        core.resetObservers();
    }

    private static SessionEnds ends(SessionExpiry expiry) {
        int count = Math.min(SESSIONS_MAX, expiry.size());
        long[] ids = new long[count];
        long[] ends = new long[count];
        int[] at = {0};
        expiry.forEach((id, end) -> {
            if (at[0] == count) return;
            ids[at[0]] = id;
            ends[at[0]++] = end;
        });
        return new SessionEnds(ids, ends, System.nanoTime() / NANOS_PER_MILLI);
    }

    @Override
    public CompletionStage<List<Metric>> metrics(PortStats port) {
        boolean isStandalone = config.ensemble().isStandalone();
        List<Metric> ofServer = ofServer(); // not on the core thread: there may be many quotas
        return core.ask(replica -> meter.metrics(replica, isStandalone)).thenApply(ofCore -> {
            List<Metric> all = new ArrayList<>(ofServer);
            all.addAll(PortMetrics.of(port));
            all.addAll(ofCore);
            all.addAll(disk.metrics());
            all.add(new Gauge("disk_full", space.isLow() ? 1 : 0));
            all.add(new Gauge("disk_usable_bytes", space.usableBytes()));
            all.add(new Sorted("jvm_pause_time_ms", pauses.read()));
            return all;
        });
    }

    private List<Metric> ofServer() {
        ServerStatus status = status();
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Text("version", version()));
        metrics.add(new Text("server_state", status.serverState()));
        status.peerState().ifPresent(state -> metrics.add(new Text("peer_state", state)));
        metrics.add(new Gauge("ephemerals_count", status.database().ephemeralCount()));
        metrics.add(new Gauge("znode_count", status.shownZnodes()));
        metrics.add(new Gauge("approximate_data_size", status.database().approximateDataSize()));
        metrics.add(new Gauge("global_sessions", status.database().sessionCount()));
        metrics.add(new Gauge("uptime", (System.nanoTime() - startNanos) / NANOS_PER_MILLI));
        metrics.add(new Gauge("open_file_descriptor_count", Environment.fileDescriptorsOpen()));
        metrics.add(new Gauge("max_file_descriptor_count", Environment.fileDescriptorsMax()));
        Quotas.PerNamespace quotas = Quotas.perNamespace(status.database());
        metrics.add(new Gauges("quota_count_limit_per_namespace", quotas.countLimits()));
        metrics.add(new Gauges("quota_bytes_limit_per_namespace", quotas.byteLimits()));
        metrics.add(new Gauges("quota_count_usage_per_namespace", quotas.counts()));
        metrics.add(new Gauges("quota_bytes_usage_per_namespace", quotas.bytes()));
        return metrics;
    }

    @Override
    public List<DigestEntry> digests() {
        return board.digests().stream()
                .map(entry -> new DigestEntry(entry.zxid(), entry.digest()))
                .toList();
    }

    @Override
    public long slowForces() {
        return disk.slowForces();
    }

    @Override
    public void resetStats() {
        core.put(meter::reset);
        disk.reset();
        pauses.reset();
    }

    @Override
    public long traceMask() {
        return traceMask.get();
    }

    @Override
    public void traceMask(long mask) {
        traceMask.set(mask);
    }
}
