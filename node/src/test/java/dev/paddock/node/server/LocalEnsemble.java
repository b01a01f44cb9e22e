package dev.paddock.node.server;

import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
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

/** Some servers in this process, on ports that were free a moment ago. */
final class LocalEnsemble implements AutoCloseable {
    private final Path folder;
    private final int size;
    private final String[] settings; // further lines of zoo.cfg
    private final Map<Long, List<String>> ownSettings = new TreeMap<>();
    private final Map<Long, Node> running = new TreeMap<>();
    private long observers = Long.MAX_VALUE; // lowest sid of the members that do not vote
    private boolean onOwnHosts; // whether each member has an address of its own
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election of each member
    private final Map<Long, String> hosts = new TreeMap<>(); // of members that have moved, for the others
    private final Map<Long, String> clientHosts = new TreeMap<>(); // likewise, for clients

    LocalEnsemble(Path folder, int size, String... settings) throws IOException {
        this.folder = folder;
        this.size = size;
        this.settings = settings;
        for (int i = 0; i < size; i++) ports.add(FreePorts.some(3));
        for (long sid = 1; sid <= size; sid++) configure(sid);
    }

    /** Makes a member one that does not vote, and those of larger sids, before any is started. */
    LocalEnsemble withObserversFrom(long sid) throws IOException {
        observers = sid;
        for (long each = 1; each <= size; each++) configure(each);
        return this;
    }

    /** Gives each member an address of its own for the others, before any is started: then a port can be the same for all. */
    LocalEnsemble onOwnHosts() throws IOException {
        onOwnHosts = true;
        for (long each = 1; each <= size; each++) configure(each);
        return this;
    }

    /** Further lines of zoo.cfg of one member alone, from its next start on. */
    void setting(long sid, String... lines) throws IOException {
        ownSettings.put(sid, List.of(lines));
        configure(sid);
    }

    private String host(long sid) {
        return hosts.getOrDefault(sid, "127.0.0." + (onOwnHosts ? sid : 1));
    }

    private String clientHost(long sid) {
        return clientHosts.getOrDefault(sid, "127.0.0.1");
    }

    Path config(long sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    private void configure(long sid) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        StringBuilder text = new StringBuilder("tickTime=1000\ninitLimit=10\nsyncLimit=5\npreAllocSize=1024\n")
                .append("admin.serverAddress=127.0.0.1\nadmin.serverPort=0\n")
                .append("clientPortAddress=127.0.0.1\nclientPort=")
                .append(ports.get((int) sid - 1)[0])
                .append("\ndataDir=")
                .append(data)
                .append('\n');
        for (int i = 1; size > 1 && i <= size; i++) {
            int[] p = ports.get(i - 1);
            text.append("server.").append(i).append('=').append(host(i)).append(':');
            text.append(p[1]).append(':');
            text.append(p[2]).append(i >= observers ? ":observer\n" : "\n");
        }
        if (sid >= observers && sid <= size) text.append("peerType=observer\n");
        if (sid > size) text.append(line(sid, "participant")).append('\n');
        for (String line : settings) text.append(line).append('\n');
        for (String line : ownSettings.getOrDefault(sid, List.of()))
            text.append(line).append('\n');
        Files.writeString(config(sid), text);
    }

    /** Starts a server that is no member and knows those who are. */
    void startJoiner(long sid) throws Exception {
        while (ports.size() < sid) ports.add(FreePorts.some(3));
        configure(sid);
        start(sid);
    }

    /** The line that makes a server a member. */
    String line(long sid, String role) {
        int[] p = ports.get((int) sid - 1);
        return "server." + sid + "=" + host(sid) + ":" + p[1] + ":" + p[2] + ":" + role + ";" + clientHost(sid) + ":"
                + p[0];
    }

    /** The line of a member that is to listen on other ports, which from now on count as its own; its files say what they said. */
    String moved(long sid, boolean forClients, boolean forPeers) throws IOException {
        int[] before = ports.get((int) sid - 1);
        int[] fresh = FreePorts.some(3);
        int[] peers = forPeers ? fresh : before;
        ports.set((int) sid - 1, new int[] {(forClients ? fresh : before)[0], peers[1], peers[2]});
        return line(sid, "participant");
    }

    /** Likewise on the same ports of other hosts. */
    String moved(long sid, String forPeers, String forClients) {
        hosts.put(sid, forPeers);
        clientHosts.put(sid, forClients);
        return line(sid, "participant");
    }

    String state(long sid) {
        return running.get(sid).state();
    }

    void startAll() throws Exception {
        for (long sid = 1; sid <= size; sid++) start(sid);
    }

    void start(long sid) throws Exception {
        running.put(sid, Node.start(NodeConfig.read(config(sid)), e -> {
            throw new AssertionError("server " + sid + " failed", e);
        }));
    }

    void stop(long sid) {
        running.remove(sid).close();
    }

    /** Waits until every running server serves. */
    void awaitServing() {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        running.values().stream().noneMatch(node -> node.state().equals("leaderelection")));
    }

    long leader() {
        return running.entrySet().stream()
                .filter(e -> e.getValue().state().equals("leader"))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** The first running member in this state. */
    long inState(String state) {
        return running.entrySet().stream()
                .filter(e -> e.getValue().state().equals(state))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** All running members in this state. */
    List<Long> inStates(String state) {
        return running.entrySet().stream()
                .filter(e -> e.getValue().state().equals(state))
                .map(Map.Entry::getKey)
                .toList();
    }

    int adminPort(long sid) {
        return running.get(sid).operatorPorts().admin().orElseThrow().address().getPort();
    }

    int prometheusPort(long sid) {
        return running.get(sid)
                .operatorPorts()
                .prometheus()
                .orElseThrow()
                .address()
                .getPort();
    }

    int electionPort(long sid) {
        return ports.get((int) sid - 1)[2];
    }

    int clientPort(long sid) {
        return ports.get((int) sid - 1)[0];
    }

    String connectString(long sid) {
        return clientHost(sid) + ":" + ports.get((int) sid - 1)[0];
    }

    String connectString() {
        return ports.stream().map(p -> "127.0.0.1:" + p[0]).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        running.values().forEach(Node::close);
        running.clear();
    }
}
