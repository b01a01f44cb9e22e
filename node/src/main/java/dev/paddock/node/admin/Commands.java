package dev.paddock.node.admin;

import dev.paddock.node.admin.Command.Body;
import dev.paddock.node.admin.Command.Right;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.front.SessionWatches;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.meter.Metric;
import dev.paddock.node.net.Environment;
import dev.paddock.node.net.LinkStats;
import dev.paddock.node.net.PortStats;
import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.net.ServerView;
import dev.paddock.node.net.WatchTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The admin commands: Apache ZooKeeper 3.9.5's names and the keys of its answers. */
final class Commands {
    private static final int SHOWN_MAX = 200_000; // sessions or ephemerals

    private final Inside inside;
    private final ServerView view;
    private final Map<String, Command> byName = new TreeMap<>();

    Commands(Inside inside) {
        this.inside = inside;
        this.view = inside.view();
        reads();
        resets();
        add(Right.HAND_OVER, true, _ -> Map.of(), "hand_over");
        add(Right.SNAPSHOT, true, _ -> Map.of(), "snapshot", "snap");
        add(Right.RESTORE, true, _ -> Map.of(), "restore", "rest");
    }

    private void reads() {
        read(this::configuration, "configuration", "conf", "config");
        read(this::connections, "connections", "cons");
        read(this::dirs, "dirs");
        read(this::dump, "dump");
        add(Right.READ, false, _ -> environment(), "environment", "env", "envi");
        add(Right.READ, false, _ -> Map.of("tracemask", view.traceMask()), "get_trace_mask", "gtmk");
        read(_ -> Map.of("digests", digests()), "hash");
        read(_ -> Map.of("initial_configuration", initialConfiguration()), "initial_configuration", "icfg");
        read(_ -> Map.of("read_only", view.status().isReadOnly()), "is_read_only", "isro");
        read(_ -> lastSnapshot(), "last_snapshot", "lsnp");
        read(_ -> leader(), "leader", "lead");
        read(_ -> Metric.flat(Inside.await(view.metrics(inside.stats(false)))), "monitor", "mntr");
        read(_ -> observers(), "observers", "obsr");
        read(_ -> Map.of(), "ruok");
        read(_ -> serverStats(inside.stats(false)), "server_stats", "srvr");
        read(_ -> stats(), "stats", "stat");
        add(Right.READ, false, _ -> systemProperties(), "system_properties", "sysp");
        read(_ -> Map.of("current_config", Shapes.voters(inside.config(), view.members())), "voting_view");
        read(_ -> watchSummary(), "watch_summary", "wchs");
        read(_ -> watches(), "watches", "wchc");
        read(_ -> watchesByPath(), "watches_by_path", "wchp");
        add(Right.READ, false, _ -> zabState(), "zabstate");
    }

    private void resets() {
        add(Right.RESET, true, this::resetConnections, "connection_stat_reset", "crst");
        add(Right.RESET, true, this::resetObservers, "observer_connection_stat_reset", "orst");
        add(Right.RESET, false, this::setTraceMask, "set_trace_mask", "stmk");
        add(Right.RESET, true, this::resetStats, "stat_reset", "srst");
    }

    private void read(Body body, String... names) {
        add(Right.READ, true, body, names);
    }

    private void add(Right right, boolean needsServer, Body body, String... names) {
        Command command = new Command(List.of(names), right, needsServer, body);
        for (String name : names) byName.put(name, command);
    }

    Optional<Command> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names that are no second ones, sorted. */
    List<String> names() {
        return byName.values().stream().map(Command::name).distinct().sorted().toList();
    }

    private Map<String, ?> configuration(Map<String, String> arguments) {
        NodeConfig config = inside.config();
        var values = new LinkedHashMap<String, Object>();
        values.put("client_port", clientAddress().port());
        values.put("data_dir", folder(config.storage().dataDir()));
        values.put("data_log_dir", folder(config.storage().dataLogDir()));
        values.put("tick_time", config.timing().tickTimeMillis());
        values.put("max_client_cnxns", config.clientPort().maxClientCnxns());
        values.put("min_session_timeout", config.timing().minSessionTimeoutMillis());
        values.put("max_session_timeout", config.timing().maxSessionTimeoutMillis());
        values.put(
                "server_id",
                config.ensemble().isStandalone() ? 0 : config.ensemble().self());
        values.put("client_port_listen_backlog", config.limits().listenBacklog());
        return values;
    }

    /** As the members have it now, which may have moved since the start. */
    private Optional<ServerSpec> own() {
        var ensemble = inside.config().ensemble();
        if (ensemble.isStandalone()) return Optional.empty();
        return Optional.ofNullable(view.members().servers().get(ensemble.self()));
    }

