package dev.paddock.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A member of three that answers four letter words as it is told to, and nothing else. */
final class FakeMember implements AutoCloseable {
    static final String ZOOKEEPER = "3.9.5-293c895a8d966a3ecb92872be4a1daf87d725da2, built on 2026-02-11 20:18 UTC";
    static final String PADDOCK = "3.9.5-paddock-0.1.0, built on 2026-02-11 20:18 UTC";
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests\n";

    private final int id;
    private final ServerSocket socket;
    private final AtomicInteger asked = new AtomicInteger(); // srvr
    private volatile String version; // empty: it does not serve
    private volatile long mismatches;
    private volatile long zxid = 0x100000002L;
    private volatile String digests = ""; // too few transactions
    private volatile String unanswered = ""; // a word, the next time that it is asked

    FakeMember(int id, int port, String version) throws IOException {
        this.id = id;
        this.version = version;
        this.socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Socket client = socket.accept();
                String word = new String(client.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
                if (word.equals(unanswered)) {
                    unanswered = "";
                    continue;
                }
                client.getOutputStream().write(answer(word).getBytes(StandardCharsets.UTF_8));
                client.close();
            }
        } catch (IOException closed) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private String answer(String word) {
        return switch (word) {
            case "srvr" -> server(version);
            case "mntr" -> "zk_digest_mismatches_count\t" + mismatches + "\n";
            case "hash" -> digests;
            case "conf" ->
                "serverId=" + id + "\nmembership: \nserver.1=127.0.0.1:2:3:participant\n"
                        + "server.2=127.0.0.1:4:5:participant\nserver.3=127.0.0.1:6:7:participant\nversion=0";
            default -> "";
        };
    }

    private String server(String now) {
        asked.incrementAndGet();
        if (now.isEmpty()) return NOT_SERVING;
        return "Zookeeper version: " + now + "\nZxid: 0x" + Long.toHexString(zxid) + "\nMode: "
                + (id == 3 ? "leader" : "follower") + "\n";
    }

    /** How often it was looked at. */
    int looks() {
        return asked.get();
    }

    void becomes(String next) {
        version = next;
    }

    /** Says so in {@code mntr}. */
    FakeMember counting(long digestMismatches) {
        mismatches = digestMismatches;
        return this;
    }

    /** Says so in {@code srvr}. */
    FakeMember at(long lastZxid) {
        zxid = lastZxid;
        return this;
    }

    /** Answers so to {@code hash}: lines {@code ZXID: DIGEST}. */
    FakeMember hashing(String lines) {
        digests = lines;
        return this;
    }

    /** Whoever asks that waits, once. */
    FakeMember silentOnce(String word) {
        unanswered = word;
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
