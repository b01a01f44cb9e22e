package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Apache's servers on this machine, each with a {@code zoo.cfg} of its own, and {@code paddock migrate} for them. */
final class LocalEnsemble implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RUN_SECONDS_MAX = 300;
    private static final int WORD_MILLIS = 5_000;
    private static final int WITH_ADMIN =
            1; // index of the server that is asked by its admin port, as all are by default

    private final Path folder;
    private final int voters;
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election, admin
    private final List<String> configs = new ArrayList<>();

    /** Writes the files; the observers come after the voters. */
    LocalEnsemble(Path folder, int voters, int observers) throws IOException {
        this.folder = folder;
        this.voters = voters;
        for (int i = 0; i < voters + observers; i++) ports.add(FreePorts.some(4));
        for (int i = 0; i < ports.size(); i++) configs.add(config(i).toString());
    }

    private Path config(int index) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + (index + 1)));
        Files.writeString(data.resolve("myid"), (index + 1) + "\n");
        var text = new StringBuilder("tickTime=1000\ninitLimit=20\nsyncLimit=10\nclientPortAddress=127.0.0.1\n");
        text.append("preAllocSize=1024\nmaxSessionTimeout=60000\n");
        text.append("admin.enableServer=").append(index == WITH_ADMIN).append('\n');
        if (index == WITH_ADMIN) {
            text.append("admin.serverAddress=127.0.0.1\nadmin.serverPort=")
                    .append(ports.get(index)[3])
                    .append('\n');
        } else {
            // The third keeps conf to itself, so that who it is has to be asked by a session.
            text.append("4lw.commands.whitelist=mntr,hash").append(index == 2 ? "\n" : ",conf\n");
        }
        if (index >= voters) text.append("peerType=observer\n");
        text.append("clientPort=").append(clientPort(index)).append('\n');
        text.append("dataDir=").append(data).append('\n');
        for (int i = 0; i < ports.size(); i++) {
            int[] own = ports.get(i);
            text.append("server.").append(i + 1).append("=127.0.0.1:");
            text.append(own[1]).append(':').append(own[2]);
            text.append(i < voters ? "\n" : ":observer\n");
        }
        return Files.writeString(folder.resolve("zk" + (index + 1) + ".cfg"), text);
    }

    /**
     * Starts them all, and waits until all serve.
     *
     * @param flags of their JVMs
     */
    void start(String... flags) throws IOException {
        PaddockUp.prepareOnce();
        for (String config : configs) {
            List<String> command = new ArrayList<>(List.of(zookeeper(flags).split(" ", -1)));
            command.add(config);
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of(config + ".first").toFile())
                    .start();
        }
        await().atMost(PATIENCE).until(() -> allSay("Mode: (leader|follower|observer)"));
        await().atMost(PATIENCE) // Apache opens it last
                .untilAsserted(() -> assertThat(report(WITH_ADMIN, "mntr")).endsWith("\t0\n"));
    }

    /** The command that starts one of Apache's servers, without its file; its admin server is in it. */
    static String zookeeper(String... flags) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String tests = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path jars = PaddockUp.ROOT.resolve("e2e/target/zookeeper/image"); // Jetty is among them
        return java + " -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
                + Arrays.stream(flags).map(flag -> flag + " ").collect(Collectors.joining()) + "-cp " + tests + ":"
                + jars + "/*"
                + " org.apache.zookeeper.server.quorum.QuorumPeerMain";
    }

    /** {@code paddock migrate} with these words and all files. */
    Command migrate(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "PADDOCK_JAVA_OPTS=-Xmx256m"));
        command.addAll(List.of(PaddockUp.ROOT.resolve("paddock").toString(), "migrate"));
        command.addAll(List.of(words));
        command.addAll(configs);
        return Command.start(folder, command.toArray(String[]::new));
    }

    /** Likewise to its end, which is to be good; what it said. */
    String run(String... words) throws Exception {
        return run(0, words);
    }

    /** Likewise, with another exit code. */
    String run(int exitCode, String... words) throws Exception {
        try (Command command = migrate(words)) {
            assertThat(command.await(RUN_SECONDS_MAX)).as(command.text()).isEqualTo(exitCode);
            return command.text();
        }
    }

    Path folder() {
        return folder;
    }

    /** Adds lines to each {@code zoo.cfg}; who runs does not read them. */
    void appendToAll(String lines) throws IOException {
        for (String config : configs) Files.writeString(Path.of(config), lines, StandardOpenOption.APPEND);
    }

    int size() {
        return ports.size();
    }

    int clientPort(int index) {
        return ports.get(index)[0];
    }

    String server(int index) {
        return "127.0.0.1:" + clientPort(index);
    }

    /** As ZooKeeper's clients take them. */
    String connectString() {
        return IntStream.range(0, size()).mapToObj(this::server).collect(Collectors.joining(","));
    }

    String word(int index, String word) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort(index))) {
            socket.setSoTimeout(WORD_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not there, or not yet
        }
    }

    /** Whether what each says to {@code srvr} has that in it. */
    boolean allSay(String pattern) {
        return howManySay(pattern) == size();
    }

    long howManySay(String pattern) {
        return IntStream.range(0, size())
                .filter(i -> word(i, "srvr").matches("(?s).*" + pattern + ".*"))
                .count();
    }

    /** Each has all that was acknowledged, and their trees are the same. */
    void holdsAllAlike(List<String> acknowledged) throws Exception {
        for (int i = 0; i < size(); i++) {
            assertThat(Writers.missingAt(server(i), acknowledged))
                    .as("server " + (i + 1))
                    .isEmpty();
        }
        Digests.agree(connectString(), IntStream.range(0, size()).boxed().toList(), this::report);
    }

    /** What one answers to {@code mntr} or {@code hash}, the one with an admin port by that alone. */
    private String report(int index, String word) {
        if (index != WITH_ADMIN) return word(index, word);
        assertThat(word(index, word)).contains("is not in the whitelist");
        var url = "http://127.0.0.1:" + ports.get(index)[3] + "/commands/" + (word.equals("mntr") ? "monitor" : word);
        try (var body = URI.create(url).toURL().openStream()) {
            JsonNode answer = new ObjectMapper().readTree(body);
            if (word.equals("mntr"))
                return "zk_digest_mismatches_count\t"
                        + answer.path("digest_mismatches_count").asText() + "\n";
            var lines = new StringBuilder();
            for (JsonNode each : answer.path("digests")) {
                String zxid = Long.toHexString(each.path("zxid").asLong());
                lines.append(zxid)
                        .append(": ")
                        .append(each.path("digest").asLong())
                        .append('\n');
            }
            return lines.toString();
        } catch (IOException e) {
            throw new AssertionError("server " + (index + 1) + " does not answer " + word, e);
        }
    }

    /** Servers live on when the command that started them has ended, so they are found by their files. */
    @Override
    public void close() {
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
}