    private Address clientAddress() {
        return own().flatMap(ServerSpec::client)
                .orElse(inside.config().clientPort().address());
    }

    private static String folder(Path folder) {
        return folder.toAbsolutePath().resolve("version-2").toString();
    }

    private Map<String, ?> connections(Map<String, String> arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        var values = new LinkedHashMap<String, Object>();
        putConnections(values, inside.stats(true), false);
        return values;
    }

    private Map<String, ?> dirs(Map<String, String> arguments) {
        ServerView.FolderSizes sizes = view.folderSizes();
        var values = new LinkedHashMap<String, Object>();
        values.put("datadir_size", sizes.snapshots());
        values.put("logdir_size", sizes.logs());
        return values;
    }

    private Map<String, ?> dump(Map<String, String> arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        var database = view.status().database();
        if (database.sessionCount() > SHOWN_MAX || database.ephemeralCount() > SHOWN_MAX) {
            return Map.of("error", "more than " + SHOWN_MAX + " sessions or ephemerals are not shown");
        }
        var expiries = new TreeMap<Long, List<Long>>();
        Inside.await(view.sessionEnds()).ifPresent(ends -> {
            for (int i = 0; i < ends.sessionIds().length; i++) {
                expiries.computeIfAbsent(ends.endMillis()[i], _ -> new ArrayList<>())
                        .add(ends.sessionIds()[i]);
            }
        });
        var ephemerals = new LinkedHashMap<Long, List<String>>();
        database.forEachEphemeralOwner((id, _) -> ephemerals.put(id, database.ephemeralsOf(id)));
        var values = new LinkedHashMap<String, Object>();
        values.put("expiry_time_to_session_ids", expiries);
        values.put("session_id_to_ephemeral_paths", ephemerals);
        return values;
    }

    private Map<String, ?> environment() {
        return masked(Environment.entries(view.version()));
    }

    private static Map<String, String> masked(Map<String, String> values) {
        var masked = new LinkedHashMap<String, String>();
        values.forEach((key, value) -> masked.put(key, Secrets.masked(key, value)));
        return masked;
    }

    private static Map<String, ?> systemProperties() {
        var values = new TreeMap<String, String>();
        System.getProperties().forEach((key, value) -> values.put(key.toString(), value.toString()));
        return masked(values);
    }

    private List<Map<String, Object>> digests() {
        return view.digests().stream()
                .<Map<String, Object>>map(digest -> {
                    var shape = new LinkedHashMap<String, Object>();
                    shape.put("zxid", digest.zxid());
                    shape.put("digest", digest.digest());
                    shape.put("digest_version", 2);
                    return shape;
                })
                .toList();
    }

    private String initialConfiguration() {
        try {
            return Secrets.maskedLines(Files.readString(inside.config().file()));
        } catch (IOException e) {
            return ""; // moved since the start
        }
    }

