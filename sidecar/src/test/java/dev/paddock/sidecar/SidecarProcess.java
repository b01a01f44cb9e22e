package dev.paddock.sidecar;

import dev.paddock.sidecar.http.Listen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A sidecar in a process of its own, to be killed. */
final class SidecarProcess implements AutoCloseable {
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);

    private final Process process;
    private final int port;
    private final int adminPort;

    private SidecarProcess(Process process, int port, int adminPort) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
    }

    static SidecarProcess start(String servers, Path stateDir) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SidecarProcess.class.getName(),
                            servers,
                            stateDir.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = out.readLine();
            while (line != null && !line.startsWith("ports ")) line = out.readLine();
            if (line == null) throw new IllegalStateException("the sidecar did not start");
            String[] ports = line.split(" ", -1);
            return new SidecarProcess(process, Integer.parseInt(ports[1]), Integer.parseInt(ports[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Http http() {
        return new Http(port);
    }

    Http admin() {
        return new Http(adminPort);
    }

    /** Kills it without a word. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it as Kubernetes does, with SIGTERM. */
    void terminate() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process itself: servers, state folder. */
    public static void main(String[] args) throws Exception {
        var sidecar = Sidecar.start(SidecarConfig.of(args[0])
                .withListen(Listen.parse("127.0.0.1:0"))
                .withAdmin(Listen.tcp("127.0.0.1:0"))
                .withStateDir(Path.of(args[1]))
                .withSessionTimeout(SESSION_TIMEOUT));
        Runtime.getRuntime().addShutdownHook(new Thread(sidecar::close));
        System.out.println("ports " + sidecar.port() + " " + sidecar.adminPort());
        new CountDownLatch(1).await();
    }
}
