package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock up} with {@code engine: ZooKeeper}; an edit takes the members to Paddock and another one back, while clients write. */
class EngineTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int WORD_MILLIS = 5_000;
    private static final List<Integer> MEMBERS = List.of(1, 2, 3);

    @TempDir
    Path folder;

    private Path manifest() throws IOException {
        String example = Files.readString(PaddockUp.ROOT.resolve("examples/migrate-from-zookeeper.yaml"));
        assertThat(example).contains("engine: ZooKeeper\n");
        return Files.writeString(folder.resolve("cluster.yaml"), example);
    }

    private static void edit(Path manifest, String from, String to) throws IOException {
        String text = Files.readString(manifest);
        assertThat(text).contains("  engine: " + from + "\n");
        Files.writeString(manifest, text.replace("  engine: " + from + "\n", "  engine: " + to + "\n"));
    }

    @Test
    void membersGoToPaddockAndBackWhileClientsWrite() throws Exception {
        Path manifest = manifest();
        try (PaddockUp up = PaddockUp.launch(folder.resolve("state"), PaddockUp.freeShift(), manifest)) {
            up.awaitReady();
            assertThat(up.command().text()).contains(", Apache ZooKeeper");
            assertThat(releases(up)).noneMatch(text -> text.contains("-paddock-"));
            try (Writers writers = new Writers(up.connectString())) {
                edit(manifest, "ZooKeeper", "Paddock");
                awaitLine(up, "all 3 members run Paddock");
                assertThat(releases(up)).allMatch(text -> text.contains("-paddock-"));
                hashesAreEqual(up);
                int there = writers.acknowledged().size();

                edit(manifest, "Paddock", "ZooKeeper");
                awaitLine(up, "all 3 members run Apache ZooKeeper");
                assertThat(releases(up)).noneMatch(text -> text.contains("-paddock-"));
                List<String> acknowledged = writers.stop();
                assertThat(there).as("writes went on").isPositive().isLessThan(acknowledged.size());
                for (int sid : MEMBERS) holdsAll(up, sid, acknowledged);
                hashesAreEqual(up);
            }
            up.stop();
        }
    }

    /** A key that has no effect in Paddock is in the way until it is taken out; after one member the other two may stay what they are. */
    @Test
    void whatIsInTheWayIsNamedAndOneMemberGoesBack() throws Exception {
        Path manifest = manifest();
        String plain = Files.readString(manifest);
        Files.writeString(manifest, plain + "  config:\n    audit.enable: \"true\"\n");
        try (PaddockUp up = PaddockUp.launch(folder.resolve("state"), PaddockUp.freeShift(), manifest)) {
            up.awaitReady();
            try (Writers writers = new Writers(up.connectString())) {
                edit(manifest, "ZooKeeper", "Paddock");
                awaitLine(up, "the change of engine waits: without effect in Paddock: audit.enable");
                assertThat(releases(up)).noneMatch(text -> text.contains("-paddock-"));
                Files.writeString(manifest, plain);
                edit(manifest, "ZooKeeper", "Paddock");
                awaitLine(up, "serves as Paddock, in sync");
                edit(manifest, "Paddock", "ZooKeeper");
                awaitLine(up, "all 3 members run Apache ZooKeeper");
                assertThat(up.command().text().split(" becomes Paddock", -1)).hasSizeBetween(2, 3);
                assertThat(releases(up)).noneMatch(text -> text.contains("-paddock-"));
                List<String> acknowledged = writers.stop();
                for (int sid : MEMBERS) holdsAll(up, sid, acknowledged);
                hashesAreEqual(up);
            }
            up.stop();
        }
    }

    private static void awaitLine(PaddockUp up, String text) {
        await(text).atMost(PATIENCE).until(() -> {
            assertThat(up.command().isRunning()).as(up.command().text()).isTrue();
            return up.command().text().contains(text);
        });
    }

    private static List<String> releases(PaddockUp up) {
        return MEMBERS.stream().map(sid -> word(up, sid, "srvr")).toList();
    }

    private static String word(PaddockUp up, int sid, String word) {
        int port = Integer.parseInt(up.server(sid).split(":", -1)[1]);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(WORD_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("server " + sid + " does not answer " + word, e);
        }
    }

    private static void holdsAll(PaddockUp up, int sid, List<String> acknowledged) throws Exception {
        assertThat(Writers.missingAt(up.server(sid), acknowledged))
                .as("server " + sid)
                .isEmpty();
    }

    private static void hashesAreEqual(PaddockUp up) throws Exception {
        Digests.agree(up.connectString(), MEMBERS, (sid, word) -> word(up, sid, word));
    }
}
