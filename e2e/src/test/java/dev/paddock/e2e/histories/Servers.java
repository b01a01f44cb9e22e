package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.ServerProcesses;
import dev.paddock.e2e.histories.Links.Way;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An ensemble as {@code ./paddock node} runs it, each server a process of its own on this machine, with times that suit a short test. */
final class Servers implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration END_MAX = Duration.ofSeconds(30);

    private final Path folder;
    private final Plan plan;
    private final Relays relays = new Relays();
    private @Nullable Namespaces namespaces;
    private final List<Ports> ports = new ArrayList<>();
    private final SmallDisks disks = new SmallDisks();
    private final Clocks clocks;
    private final Map<Integer, NodeProcess> processes = new TreeMap<>(); // by sid

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
        this.folder = folder;
        this.plan = plan;
        this.clocks = new Clocks(folder);
        boolean isOwn = plan.network() == Network.NAMESPACES; // so that any port is free
        for (int i = 0; i < plan.size(); i++) {
            ports.add(
                    isOwn ? new Ports(2181, 2888, 3888) : new Ports(FreePorts.one(), FreePorts.one(), FreePorts.one()));
        }
        try {
            if (plan.network() == Network.RELAYED) openRelays();
            if (isOwn) namespaces = new Namespaces(plan.size());
            for (int sid : sids()) configure(sid);
            for (int sid : sids()) start(sid);
            awaitServing();
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
        var text = new StringBuilder("tickTime=500\ninitLimit=20\nsyncLimit=4\nleaderSilenceMillis=1000\n")
                .append("maxClientCnxns=0\nadmin.enableServer=false\npreAllocSize=1024\n")
                .append("snapCount=2000\nautopurge.purgeInterval=1\nskipACL=yes\nstandaloneEnabled=false\n");
        text.append("dataDir=").append(data).append('\n');
        if (plan.network() != Network.RELAYED) text.append("reconfigEnabled=true\n");
        else text.append("clientPortAddress=" + LOOPBACK + "\nclientPort=" + clientPort(sid) + "\n");
        for (int other : sids()) text.append(line(sid, other)).append('\n');
        Files.writeString(config(sid), text);
    }

    /** What a server is told of another or of itself. */
    private String line(int sid, int other) {
        Way way = new Way(sid, other);
        boolean isRelayed = plan.network() == Network.RELAYED;
        int quorum = isRelayed && sid != other
                ? relays.quorum(way)
                : ports.get(other - 1).quorum();
        int election = isRelayed && sid != other
                ? relays.election(way)
                : ports.get(other - 1).election();
        String line = "server." + other + "=" + host(other) + ":" + quorum + ":" + election;
        return isRelayed ? line : line + ":participant;" + client(other);
    }

    /** As it joins an ensemble whose members change. */
    String spec(int sid) {
        return line(sid, sid);
    }

    private Path config(int sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    /** What is on the disk of a server. */
    Path data(int sid) {
        return folder.resolve("data" + sid);
    }

    Clocks clocks() {
        return clocks;
    }

    private String host(int sid) {
        return namespaces == null ? LOOPBACK : namespaces.host(sid);
    }

    void start(int sid) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PADDOCK_JAVA_OPTS", "-Xmx256m -Dpaddock.log.level=INFO");
        if (plan.setsClocks()) environment.putAll(clocks.environment(sid));
        Path log = folder.resolve("server" + sid + ".log");
        var clients = new InetSocketAddress(host(sid), clientPort(sid));
        List<String> through = namespaces == null ? List.of() : namespaces.through(sid);
        processes.put(sid, NodeProcess.start(config(sid), clients, log, through, environment));
    }

    void kill(int sid) throws InterruptedException {
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
    void signal(int sid, String name) throws IOException, InterruptedException {
        processes.get(sid).signal(name);
    }

    Links links() {
        return namespaces == null ? relays : namespaces;
    }

    List<Integer> sids() {
        return IntStream.rangeClosed(1, ports.size()).boxed().toList();
    }

    private int clientPort(int sid) {
        return ports.get(sid - 1).client();
    }

    /** Where clients reach one of them. */
    String client(int sid) {
        return host(sid) + ":" + clientPort(sid);
    }

    /** Where clients reach any of them. */
    String clients() {
        return sids().stream().map(this::client).collect(Collectors.joining(","));
    }

    void awaitServing() {
        await().atMost(START_MAX)
                .until(() -> sids().stream()
                        .noneMatch(sid -> processes.get(sid).mode().isEmpty()));
    }

    /** sid of the server that says that it leads; 0 if none does. */
    int leader() {
        return sids().stream()
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
