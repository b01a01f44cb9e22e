package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.ServerProcesses;
import dev.paddock.e2e.histories.Relays.Way;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An ensemble as {@code ./paddock node} runs it, each server a process of its own on loopback, with times that suit a short test. */
final class Servers implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final Path folder;
    private final Network network;
    private final Relays relays = new Relays();
    private final List<Ports> ports = new ArrayList<>();
    private final Map<Integer, NodeProcess> processes = new TreeMap<>(); // by sid

    private record Ports(int client, int quorum, int election) {}

    /** How the servers reach each other. */
    enum Network {
        /** Through relays that can be cut: everybody has addresses of its own for the others. */
        RELAYED,
        /** At once: so the members can change, since all agree on the addresses. */
        DIRECT
    }

    /** Starts them and waits until they serve. */
    Servers(int size, Network network, Path folder) throws IOException {
        this.folder = folder;
        this.network = network;
        for (int i = 0; i < size; i++) ports.add(new Ports(FreePorts.one(), FreePorts.one(), FreePorts.one()));
        try {
            if (network == Network.RELAYED) openRelays();
            for (int sid : sids()) configure(sid);
            for (int sid : sids()) start(sid);
            awaitServing();
        } catch (IOException | RuntimeException e) {
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

    private void configure(int sid) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        var text = new StringBuilder("tickTime=500\ninitLimit=20\nsyncLimit=4\nleaderSilenceMillis=1000\n")
                .append("maxClientCnxns=0\nadmin.enableServer=false\npreAllocSize=1024\n")
                .append("snapCount=2000\nautopurge.purgeInterval=1\nskipACL=yes\nstandaloneEnabled=false\n");
        text.append("dataDir=").append(data).append('\n');
        if (network == Network.DIRECT) text.append("reconfigEnabled=true\n");
        else text.append("clientPortAddress=" + HOST + "\nclientPort=" + clientPort(sid) + "\n");
        for (int other : sids()) text.append(line(sid, other)).append('\n');
        Files.writeString(config(sid), text);
    }

    /** What a server is told of another or of itself. */
    private String line(int sid, int other) {
        Way way = new Way(sid, other);
        boolean isRelayed = network == Network.RELAYED && sid != other;
        int quorum = isRelayed ? relays.quorum(way) : ports.get(other - 1).quorum();
        int election = isRelayed ? relays.election(way) : ports.get(other - 1).election();
        String line = "server." + other + "=" + HOST + ":" + quorum + ":" + election;
        return network == Network.RELAYED ? line : line + ":participant;" + HOST + ":" + clientPort(other);
    }

    /** As it joins an ensemble whose members change. */
    String spec(int sid) {
        return line(sid, sid);
    }

    private Path config(int sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    void start(int sid) throws IOException {
        Path log = folder.resolve("server" + sid + ".log");
        String options = "-Xmx256m -Dpaddock.log.level=INFO";
        processes.put(sid, NodeProcess.start(config(sid), clientPort(sid), log, options));
    }

    void kill(int sid) throws InterruptedException {
        processes.get(sid).process().destroyForcibly().waitFor();
    }

    /** Stops a process where it stands, or lets it go on. */
    void signal(int sid, String name) throws IOException, InterruptedException {
        processes.get(sid).signal(name);
    }

    Relays relays() {
        return relays;
    }

    Network network() {
        return network;
    }

    List<Integer> sids() {
        return IntStream.rangeClosed(1, ports.size()).boxed().toList();
    }

    private int clientPort(int sid) {
        return ports.get(sid - 1).client();
    }

    /** Where clients reach one of them. */
    String client(int sid) {
        return HOST + ":" + clientPort(sid);
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
    }
}
