package dev.paddock.e2e.failover;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.ServerProcesses;
import dev.paddock.e2e.histories.Servers;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three servers as {@code ./paddock node} runs them, with ticks of 2000 ms and the default limits. */
final class Trio implements AutoCloseable {
    static final int SIZE = 3;
    private static final String HOST = "127.0.0.1";
    private static final Set<String> VOTING = Set.of("leader", "follower"); // modes
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String options; // of the JVMs
    private final Path folder;
    private final List<Ports> ports = new ArrayList<>();
    private final Map<Integer, NodeProcess> processes = new TreeMap<>(); // by sid

    private record Ports(int client, int quorum, int election, int admin) {}

    /**
     * Starts them and waits until all serve.
     *
     * @param settings further lines of {@code zoo.cfg}
     */
    Trio(Path folder, String... settings) throws IOException {
        this("-Xmx256m", folder, settings);
    }

    /** Likewise, whose JVMs verify all of the heap three times amid a full collection, by one thread, and log how long it takes. */
    static Trio ofSlowCollectors(Path folder) throws IOException {
        String slow = "-XX:ParallelGCThreads=1 -XX:+UnlockDiagnosticVMOptions -XX:VerifyGCType=full"
                + " -XX:+VerifyBeforeGC -XX:+VerifyDuringGC -XX:+VerifyAfterGC -Xlog:gc";
        return new Trio("-Xmx512m " + slow, folder);
    }

    private Trio(String options, Path folder, String... settings) throws IOException {
        this.options = options;
        this.folder = folder;
        for (int i = 0; i < SIZE; i++) {
            ports.add(new Ports(FreePorts.one(), FreePorts.one(), FreePorts.one(), FreePorts.one()));
        }
        try {
            for (int sid = 1; sid <= SIZE; sid++) {
                configure(sid, settings);
                start(sid);
            }
            awaitServing();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void configure(int sid, String... settings) throws IOException {
        Path data = Files.createDirectories(data(sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        var text = new StringBuilder("tickTime=2000\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\n")
                .append("admin.serverAddress=" + HOST + "\nautopurge.purgeInterval=1\n")
                .append(Servers.RECONFIG_LINES);
        text.append("admin.serverPort=").append(adminPort(sid)).append('\n');
        text.append("dataDir=").append(data).append('\n');
        for (int i = 1; i <= SIZE; i++) text.append(spec(i)).append('\n');
        for (String line : settings) text.append(line).append('\n');
        Files.writeString(config(sid), text);
    }

    /** As a member that votes. */
    String spec(int sid) {
        Ports each = ports.get(sid - 1);
        String address = HOST + ":" + each.quorum() + ":" + each.election();
        return "server." + sid + "=" + address + ":participant;" + HOST + ":" + each.client();
    }

    /** Where clients reach any of them. */
    String clients() {
        return ports.stream().map(each -> HOST + ":" + each.client()).collect(Collectors.joining(","));
    }

    private Path data(int sid) {
        return folder.resolve("data" + sid);
    }

    private Path config(int sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    void start(int sid) throws IOException {
        processes.put(sid, NodeProcess.start(config(sid), clientPort(sid), logFile(sid), options));
    }

    private Path logFile(int sid) {
        return folder.resolve("server" + sid + ".log");
    }

    int clientPort(int sid) {
        return ports.get(sid - 1).client();
    }

    int adminPort(int sid) {
        return ports.get(sid - 1).admin();
    }

    /** The process, which has become the server by now. */
    Process process(int sid) {
        return processes.get(sid).process();
    }

    /** Stops a process where it stands, or lets it go on. */
    void signal(int sid, String name) throws IOException, InterruptedException {
        processes.get(sid).signal(name);
    }

    /** All three serve. */
    void awaitServing() {
        await().atMost(PATIENCE)
                .until(() -> IntStream.rangeClosed(1, SIZE)
                        .noneMatch(sid -> processes.get(sid).mode().isEmpty()));
    }

    /** Likewise, and each has a vote. */
    void awaitVoting() {
        await().atMost(PATIENCE)
                .until(() -> IntStream.rangeClosed(1, SIZE)
                        .allMatch(sid -> VOTING.contains(processes.get(sid).mode())));
    }

    /** sid of the server that says that it leads; waits for one. */
    int awaitLeader() {
        return awaitLeaderBut(0);
    }

    /** Likewise, while only others than this say so. */
    int awaitLeaderBut(int former) {
        return await().atMost(PATIENCE).until(this::leader, sid -> sid > 0 && sid != former);
    }

    private int leader() {
        return IntStream.rangeClosed(1, SIZE)
                .filter(sid -> processes.get(sid).mode().equals("leader"))
                .findFirst()
                .orElse(0);
    }

    /** The epoch that a server has on disk. */
    String epoch(int sid) throws IOException {
        return Files.readString(data(sid).resolve("version-2").resolve("currentEpoch"));
    }

    /** Ends a server and removes all that it holds but its {@code myid}, as if its disk had been replaced. */
    void empty(int sid) throws IOException, InterruptedException {
        process(sid).destroyForcibly().waitFor();
        for (String each : List.of("version-2", "paddock")) {
            try (Stream<Path> files = Files.walk(data(sid).resolve(each))) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
            }
        }
    }

    /** Whether a server has begun to write a snapshot, other than the one that history begins with. */
    boolean hasSnapshot(int sid) throws IOException {
        try (Stream<Path> files = Files.list(data(sid).resolve("version-2"))) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.contains("snapshot.") && !name.equals("snapshot.0"));
        }
    }

    /** What a server has said so far. */
    String log(int sid) throws IOException {
        return Files.readString(logFile(sid));
    }

    /** Likewise each of them, in the order of their sids. */
    List<String> logs() throws IOException {
        List<String> logs = new ArrayList<>();
        for (int sid = 1; sid <= SIZE; sid++) logs.add(log(sid));
        return logs;
    }

    @Override
    public void close() {
        ServerProcesses.stop(
                processes.values().stream().map(NodeProcess::process).toList());
    }
}
