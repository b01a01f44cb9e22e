package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.ServerProcesses;
import dev.paddock.e2e.histories.Links.Way;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble as {@code ./paddock node} runs it, some of Apache's servers among its members, each a process of its own on this machine, with times that suit
 * a short test.
 */
public final class Servers implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOG_LEVEL = "-Dpaddock.log.level=INFO";
    private static final String APACHE_LOG = "-Dlogback.configurationFile=dev/paddock/e2e/histories/apache-logback.xml";
    private static final List<String> APACHE_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", APACHE_LOG);
    private static final int DIAL_MILLIS_MAX = 1_500;
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration END_MAX = Duration.ofSeconds(30);

    /** Who may change the members, as scheme digest knows it. */
    public static final String SUPER = "super:secret";

    /** Likewise, as {@code zoo.cfg} says it, and that the members may be changed at all. */
    public static final String RECONFIG_LINES = """
            reconfigEnabled=true
            DigestAuthenticationProvider.superDigest=super:lK75jTNcA+U9vtVEw5vB51mj/w4=
            """;

    private final Path folder;
    private final Plan plan;
    private final Cast cast;
    private final List<String> settings;
    private final Relays relays;
    private @Nullable Namespaces namespaces;
    private final List<Ports> ports = new ArrayList<>();
    private final SmallDisks disks = new SmallDisks();
    private final Clocks clocks;
    private final Map<Integer, NodeProcess> processes = new TreeMap<>(); // by sid

    private final Map<Integer, Integer> saidBefore = new TreeMap<>(); // by sid: bytes of its log at its last start

    private record Ports(int client, int quorum, int election) {}

    /** How the servers reach each other. */
    enum Network {
        /** Each has a network of its own, and what passes between them can be dropped. */
        NAMESPACES,
        /** Through relays that can be cut: everybody has addresses of its own for the others, so the members cannot change. */
        RELAYED,
        /** On loopback, where nothing can be cut. */
        LOOPBACK
    }

    /** Starts them and waits until they serve. */
    Servers(Plan plan, Path folder) throws IOException, InterruptedException {
        this(plan, folder, plan.cast().sids(), List.of());
        awaitServing();
    }

    /**
     * Starts some of them on loopback, in this order, and waits for nothing.
     *
     * @param settings further lines of {@code zoo.cfg}
     */
    public Servers(Cast cast, Path folder, List<Integer> first, String... settings)
            throws IOException, InterruptedException {
        this(new Plan(cast, Network.LOOPBACK, List.of()), folder, first, List.of(settings));
    }

    private Servers(Plan plan, Path folder, List<Integer> first, List<String> settings)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.plan = plan;
        this.cast = plan.cast();
        this.settings = settings;
        this.relays = new Relays(cast.apaches().isEmpty() ? 0 : DIAL_MILLIS_MAX);
        this.clocks = new Clocks(folder);
        boolean isOwn = plan.network() == Network.NAMESPACES; // so that any port is free
        for (int i = 0; i < cast.size(); i++) {
            ports.add(
                    isOwn ? new Ports(2181, 2888, 3888) : new Ports(FreePorts.one(), FreePorts.one(), FreePorts.one()));
        }
        try {
            if (areRelayed()) openRelays();
            if (isOwn) namespaces = new Namespaces(cast.size());
            for (int sid : sids()) configure(sid);
            for (int sid : first) start(sid);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openRelays() throws IOException {
        for (int from : sids()) {
            for (int to : sids()) {
                Ports target = ports.get(to - 1);
                if (from != to) relays.open(new Way(from, to), target.quorum(), target.election());
            }
        }
    }

    private void configure(int sid) throws IOException, InterruptedException {
        Path data = Files.createDirectories(data(sid));
        if (plan.fillsDisks()) disks.mount(data);
        clocks.set(sid, 0);
        Files.writeString(data.resolve("myid"), sid + "\n");
        String syncLimit =
                cast.apaches().isEmpty() ? "4" : "10"; // Apache's followers take their time to begin to serve
        var text = new StringBuilder(
                        "tickTime=500\ninitLimit=20\nsyncLimit=" + syncLimit + "\nleaderSilenceMillis=1000\n")
                .append("maxClientCnxns=0\nadmin.enableServer=false\npreAllocSize=1024\n")
                .append("snapCount=2000\nautopurge.purgeInterval=1\nstandaloneEnabled=false\n")
                .append("4lw.commands.whitelist=*\n");
        for (String line : settings) text.append(line).append('\n');
        if (cast.observers().contains(sid)) text.append("peerType=observer\n");
        text.append("dataDir=").append(data).append('\n');
        if (!areRelayed()) text.append(RECONFIG_LINES);
        else text.append("clientPortAddress=" + LOOPBACK + "\nclientPort=" + clientPort(sid) + "\n");
        for (int other : sids()) text.append(line(sid, other)).append('\n');
        Files.writeString(config(sid), text);
    }

    /** What a server is told of another or of itself. */
    private String line(int sid, int other) {
        Way way = new Way(sid, other);
        boolean isRelayed = areRelayed();
        int quorum = isRelayed && sid != other
                ? relays.quorum(way)
                : ports.get(other - 1).quorum();
        int election = isRelayed && sid != other
                ? relays.election(way)
                : ports.get(other - 1).election();
        String line = "server." + other + "=" + host(other) + ":" + quorum + ":" + election;
        String role = cast.observers().contains(other) ? ":observer" : ":participant";
        return line + role + (isRelayed ? "" : ";" + client(other));
    }

    /** As it joins an ensemble whose members change. */
    String spec(int sid) {
        return line(sid, sid);
    }

    private Path config(int sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    /** What is on the disk of a server. */
    public Path data(int sid) {
        return folder.resolve("data" + sid);
    }

    Clocks clocks() {
        return clocks;
    }

    private String host(int sid) {
        return namespaces == null ? LOOPBACK : namespaces.host(sid);
    }

    /** Returns at once. */
    public void start(int sid) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PADDOCK_JAVA_OPTS", "-Xmx256m " + LOG_LEVEL);
        if (plan.setsClocks()) environment.putAll(clocks.environment(sid));
        var clients = new InetSocketAddress(host(sid), clientPort(sid));
        saidBefore.put(sid, Files.exists(log(sid)) ? (int) Files.size(log(sid)) : 0);
        List<String> through = namespaces == null ? List.of() : namespaces.through(sid);
        processes.put(
                sid,
                isApache(sid)
                        ? NodeProcess.startApache(config(sid), clients, log(sid), through, APACHE_OPTIONS)
                        : NodeProcess.start(config(sid), clients, log(sid), through, environment));
    }

    /** What a server has said since its first start. */
    Path log(int sid) {
        return folder.resolve("server" + sid + ".log");
    }

    /** Likewise since its last start. */
    public String saidSinceStart(int sid) throws IOException {
        String all = Files.readString(log(sid), StandardCharsets.ISO_8859_1);
        return all.substring(saidBefore.get(sid));
    }

    /** What a server answers to a four letter word, as soon as it does. */
    public String word(int sid, String word) {
        return await("that server " + sid + " answers " + word)
                .atMost(START_MAX)
                .until(() -> processes.get(sid).word(word), said -> !said.isEmpty());
    }

    /** Ends a process at once. */
    public void kill(int sid) throws InterruptedException {
        processes.get(sid).process().destroyForcibly().waitFor();
    }

    /** Awaits that it stops itself. */
    void awaitEnd(int sid) {
        await("that server " + sid + " stops itself")
                .atMost(END_MAX)
                .until(() -> !processes.get(sid).process().isAlive());
    }

    Tracer failingForces(int sid) throws IOException {
        return Tracer.failing(processes.get(sid).process().pid(), folder.resolve("strace" + sid + ".log"));
    }

    Tracer slowForces(int sid) throws IOException {
        return Tracer.delaying(processes.get(sid).process().pid(), folder.resolve("strace" + sid + ".log"));
    }

    /** Stops a process where it stands, or lets it go on. */
    public void signal(int sid, String name) throws IOException, InterruptedException {
        processes.get(sid).signal(name);
    }

    Links links() {
        return namespaces == null ? relays : namespaces;
    }

    public List<Integer> sids() {
        return cast.sids();
    }

    boolean isApache(int sid) {
        return cast.apaches().contains(sid);
    }

    /** Whether each has addresses of its own for the others. */
    boolean areRelayed() {
        return plan.network() == Network.RELAYED;
    }

    boolean hasOneKind() {
        return cast.apaches().isEmpty() || cast.apaches().size() == cast.size();
    }

    private int clientPort(int sid) {
        return ports.get(sid - 1).client();
    }

    /** Where clients reach one of them. */
    public String client(int sid) {
        return host(sid) + ":" + clientPort(sid);
    }

    /** Where clients reach any of them. */
    public String clients() {
        return sids().stream().map(this::client).collect(Collectors.joining(","));
    }

    void awaitServing() {
        awaitServing(sids());
    }

    /** Waits until all these serve. */
    public void awaitServing(Collection<Integer> sids) {
        await("that all serve")
                .atMost(START_MAX)
                .until(() ->
                        sids.stream().noneMatch(sid -> processes.get(sid).mode().isEmpty()));
    }

    /** sid of the leader, as soon as there is one. */
    public int awaitLeader() {
        return await("that one leads").atMost(START_MAX).until(this::leader, sid -> sid > 0);
    }

    /** sid of the server that says that it leads; 0 if none does. */
    int leader() {
        return processes.keySet().stream()
                .filter(sid -> processes.get(sid).mode().equals("leader"))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        List<Process> all =
                processes.values().stream().map(NodeProcess::process).toList();
        all.forEach(Process::destroyForcibly); // also those that stand still
        ServerProcesses.stop(all);
        relays.close();
        if (namespaces != null) namespaces.close();
        disks.close();
    }
}
