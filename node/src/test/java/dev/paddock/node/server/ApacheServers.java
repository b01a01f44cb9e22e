package dev.paddock.node.server;

import static org.awaitility.Awaitility.await;

import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Apache ZooKeeper's own servers, each a process of this class path, to compare with. */
final class ApacheServers implements AutoCloseable {
    private static final int PORTS = 4; // client, quorum, election, admin

    private final Path folder;
    private final int size;
    private final String[] settings; // further lines of zoo.cfg
    private final List<int[]> ports = new ArrayList<>();
    private final Map<Long, Process> running = new TreeMap<>();

    /** The member that does not vote; 0 where all do. */
    long observer;

    /** Further options of the JVM, for what Apache takes from there only. */
    String[] options = {};

    ApacheServers(Path folder, int size, String... settings) throws IOException {
        this.folder = folder;
        this.size = size;
        this.settings = settings;
        for (int i = 0; i < size; i++) ports.add(FreePorts.some(PORTS));
    }

    void startAll() throws IOException {
        for (long sid = 1; sid <= size; sid++) start(sid);
        await().atMost(Duration.ofSeconds(90))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> running.keySet().stream().allMatch(this::serves));
    }

    private boolean serves(long sid) {
        try {
            return Words.ask(clientPort(sid), "srvr").contains("Mode: ");
        } catch (IOException e) {
            return false;
        }
    }

    void start(long sid) throws IOException {
        Path data = Files.createDirectories(folder.resolve("apache" + sid));
        if (size > 1) Files.writeString(data.resolve("myid"), sid + "\n");
        Path config = folder.resolve("apache" + sid + ".cfg");
        Files.writeString(config, config(sid, data));
        running.put(sid, launch(config, folder.resolve("apache" + sid + ".log"), options));
    }

    /** Starts one of Apache's servers on any configuration; the caller ends it. */
    static Process launch(Path config, Path log, String... options) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(java, "-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath));
        command.addAll(List.of(options));
        command.addAll(List.of("org.apache.zookeeper.server.quorum.QuorumPeerMain", config.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    void stop(long sid) throws InterruptedException {
        Process process = running.remove(sid);
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    private String config(long sid, Path data) {
        int[] own = ports.get((int) sid - 1);
        var text = new StringBuilder("tickTime=1000\ninitLimit=10\nsyncLimit=5\nclientPortAddress=127.0.0.1\n");
        text.append("clientPort=")
                .append(own[0])
                .append("\ndataDir=")
                .append(data)
                .append('\n');
        text.append("admin.serverAddress=127.0.0.1\nadmin.serverPort=")
                .append(own[3])
                .append('\n');
        for (int i = 1; size > 1 && i <= size; i++) {
            int[] p = ports.get(i - 1);
            text.append("server.").append(i).append("=127.0.0.1:").append(p[1]).append(':');
            text.append(p[2]).append(i == observer ? ":observer\n" : "\n");
        }
        if (sid == observer) text.append("peerType=observer\n");
        for (String line : settings) text.append(line).append('\n');
        return text.toString();
    }

    int clientPort(long sid) {
        return ports.get((int) sid - 1)[0];
    }

    int adminPort(long sid) {
        return ports.get((int) sid - 1)[3];
    }

    /** The first member in this state. */
    long inState(String state) throws IOException {
        for (long sid : running.keySet()) {
            if (Words.ask(clientPort(sid), "srvr").contains("Mode: " + state + "\n")) return sid;
        }
        throw new AssertionError("no " + state);
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
        for (Process process : running.values()) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
