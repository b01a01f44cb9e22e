package dev.paddock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.operator.planner.Membership;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock up} with real servers and a real sidecar. */
class UpTest {
    private static final String KEYS = """
        ---
        apiVersion: paddock.dev/v1
        kind: CoordinationConfig
        metadata:
          name: app
        spec:
          clusterRef:
            name: demo
          path: /app/web
          data:
            greeting: hello
            colour: blue
        """;

    private static final Duration STOP_MAX = Duration.ofSeconds(20); // on a busy machine

    @TempDir
    Path temporary;

    private static final List<Integer> FIRST = List.of(1, 2, 3);

    private final Ports ports = new Ports(FreeShift.of(5));

    private Path manifest() throws Exception {
        return Files.writeString(temporary.resolve("demo.yaml"), UpRefusalsTest.CLUSTER + KEYS);
    }

    private String value(String path) throws Exception {
        try (Client client = Client.builder(ports.connectString(FIRST)).start()) {
            return new String(client.blocking().getData(path).value().data(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void followsEditsRestartsTheDeadAndStopsOnControlC() throws Exception {
        Path manifest = manifest();
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift())) {
            assertThat(up.children()).hasSize(4);
            assertThat(up.lines()).contains("2 config keys written");
            assertThat(value("/app/web/greeting")).isEqualTo("hello");

            Files.writeString(
                    manifest, Files.readString(manifest).replace("hello", "bye").replace("    colour: blue\n", ""));
            up.awaitLines(2, "2 config keys written"::equals); // one changed, one deleted
            assertThat(value("/app/web/greeting")).isEqualTo("bye");

            Files.writeString(manifest, Files.readString(manifest).replace("replicas: 3", "replica: 5"));
            up.awaitLine(line -> line.startsWith(manifest + ":6: spec.replica: unknown field"));

            up.children().getFirst().destroyForcibly();
            up.awaitLine(line -> line.contains(" runs again as pid "));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Roles.ask(ports, FIRST).byServer().size() == 3);

            up.controlC();
            assertThat(up.awaitExit(STOP_MAX)).isZero();
            up.awaitNoChildren(Duration.ofSeconds(10));
            assertThat(up.lines())
                    .filteredOn(line -> !line.endsWith("did not stop in time and was killed"))
                    .endsWith("stopping");
        }
    }

    @Test
    void growsAndShrinksWhileClientsWrite() throws Exception {
        Path manifest = replicas(1);
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift());
                var writers = Writers.start(ports, 4)) {
            for (int servers : List.of(3, 5, 3, 1, 3)) {
                int before = up.count(UpTest::isDone);
                replicas(servers);
                up.awaitLines(before + 1, UpTest::isDone);
                assertThat(up.lines()).endsWith(servers == 1 ? "1 server now" : servers + " servers now");
                assertThat(voters())
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, servers).boxed().toList());
                writers.awaitMore(50);
            }
            writers.stop();
            assertThat(writers.refused()).isEmpty();
            losesFew(writers, up);
            assertThat(up.lines())
                    .containsSubsequence("member 2 is catching up", "server 2 has caught up and gets a vote")
                    .doesNotContain(
                            "server 2 joins as an observer"); // one voter alone cannot decide that there are two
            leavesBetween("5 servers now", 5, 4, "3 servers now", up);
            leavesBetween("3 servers now", 3, 2, "1 server now", up);
            for (int server : List.of(3, 4, 5))
                assertThat(up.lines())
                        .containsSubsequence(
                                "server " + server + " joins as an observer",
                                "server " + server + " has caught up and gets a vote",
                                "5 servers now");
            try (Client client = Client.builder(ports.connectString(List.of(3))).start()) {
                client.blocking().sync("/");
                assertThat(client.blocking().getChildren("/").value().names()).containsAll(writers.acknowledged());
            }
            up.controlC();
            assertThat(up.awaitExit(STOP_MAX)).isZero();
        }
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift())) {
            assertThat(up.children()).hasSize(4); // three servers and the sidecar
            assertThat(voters()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aLeaderThatIsToGoHandsOverFirst() throws Exception {
        Path manifest = replicas(3);
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift());
                var writers = Writers.start(ports, 4)) {
            int leader = Roles.ask(ports, FIRST).leader().orElseThrow();
            assertThat(leader)
                    .as("of servers that all began empty, the newest there")
                    .isGreaterThan(1);
            writers.awaitMore(50);
            replicas(1);
            up.awaitLine("1 server now"::equals);
            assertThat(up.lines())
                    .containsSubsequence(
                            "server " + leader + " hands leadership over",
                            "server " + leader + " is taken out of the members",
                            "server " + leader + " is stopped",
                            "1 server now");
            writers.awaitMore(50);
            writers.stop();
            assertThat(writers.refused()).isEmpty();
            losesFew(writers, up);
            try (Client client = Client.builder(ports.connectString(List.of(1))).start()) {
                client.blocking().sync("/");
                assertThat(client.blocking().getChildren("/").value().names()).containsAll(writers.acknowledged());
            }
        }
    }

    /** Each goes out of the members before it is stopped. */
    private static void leavesBetween(String before, int one, int other, String after, RunningUp up) {
        for (int server : List.of(one, other))
            assertThat(up.lines())
                    .containsSubsequence(
                            before,
                            "server " + server + " is taken out of the members",
                            "server " + server + " is stopped",
                            after);
    }

    /** At most one write of each for every server that was stopped and every leader that handed over. */
    private static void losesFew(Writers writers, RunningUp up) {
        int max = up.count(line -> line.endsWith(" is stopped") || line.endsWith(" hands leadership over"));
        System.out.println("a writer lost " + writers.lostMax() + " writes, of " + max + " that may be lost");
        assertThat(writers.lostMax()).isLessThanOrEqualTo(max);
    }

    private static boolean isDone(String line) {
        return line.endsWith(" now");
    }

    private NavigableSet<Integer> voters() {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> FourLetterWord.ask(ports.client(1), "conf").flatMap(Membership::parse),
                        Optional::isPresent)
                .orElseThrow()
                .voters();
    }

    private Path replicas(int count) throws Exception {
        return Files.writeString(
                temporary.resolve("demo.yaml"), UpRefusalsTest.CLUSTER.replace("replicas: 3", "replicas: " + count));
    }

    @Test
    void aSecondRunFindsTheDataAndAKillLeavesNothingBehind() throws Exception {
        Path manifest = manifest();
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift())) {
            up.killOutright();
            up.awaitNoChildren(Duration.ofSeconds(20));
        }
        try (RunningUp up = RunningUp.start(temporary, manifest, ports.shift())) {
            assertThat(up.lines()).noneMatch(line -> line.endsWith("written"));
            assertThat(value("/app/web/colour")).isEqualTo("blue");
            up.controlC();
            assertThat(up.awaitExit(STOP_MAX)).isZero();
        }
    }
}
