package dev.paddock.node.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** A standalone Apache ZooKeeper in a process of its own, since it takes its settings from system properties. */
final class ApacheProcess implements AutoCloseable {
    private final Process process;

    /**
     * Starts it and waits until it listens.
     *
     * @param zooCfg  its whole configuration
     * @param options of its JVM
     */
    ApacheProcess(Path zooCfg, int port, List<String> options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dzookeeper.admin.enableServer=false",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.addAll(List.of(QuorumPeerMain.class.getName(), zooCfg.toString()));
        Path log = zooCfg.resolveSibling("apache.log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                if (!process.isAlive()) throw new IllegalStateException("it did not start: " + Files.readString(log));
                return serves(port);
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** It listens some time before it serves. */
    private static boolean serves(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(5_000); // who comes between the two may wait for ever
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII).contains("Mode: standalone");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }
}
