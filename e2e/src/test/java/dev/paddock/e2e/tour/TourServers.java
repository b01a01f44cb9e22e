package dev.paddock.e2e.tour;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.ServerProcesses;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/** The servers of one maker that tours visit, processes on loopback, alike in all that zoo.cfg says. */
final class TourServers implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final int WORD_MILLIS = 2_000;
    private static final List<String> JVM = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Dpaddock.log.level=INFO",
            "-Dznode.container.checkIntervalMs=86400000"); // what is swept in the middle of a tour is up to the clock

    /** Whose servers. */
    enum Maker {
        APACHE,
        PADDOCK;

        private List<String> main() {
            return switch (this) {
                case APACHE -> List.of("org.apache.zookeeper.server.quorum.QuorumPeerMain");
                case PADDOCK -> List.of("dev.paddock.cli.Main", "node");
            };
        }
    }

    private final Path folder;
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election of each server
    private final List<Process> processes = new ArrayList<>();
    private boolean isServing;
    private int first; // index of the server where tours begin

    /**
     * Starts them and waits until they serve.
     *
     * @param count 1 for a server alone, with every extra off; 3 for an ensemble with TTL znodes and hard quotas
     * @param folder is made for them
     */
    TourServers(Maker maker, int count, Path folder) throws IOException {
        this.folder = folder;
        for (int i = 0; i < count; i++) ports.add(FreePorts.some(3));
        try {
            for (int i = 0; i < count; i++) processes.add(start(maker, i));
            await().atMost(START_MAX).until(this::doServe);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Process start(Maker maker, int index) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + index));
        Files.writeString(data.resolve("myid"), (index + 1) + "\n");
        Path config = folder.resolve("zoo" + index + ".cfg");
        Files.writeString(config, config(data, index));
        List<String> command = new ArrayList<>(Jvm.command(JVM));
        command.addAll(maker.main());
        command.add(config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server" + index + ".log").toFile())
                .start();
    }

    private String config(Path data, int index) {
        var text = new StringBuilder("tickTime=2000\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\n")
                .append("admin.enableServer=false\nclientPortAddress=127.0.0.1\npreAllocSize=1024\n")
                .append("4lw.commands.whitelist=*\n");
        text.append("clientPort=").append(ports.get(index)[0]).append('\n');
        text.append("dataDir=").append(data).append('\n');
        if (ports.size() == 1) return text.toString();
        text.append("extendedTypesEnabled=true\nenforceQuota=true\n");
        for (int i = 0; i < ports.size(); i++) {
            text.append("server.").append(i + 1).append("=127.0.0.1:").append(ports.get(i)[1]);
            text.append(':').append(ports.get(i)[2]).append('\n');
        }
        return text.toString();
    }

    private boolean doServe() {
        int serving = 0;
        for (int i = 0; i < ports.size(); i++) {
            if (!processes.get(i).isAlive()) throw new IllegalStateException("server " + i + " ended; see " + folder);
            String answer = word("srvr", ports.get(i)[0]);
            if (answer.contains("Mode: ")) serving++;
            if (answer.contains("Mode: follower")) first = i;
        }
        isServing = serving == ports.size();
        return isServing;
    }

    private static String word(String word, int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(WORD_MILLIS); // Apache's server may forget the connection while it starts
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not yet
        }
    }

    /** Where a tour begins: the only server, or one that follows, so that writes go the long way. */
    String connectString() {
        return "127.0.0.1:" + ports.get(first)[0];
    }

    /** All of them, the one where tours begin first. */
    List<String> all() {
        List<String> all = new ArrayList<>(List.of(connectString()));
        ports.stream()
                .map(each -> "127.0.0.1:" + each[0])
                .filter(each -> !all.contains(each))
                .forEach(all::add);
        return all;
    }

    boolean isEnsemble() {
        return ports.size() > 1;
    }

    @Override
    public String toString() {
        return processes.stream()
                .map(each -> Long.toString(each.pid()))
                .collect(Collectors.joining(" ", folder + " pids ", ""));
    }

    @Override
    public void close() {
        ServerProcesses.stop(processes);
        if (isServing) FileUtils.deleteQuietly(folder.toFile()); // else the logs tell why not
    }

    /** Makes a folder for them that nobody else has. */
    static Path freshFolder(String name) {
        try {
            return Files.createTempDirectory("paddock-tour-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
