package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock migrate run} takes three of Apache's servers to Paddock and back while clients write. */
class MigrateTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RUN_SECONDS_MAX = 300;
    private static final int MEMBERS = 3;
    private static final int WORD_MILLIS = 5_000;

    @TempDir
    Path folder;

    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election
    private final List<String> configs = new ArrayList<>();

    @BeforeEach
    void startZooKeeper() throws Exception {
        PaddockUp.prepareOnce();
        for (int i = 0; i < MEMBERS; i++) ports.add(FreePorts.some(3));
        for (int i = 0; i < MEMBERS; i++) configs.add(config(i).toString());
        for (String config : configs) {
            List<String> command = new ArrayList<>(List.of(zookeeper().split(" ", -1)));
            command.add(config);
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of(config + ".first").toFile())
                    .start();
        }
        await().atMost(PATIENCE).until(() -> allSay("Mode: (leader|follower)"));
    }

    private Path config(int index) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + (index + 1)));
        Files.writeString(data.resolve("myid"), (index + 1) + "\n");
        var text = new StringBuilder("tickTime=1000\ninitLimit=20\nsyncLimit=10\nclientPortAddress=127.0.0.1\n");
        text.append("admin.enableServer=false\npreAllocSize=1024\nmaxSessionTimeout=60000\n");
        // The third keeps conf to itself, so that who it is has to be asked by a session.
        text.append("4lw.commands.whitelist=mntr,hash").append(index < 2 ? ",conf\n" : "\n");
        text.append("clientPort=")
                .append(ports.get(index)[0])
                .append("\ndataDir=")
                .append(data)
                .append('\n');
        for (int i = 0; i < MEMBERS; i++) {
            int[] own = ports.get(i);
            text.append("server.")
                    .append(i + 1)
                    .append("=127.0.0.1:")
                    .append(own[1])
                    .append(':')
                    .append(own[2]);
            text.append('\n');
        }
        return Files.writeString(folder.resolve("zk" + (index + 1) + ".cfg"), text);
    }

    /** The command that starts one of Apache's servers, without its file. */
    private static String zookeeper() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return java + " -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp " + classPath
                + " org.apache.zookeeper.server.quorum.QuorumPeerMain";
    }

    /** Servers live on when the command that started them has ended, so they are found by their files. */
    @AfterEach
    void endServers() {
        ProcessHandle.allProcesses().filter(this::isOurs).forEach(ProcessHandle::destroyForcibly);
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return Arrays.stream(
                            Files.readString(line, StandardCharsets.ISO_8859_1).split("\0", -1))
                    .anyMatch(configs::contains);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private Command migrate(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "PADDOCK_JAVA_OPTS=-Xmx256m"));
        command.addAll(List.of(PaddockUp.ROOT.resolve("paddock").toString(), "migrate"));
        command.addAll(List.of(words));
        command.addAll(configs);
        return Command.start(folder, command.toArray(String[]::new));
    }

    private String run(String... words) throws Exception {
        try (Command command = migrate(words)) {
            assertThat(command.await(RUN_SECONDS_MAX)).as(command.text()).isZero();
            return command.text();
        }
    }

    private String word(int index, String word) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(index)[0])) {
            socket.setSoTimeout(WORD_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not there, or not yet
        }
    }

    private boolean allSay(String pattern) {
        for (int i = 0; i < MEMBERS; i++) {
            if (!word(i, "srvr").matches("(?s).*" + pattern + ".*")) return false;
        }
        return true;
    }

    private String server(int index) {
        return "127.0.0.1:" + ports.get(index)[0];
    }

    @Test
    void thereAndBackUnderLoad() throws Exception {
        try (Writers writers = new Writers(server(0) + "," + server(1) + "," + server(2))) {
            assertThat(run("plan")).contains("3. member ", "it leads, so it is the last", "Then done: all 3 members");
            interruptInTheMiddle();
            assertThat(run("run", "--local")).contains("done: all 3 members run Paddock");
            assertThat(allSay("-paddock-")).isTrue();
            assertThat(run("status")).contains("done: all 3 members run Paddock");
            int there = writers.acknowledged().size();

            String back = run("run", "--local", "--back", "--zookeeper", zookeeper());
            assertThat(back)
                    .contains("stop Paddock, start Apache ZooKeeper", "done: all 3 members run Apache ZooKeeper");
            assertThat(allSay("-paddock-")).isFalse();
            List<String> acknowledged = writers.stop();
            assertThat(there).as("writes went on").isPositive().isLessThan(acknowledged.size());
            for (int i = 0; i < MEMBERS; i++) holdsAll(i, acknowledged);
            hashesAreEqual();
        }
    }

    /** Ctrl-C as soon as the first member is being replaced: the next run has to go on from there. */
    private void interruptInTheMiddle() throws Exception {
        try (Command first = migrate("run", "--local")) {
            await().atMost(PATIENCE)
                    .until(() -> !first.isRunning() || first.text().contains("stop Apache ZooKeeper"));
            assertThat(first.isRunning()).as(first.text()).isTrue();
            first.interrupt();
            assertThat(first.await(60)).as(first.text()).isEqualTo(130); // as a shell names the end by SIGINT
            assertThat(first.text()).contains("nothing is stored").doesNotContain("done:");
        }
    }

    private void holdsAll(int index, List<String> acknowledged) throws Exception {
        assertThat(Writers.missingAt(server(index), acknowledged))
                .as("server " + (index + 1))
                .isEmpty();
    }

    /** No member counts a mismatch, and what two know of the same transaction is the same. */
    private void hashesAreEqual() {
        Map<String, String> known = new TreeMap<>();
        int compared = 0;
        for (int i = 0; i < MEMBERS; i++) {
            assertThat(word(i, "mntr")).contains("zk_digest_mismatches_count\t0\n");
            for (String line : word(i, "hash").lines().toList()) {
                String zxid = line.substring(0, line.indexOf(':'));
                String other = known.putIfAbsent(zxid, line);
                if (other == null) continue;
                assertThat(line).as("server " + (i + 1)).isEqualTo(other);
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }
}