    private Map<String, ?> lastSnapshot() {
        long zxid = -1;
        long seconds = -1;
        try (Stream<Path> files = Files.list(inside.snapshotFolder())) {
            Optional<Path> newest = files.filter(
                            file -> file.getFileName().toString().matches("snapshot\\.[0-9a-f]{1,16}(\\..*)?"))
                    .max(Comparator.comparing(Commands::zxid, Long::compareUnsigned));
            if (newest.isPresent()) {
                zxid = zxid(newest.get());
                seconds = Files.getLastModifiedTime(newest.get()).toMillis() / 1000;
            }
        } catch (IOException e) {
            zxid = -1; // purged while it was looked at
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("zxid", Long.toHexString(zxid));
        values.put("timestamp", seconds);
        return values;
    }

    static long zxid(Path snapshot) {
        return Long.parseUnsignedLong(snapshot.getFileName().toString().split("\\.", -1)[1], 16);
    }

    private Map<String, ?> leader() {
        if (inside.config().ensemble().isStandalone()) {
            return Map.of("error", "server is not initialized");
        }
        ServerStatus status = view.status();
        var values = new LinkedHashMap<String, Object>();
        values.put("is_leader", status.serverState().equals("leader"));
        values.put("leader_id", status.leader());
        values.put(
                "leader_ip",
                Optional.ofNullable(view.members().servers().get(status.leader()))
                        .map(server -> server.quorum().host())
                        .orElse(""));
        return values;
    }

    private Map<String, ?> observers() throws InterruptedException, ExecutionException, TimeoutException {
        SortedMap<Long, LinkStats> observers = Inside.await(view.observers());
        var values = new LinkedHashMap<String, Object>();
        values.put("synced_observers", observers.size());
        values.put(
                "observers",
                observers.entrySet().stream()
                        .map(each -> Shapes.observer(each.getKey(), each.getValue()))
                        .toList());
        return values;
    }

    private Map<String, Object> serverStats(PortStats stats)
            throws InterruptedException, ExecutionException, TimeoutException {
        ServerStatus status = view.status();
        Object uptime = Metric.flat(Inside.await(view.metrics(stats))).getOrDefault("uptime", 0);
        var values = new LinkedHashMap<String, Object>();
        values.put("version", view.version());
        values.put("read_only", status.isReadOnly());
        values.put("server_stats", Shapes.serverStats(view, stats, view.folderSizes(), uptime));
        values.put("client_response", Shapes.responses(stats.total().work()));
        status.proposalSizes()
                .ifPresent(
                        sizes -> values.put("proposal_stats", Shapes.buffers(sizes.last(), sizes.min(), sizes.max())));
        values.put("node_count", status.shownZnodes());
        return values;
    }

    private Map<String, ?> stats() throws InterruptedException, ExecutionException, TimeoutException {
        PortStats stats = inside.stats(true);
        Map<String, Object> values = serverStats(stats);
        putConnections(values, stats, true);
        return values;
    }

    /** By the port they came to. */
    private static void putConnections(Map<String, Object> values, PortStats stats, boolean brief) {
        var bySecurity = stats.connections().stream().collect(Collectors.partitioningBy(ConnectionStats::isSecure));
        values.put("connections", Shapes.connections(bySecurity.get(false), brief));
        values.put("secure_connections", Shapes.connections(bySecurity.get(true), brief));
    }

    private Map<String, ?> watchSummary() throws InterruptedException, ExecutionException, TimeoutException {
        LoopStats total = inside.stats(false).total();
        var values = new LinkedHashMap<String, Object>();
        values.put("num_connections", total.watchers());
        values.put("num_paths", total.watchedPaths());
        values.put("num_total_watches", total.dataWatches());
        return values;
    }

    private Map<String, ?> watches() throws InterruptedException, ExecutionException, TimeoutException {
        LoopStats total = inside.stats(false).total();
        if (WatchTexts.isTooMuch(total)) {
            return Map.of("error", WatchTexts.refusal("watches", total).strip());
        }
        var paths = new LinkedHashMap<Long, List<String>>();
        for (SessionWatches session : Inside.await(inside.port().watches())) {
            paths.put(
                    session.sessionId(),
                    session.paths().stream().map(WatchTexts::text).toList());
        }
        return Map.of("session_id_to_watched_paths", paths);
    }

    private Map<String, ?> watchesByPath() throws InterruptedException, ExecutionException, TimeoutException {
        LoopStats total = inside.stats(false).total();
        if (WatchTexts.isTooMuch(total)) {
            return Map.of("error", WatchTexts.refusal("watches_by_path", total).strip());
        }
        return Map.of(
                "path_to_session_ids",
                WatchTexts.paths(Inside.await(inside.port().watches())));
    }

    private Map<String, ?> zabState() {
        ServerStatus status = view.status();
        NodeConfig config = inside.config();
        var values = new LinkedHashMap<String, Object>();
        if (config.ensemble().isStandalone() || !status.isServing() || status.isReadOnly()) {
            values.put("voting", false);
            values.put("zabstate", "");
            return values;
        }
        long zxid = status.database().lastZxid();
        ServerSpec own = own().or(() -> config.ensemble().own()).orElseThrow();
        values.put("myid", config.ensemble().self());
        values.put("is_leader", status.serverState().equals("leader"));
        values.put("quorum_address", Shapes.addresses(own.quorum()));
        values.put("election_address", Shapes.addresses(own.election()));
        values.put("client_address", Shapes.text(clientAddress()));
        values.put("voting", view.members().isVoter(own.sid()));
        values.put("last_zxid", "0x" + Long.toHexString(zxid));
        values.put("zab_epoch", zxid >>> 32);
        values.put("zab_counter", zxid & 0xffff_ffffL);
        values.put("zabstate", "broadcast");
        return values;
    }

    private Map<String, ?> resetConnections(Map<String, String> arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        Inside.await(inside.port().resetConnectionStats());
        return Map.of();
    }

    private Map<String, ?> resetObservers(Map<String, String> arguments) {
        view.resetObservers();
        return Map.of();
    }

    private Map<String, ?> resetStats(Map<String, String> arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        Inside.await(inside.port().resetStats());
        view.resetStats();
        return Map.of();
    }

    private Map<String, ?> setTraceMask(Map<String, String> arguments) {
        String mask = arguments.get("traceMask");
        if (mask == null) {
            return Map.of("error", "setTraceMask requires long traceMask argument");
        }
        try {
            view.traceMask(Long.parseLong(mask));
        } catch (NumberFormatException e) {
            return Map.of("error", "setTraceMask requires long traceMask argument, got " + mask);
        }
        return Map.of("tracemask", view.traceMask());
    }
}
