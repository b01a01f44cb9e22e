package dev.paddock.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One server as {@code ./paddock node} runs it, or one of Apache ZooKeeper's; a process of its own. */
public final class NodeProcess {
    private static final int WORD_MILLIS_MAX = 1_000;

    private final Process process;
    private final InetSocketAddress clients;

    private NodeProcess(Process process, InetSocketAddress clients) {
        this.process = process;
        this.clients = clients;
    }

    /**
     * Starts one with its clients' port on loopback, and returns at once.
     *
     * @param log gets what it says, behind what is there
     * @param options of its JVM
     */
    public static NodeProcess start(Path config, int clientPort, Path log, String options) throws IOException {
        var clients = new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort);
        return start(config, clients, log, List.of(), Map.of("PADDOCK_JAVA_OPTS", options));
    }

    /**
     * Starts one elsewhere, and returns at once.
     *
     * @param clients     where it listens for them
     * @param log         gets what it says, behind what is there
     * @param through     a command that becomes the one behind it
     * @param environment besides that of this process
     */
    public static NodeProcess start(
            Path config, InetSocketAddress clients, Path log, List<String> through, Map<String, String> environment)
            throws IOException {
        PaddockUp.prepareOnce();
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of(PaddockUp.ROOT.resolve("paddock").toString(), "node", config.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new NodeProcess(builder.start(), clients);
    }

    /** Likewise one of Apache's, from this class path. */
    public static NodeProcess startApache(
            Path config, InetSocketAddress clients, Path log, List<String> through, List<String> options)
            throws IOException {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return startApache(own, config, clients, log, through, options);
    }

    /** Likewise one of another release. */
    public static NodeProcess startApache(
            String classPath,
            Path config,
            InetSocketAddress clients,
            Path log,
            List<String> through,
            List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(through);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.addAll(List.of("org.apache.zookeeper.server.quorum.QuorumPeerMain", config.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new NodeProcess(builder.start(), clients);
    }

    /** The first start after a build takes long; whoever measures, or waits not for long, calls this first. */
    public static void prepare() throws IOException {
        PaddockUp.prepareOnce();
    }

    /** The process, which has become the server by now. */
    public Process process() {
        return process;
    }

    /** Ends it, and what it runs under, as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> under = process.descendants().toList();
        under.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        for (ProcessHandle each : under) each.onExit().join();
    }

    /** Stops the process where it stands ({@code STOP}), or lets it go on ({@code CONT}). */
    public void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()));
        if (kill.inheritIO().start().waitFor() != 0) throw new IOException("kill -" + name + " failed");
    }

    /** What the server says that it is, such as {@code leader}; empty if it does not serve. */
    public String mode() {
        return word("srvr")
                .lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring("Mode: ".length()))
                .findFirst()
                .orElse("");
    }

    /** What it answers to a four letter word; empty if it does not answer. */
    public String word(String word) {
        if (!process.isAlive()) return "";
        try (Socket socket = new Socket()) {
            socket.connect(clients, WORD_MILLIS_MAX);
            socket.setSoTimeout(WORD_MILLIS_MAX);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return ""; // not yet, or not now
        }
    }
}
