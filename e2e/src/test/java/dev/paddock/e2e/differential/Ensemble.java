package dev.paddock.e2e.differential;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.ServerProcesses;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** One or three servers of one kind, each a process of its own on loopback. */
final class Ensemble implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(5);
    /** An address of this process alone: clients of other tests that look for their server do not find ours. */
    private static final String HOST = "127.77." + ((ProcessHandle.current().pid() >> 8) & 0xff) + "."
            + ((ProcessHandle.current().pid() & 0xff) | 1);

    /** Whose servers. */
    enum Kind {
        APACHE("org.apache.zookeeper.server.quorum.QuorumPeerMain"),
        PADDOCK("dev.paddock.cli.Main node");

        private final String main; // class and first words

        Kind(String main) {
            this.main = main;
        }
    }

    private record Ports(int client, int quorum, int election) {}

    private final Kind kind;
    private final Arena arena;
    private final Path folder;
    private final List<Ports> ports = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Ports> byRole;

    /**
     * Starts servers and waits until they serve.
     *
     * @param folder is made for them
     */
    Ensemble(Kind kind, Arena arena, Path folder) throws IOException {
        this.kind = kind;
        this.arena = arena;
        this.folder = folder;
        for (int i = 0; i < arena.size(); i++) ports.add(new Ports(FreePorts.one(), FreePorts.one(), FreePorts.one()));
        try {
            for (int i = 0; i < arena.size(); i++) processes.add(start(i));
            await().atMost(START_MAX).until(this::serves);
        } catch (ConditionTimeoutException e) {
            close();
            throw new IllegalStateException("not serving; see the logs in " + folder, e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        byRole = ports.stream()
                .sorted(Comparator.comparing((Ports each) -> srvr(each).contains("Mode: follower")))
                .toList();
    }

    private Process start(int index) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + (index + 1)));
        if (ports.size() > 1) Files.writeString(data.resolve("myid"), (index + 1) + "\n");
        Path config = folder.resolve("zoo" + (index + 1) + ".cfg");
        Files.writeString(config, config(data, index));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-Dpaddock.log.level=WARN"));
        if (arena.hasLogins()) {
            Path users = Files.writeString(folder.resolve("jaas.conf"), Arena.USERS);
            command.add("-Djava.security.auth.login.config=" + users);
        }
        command.add("-Dpaddock.clientLoops=3"); // what one connection was told, the others must know
        // What is swept is up to the clock. Apache does not look at this key in zoo.cfg.
        command.add("-Dznode.container.checkIntervalMs=86400000");
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of(kind.main.split(" ", -1)));
        command.add(config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server" + (index + 1) + ".log").toFile())
                .start();
    }

    private String config(Path data, int index) {
        // All times are long, so that no session expires and nobody is given up who stands still for a while.
        var text = new StringBuilder("tickTime=30000\ninitLimit=10\nsyncLimit=10\nleaderSilenceMillis=60000\n")
                .append("maxClientCnxns=0\n")
                .append("admin.enableServer=false\nclientPortAddress=" + HOST + "\nforceSync=no\npreAllocSize=4096\n")
                .append("4lw.commands.whitelist=*\n");
        arena.config().forEach(line -> text.append(line).append('\n'));
        text.append("clientPort=").append(ports.get(index).client()).append('\n');
        text.append("dataDir=").append(data).append('\n');
        if (ports.size() == 1) return text.toString();
        for (int i = 0; i < ports.size(); i++) {
            Ports each = ports.get(i);
            text.append("server.").append(i + 1).append("=127.0.0.1:").append(each.quorum());
            text.append(':').append(each.election()).append('\n');
        }
        return text.toString();
    }

    private boolean serves() {
        if (processes.stream().anyMatch(process -> !process.isAlive())) {
            throw new IllegalStateException(kind + " ended; see the logs in " + folder);
        }
        return ports.stream().allMatch(each -> srvr(each).contains("Mode: "));
    }

    private static String srvr(Ports ports) {
        try (Socket socket = new Socket(HOST, ports.client())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    Arena arena() {
        return arena;
    }

    Kind kind() {
        return kind;
    }

    int size() {
        return ports.size();
    }

    /**
     * A connection to a member; the first leads.
     *
     * @param from the client's address; null for any
     */
    Link connect(int member, @Nullable String from) throws IOException {
        return new Link(HOST, byRole.get(member % byRole.size()).client(), from);
    }

    /** Stops a member where it stands, or lets it go on. The first leads. */
    void pause(int member, boolean stops) throws IOException, InterruptedException {
        Process process = processes.get(ports.indexOf(byRole.get(member)));
        var command = new ProcessBuilder("kill", stops ? "-STOP" : "-CONT", Long.toString(process.pid()));
        if (command.inheritIO().start().waitFor() != 0) throw new IOException("kill failed");
    }

    /** Without the ports of this ensemble, where the members are told. */
    byte[] withoutPorts(byte[] text) {
        byte[] masked = text;
        for (Ports each : ports) {
            for (int port : new int[] {each.client(), each.quorum(), each.election()}) {
                byte[] digits = Integer.toString(port).getBytes(StandardCharsets.US_ASCII);
                masked = Bytes.replaced(masked, digits, "#####".getBytes(StandardCharsets.US_ASCII));
            }
        }
        return masked;
    }

    @Override
    public void close() {
        ServerProcesses.stop(processes);
    }
}
