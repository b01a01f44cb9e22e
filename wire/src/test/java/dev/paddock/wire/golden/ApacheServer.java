package dev.paddock.wire.golden;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/**
 * A member of an ensemble of Apache ZooKeeper, a process of its own. All have the same configuration, with names for hosts; its own name means 127.0.0.sid to a
 * server, the others' mean 127.0.1.sid, where taps listen. Can be stopped and started again.
 */
final class ApacheServer implements AutoCloseable {
    private final int sid;
    private final int clientPort;
    private final int quorumPort;
    private final int electionPort;
    private final Tap quorum;
    private final Tap election;
    private final String role;
    private final Path dir;
    private final List<Process> processes = new ArrayList<>();

    ApacheServer(int sid, String role, Path work) throws IOException {
        this.sid = sid;
        this.role = role;
        this.dir = Files.createDirectories(work.resolve("server" + sid));
        this.clientPort = freePort(InetAddress.getLoopbackAddress());
        this.quorumPort = freePort(own());
        this.electionPort = freePort(own());
        this.quorum = new Tap(tapped(quorumPort), new InetSocketAddress(own(), quorumPort));
        this.election = new Tap(tapped(electionPort), new InetSocketAddress(own(), electionPort));
        Files.writeString(dir.resolve("myid"), sid + "\n");
    }

    InetSocketAddress clientAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort);
    }

    List<Tap.Link> quorumLinks() {
        return quorum.links();
    }

    List<Tap.Link> electionLinks() {
        return election.links();
    }

    /** Where logs and snapshots lie. */
    Path versionDir() {
        return dir.resolve("version-2");
    }

    void start(List<ApacheServer> all, String... options) throws IOException {
        var config = new StringBuilder(
                "dataDir=" + dir + "\ntickTime=500\ninitLimit=20\nsyncLimit=10\nadmin.enableServer=false\n"
                        + "reconfigEnabled=true\nskipACL=yes\nstandaloneEnabled=false\npreAllocSize=64\npeerType="
                        + role + "\n");
        var hosts = new StringBuilder();
        for (ApacheServer server : all) {
            config.append(server.line());
            hosts.append(server == this ? "127.0.0." : "127.0.1.")
                    .append(server.sid)
                    .append(' ')
                    .append(server.name())
                    .append('\n');
        }
        Files.writeString(dir.resolve("zoo.cfg"), config);
        Files.writeString(dir.resolve("hosts"), hosts);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.net.hosts.file=" + dir.resolve("hosts"),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(
                List.of(QuorumPeerMain.class.getName(), dir.resolve("zoo.cfg").toString()));
        File log = dir.resolve("out.log").toFile();
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start());
    }

    void stop() throws InterruptedException {
        Process running = processes.getLast();
        running.destroyForcibly();
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("server " + sid + " lives on");
        }
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        quorum.close();
        election.close();
    }

    private String line() {
        return "server." + sid + "=" + name() + ":" + quorumPort + ":" + electionPort + ":" + role + ";127.0.0.1:"
                + clientPort + "\n";
    }

    private String name() {
        return "zoo" + sid;
    }

    private InetAddress own() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) sid});
    }

    private InetSocketAddress tapped(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(name(), new byte[] {127, 0, 1, (byte) sid}), port);
    }

    /** Below the ports that the system gives to diallers, so that nobody takes it meanwhile. */
    private static int freePort(InetAddress address) throws IOException {
        IOException last = new IOException("no port tried");
        for (int attempt = 0; attempt < 20; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (var socket = new ServerSocket(port, 1, address)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                last = taken;
            }
        }
        throw last;
    }
}
