package dev.paddock.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One server as {@code ./paddock node} runs it, a process of its own with its clients' port on loopback. */
public final class NodeProcess {
    private static final int WORD_MILLIS_MAX = 1_000;

    private final Process process;
    private final int clientPort;

    private NodeProcess(Process process, int clientPort) {
        this.process = process;
        this.clientPort = clientPort;
    }

    /**
     * Starts it and returns at once.
     *
     * @param log gets what it says, behind what is there
     * @param options of its JVM
     */
    public static NodeProcess start(Path config, int clientPort, Path log, String options) throws IOException {
        PaddockUp.prepareOnce();
        var builder = new ProcessBuilder(PaddockUp.ROOT.resolve("paddock").toString(), "node", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("PADDOCK_JAVA_OPTS", options);
        return new NodeProcess(builder.start(), clientPort);
    }

    /** The process, which has become the server by now. */
    public Process process() {
        return process;
    }

    /** Stops the process where it stands ({@code STOP}), or lets it go on ({@code CONT}). */
    public void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()));
        if (kill.inheritIO().start().waitFor() != 0) throw new IOException("kill -" + name + " failed");
    }

    /** What the server says that it is, such as {@code leader}; empty if it does not serve. */
    public String mode() {
        if (!process.isAlive()) return "";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            socket.setSoTimeout(WORD_MILLIS_MAX);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return said.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return ""; // not yet, or not now
        }
    }
}
