package dev.paddock.e2e.bench;

import static org.awaitility.Awaitility.await;

import dev.paddock.cli.bench.Bench;
import dev.paddock.cli.bench.BenchPlan;
import dev.paddock.cli.bench.Workload;
import dev.paddock.client.ConnectString;
import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.ServerProcesses;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.awaitility.core.ConditionTimeoutException;

/** An ensemble of real processes on this machine, each with its own data folder. */
final class Servers implements AutoCloseable {
    private static final int COUNT = 3;
    private static final String HEAP = "-Xmx1g";
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));

    private final Path folder;
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election, admin of each server
    private final boolean hasAdmin;
    private final List<Process> processes = new ArrayList<>();

    /**
     * Starts Apache ZooKeeper's servers from this process' class path.
     *
     * @param folder is made for them
     */
    static Servers apache(Path folder) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
        return new Servers(folder, config -> List.of(java, HEAP, "-cp", classPath, main, config), false);
    }

    /** Starts Paddock's servers by the root script, with the flags that it gives them. */
    static Servers paddock(Path folder) throws IOException {
        NodeProcess.prepare();
        return new Servers(folder, Servers::node, false);
    }

    /** Likewise, with ports for operators, who may ask for snapshots as often as they like. */
    static Servers withAdmin(Path folder) throws IOException {
        NodeProcess.prepare();
        return new Servers(folder, Servers::node, true);
    }

    private static List<String> node(String config) {
        return List.of(ROOT.resolve("paddock").toString(), "node", config);
    }

    private Servers(Path folder, Function<String, List<String>> command, boolean hasAdmin) throws IOException {
        this.folder = folder;
        this.hasAdmin = hasAdmin;
        for (int i = 0; i < COUNT; i++) ports.add(FreePorts.some(4));
        try {
            for (int i = 0; i < COUNT; i++) processes.add(start(i, command));
            awaitServing();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Process start(int index, Function<String, List<String>> command) throws IOException {
        int sid = index + 1;
        Path data = Files.createDirectories(folder.resolve("data" + sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        Path config = folder.resolve("zoo" + sid + ".cfg");
        Files.writeString(config, config(data, index));
        var builder = new ProcessBuilder(command.apply(config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server" + sid + ".log").toFile());
        builder.environment().putAll(Map.of("PADDOCK_JAVA_OPTS", HEAP));
        return builder.start();
    }

    private String config(Path data, int index) {
        var text = new StringBuilder("tickTime=2000\ninitLimit=10\nsyncLimit=5\n")
                .append("maxClientCnxns=0\nclientPortAddress=127.0.0.1\n");
        if (hasAdmin) {
            text.append("admin.serverAddress=127.0.0.1\nadmin.rateLimiterIntervalInMS=0\nsnapCount=1000000000\n");
            text.append("admin.serverPort=").append(ports.get(index)[3]).append('\n');
        } else text.append("admin.enableServer=false\n");
        text.append("clientPort=").append(ports.get(index)[0]).append('\n');
        text.append("dataDir=").append(data).append('\n');
        for (int i = 0; i < COUNT; i++) {
            text.append("server.").append(i + 1).append("=127.0.0.1:");
            text.append(ports.get(i)[1]).append(':').append(ports.get(i)[2]).append('\n');
        }
        return text.toString();
    }

    /** They serve when a small load on all of them succeeds. */
    private void awaitServing() {
        BenchPlan plan = new BenchPlan(
                connectString(), COUNT, 1, Duration.ofMillis(1), Duration.ZERO, 0, 1, Workload.WRITE, List.of());
        try {
            await().atMost(START_MAX)
                    .ignoreExceptionsMatching(IOException.class::isInstance)
                    .until(() -> new Bench(plan).run().errors() == 0);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("not serving; see the logs in " + folder, e);
        }
    }

    ConnectString connectString() {
        return ConnectString.parse(String.join(",", clients()));
    }

    /** Where each has its port for operators. */
    List<URI> admins() {
        return ports.stream()
                .map(each -> URI.create("http://127.0.0.1:" + each[3]))
                .toList();
    }

    /** Where each has its port for clients. */
    List<String> clients() {
        return ports.stream().map(each -> "127.0.0.1:" + each[0]).toList();
    }

    List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
    }

    @Override
    public void close() {
        ServerProcesses.stop(processes);
    }
}
