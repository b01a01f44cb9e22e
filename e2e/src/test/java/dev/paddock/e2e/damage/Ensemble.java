package dev.paddock.e2e.damage;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three servers as {@code ./paddock node} runs them, small and soon started. */
final class Ensemble {
    static final int SIZE = 3;
    private static final String HOST = "127.0.0.1";
    private static final Set<String> VOTING = Set.of("leader", "follower"); // modes
    private static final Duration START_MAX = Duration.ofMinutes(4);

    private final Path folder;
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election of each
    private final Map<Integer, NodeProcess> running = new TreeMap<>(); // by sid

    /** Configures them; a data folder may be there already. */
    Ensemble(Path folder) throws IOException {
        this.folder = folder;
        for (int i = 0; i < SIZE; i++) {
            ports.add(new int[] {FreePorts.one(), FreePorts.one(), FreePorts.one()});
        }
        for (int sid = 1; sid <= SIZE; sid++) configure(sid);
    }

    private void configure(int sid) throws IOException {
        Path data = Files.createDirectories(data(sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        var text = new StringBuilder("tickTime=500\ninitLimit=20\nsyncLimit=10\nleaderSilenceMillis=5000\n")
                .append("admin.enableServer=false\npreAllocSize=64\nsnapCount=150\n")
                .append("clientPortAddress=" + HOST + "\n");
        text.append("clientPort=").append(ports.get(sid - 1)[0]).append('\n');
        text.append("dataDir=").append(data).append('\n');
        for (int i = 1; i <= SIZE; i++) {
            int[] each = ports.get(i - 1);
            text.append("server.").append(i).append("=" + HOST + ":").append(each[1]);
            text.append(':').append(each[2]).append('\n');
        }
        Files.writeString(config(sid), text);
    }

    private Path config(int sid) {
        return folder.resolve("zoo" + sid + ".cfg");
    }

    /** The data folder of one of them. */
    Path data(int sid) {
        return folder.resolve("data" + sid);
    }

    /** Starts those that do not run. */
    void start(int... sids) throws IOException {
        for (int sid : sids) if (!running.containsKey(sid)) startUnder(List.of(), sid);
    }

    /** Starts one of which each read of a file fails. */
    void startWithUnreadable(int sid, Path file) throws IOException {
        startUnder(failing("pread64,read", "", "-P", file.toString()), sid);
    }

    /** Starts one whose forces fail from the n-th on. */
    void startWithFailingForces(int sid, int n) throws IOException {
        startUnder(failing("fsync,fdatasync", ":when=" + n + "+"), sid);
    }

    /** What is written before a program so that calls of the system fail. */
    private static List<String> failing(String calls, String when, String... only) {
        List<String> words = new ArrayList<>(List.of("strace", "-f", "-qqq", "-o", "/dev/null"));
        words.addAll(List.of(only));
        words.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":error=EIO" + when));
        return words;
    }

    private void startUnder(List<String> program, int sid) throws IOException {
        String options = "-Xmx128m -XX:TieredStopAtLevel=1 -Dpaddock.log.level=INFO";
        var clients = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(sid - 1)[0]);
        NodeProcess process =
                NodeProcess.start(config(sid), clients, log(sid), program, Map.of("PADDOCK_JAVA_OPTS", options));
        running.put(sid, process);
    }

    private Path log(int sid) {
        return folder.resolve("server" + sid + ".log");
    }

    /** What a server has said so far. */
    String said(int sid) throws IOException {
        return Files.readString(log(sid));
    }

    void kill(int... sids) throws InterruptedException {
        for (int sid : sids) {
            NodeProcess process = running.remove(sid);
            if (process != null) process.kill();
        }
    }

    /** Whether its process is there. */
    boolean isAlive(int sid) {
        return running.containsKey(sid) && running.get(sid).process().isAlive();
    }

    /** Whether its clients' port is open. */
    boolean answers(int sid) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(sid - 1)[0])) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it takes clients. */
    boolean serves(int sid) {
        return !mode(sid).isEmpty();
    }

    private String mode(int sid) {
        return running.containsKey(sid) ? running.get(sid).mode() : "";
    }

    void awaitServing(int... sids) {
        awaitThat("serve", this::serves, sids);
    }

    /** Who serves as an observer does not know its promises, and knows them again only when it is told by all the others. */
    void awaitVoting(int... sids) {
        awaitThat("vote", sid -> VOTING.contains(mode(sid)), sids);
    }

    private static void awaitThat(String what, IntPredicate does, int... sids) {
        await("that " + Arrays.toString(sids) + " " + what)
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> IntStream.of(sids).allMatch(does));
    }

    /** Waits for one of the two: true if it takes clients, false if it has stopped itself. */
    boolean isServedOrRefused(int sid) {
        await().atMost(START_MAX).pollInterval(Duration.ofMillis(100)).until(() -> serves(sid) || !isAlive(sid));
        return serves(sid);
    }

    /** Where clients reach each of them. */
    List<String> each() {
        return IntStream.rangeClosed(1, SIZE).mapToObj(this::clients).toList();
    }

    /** Where clients reach these. */
    String clients(int... sids) {
        return IntStream.of(sids)
                .mapToObj(sid -> HOST + ":" + ports.get(sid - 1)[0])
                .collect(Collectors.joining(","));
    }

    /** Removes what a server has put out of the way. */
    void tidy(int sid) throws IOException {
        for (String each : List.of("version-2", "paddock")) {
            try (Stream<Path> all = Files.list(data(sid).resolve(each))) {
                for (Path path :
                        all.filter(it -> it.toString().endsWith(".damaged")).toList()) Files.delete(path);
            }
        }
    }

    /** Ends all. */
    void end() throws InterruptedException {
        for (int sid = 1; sid <= SIZE; sid++) kill(sid);
    }
}
