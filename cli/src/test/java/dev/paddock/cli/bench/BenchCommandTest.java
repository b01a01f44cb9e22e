package dev.paddock.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.cli.MainTest;
import dev.paddock.cli.MainTest.Ran;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against a server in this process. */
class BenchCommandTest {
    @TempDir
    static Path folder;

    static Node node;
    static String server;

    @BeforeAll
    static void start() throws Exception {
        int port = FreePorts.one();
        Path config = folder.resolve("zoo.cfg");
        Files.writeString(config, """
                tickTime=2000
                preAllocSize=1024
                clientPortAddress=127.0.0.1
                clientPort=%d
                dataDir=%s
                """.formatted(port, folder.resolve("data")));
        node = Node.start(NodeConfig.read(config), failure -> {
            throw new AssertionError(failure);
        });
        server = "127.0.0.1:" + port;
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Ran bench(String... more) {
        List<String> words = new ArrayList<>(List.of("bench", "--servers", server));
        words.addAll(List.of(more));
        return MainTest.run(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "mixed"})
    void aLoadIsCarriedWithoutErrorsAndLeavesNothing(String workload) throws IOException {
        long self = ProcessHandle.current().pid();
        Ran ran = bench(
                "--workload=" + workload,
                "--json",
                "--pids=" + self,
                "--seconds=1",
                "--warmup=0",
                "--connections=3",
                "--depth=4",
                "--znodes=500");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertThat(json.path("errors").asLong(-1)).isZero();
        assertThat(json.path("operations").asLong()).isPositive();
        assertThat(json.path("p99Millis").asDouble())
                .isGreaterThanOrEqualTo(json.path("p50Millis").asDouble());
        assertThat(json.path("servers").path(0).path("pid").asLong()).isEqualTo(self);
        assertThat(json.path("servers").path(0).path("cpuSeconds").asDouble()).isPositive();
        assertThat(MainTest.run("shell", "-server", server, "ls", "/").out()).doesNotContain("paddock-bench");
    }

    @Test
    void dataLargerThanABufferComesThrough() {
        Ran ran = bench(
                "--workload=mixed",
                "--size=300000",
                "--seconds=1",
                "--warmup=0",
                "--connections=3",
                "--depth=4",
                "--znodes=3");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("ops/s", "p99 ms", "mixed: 3 connections, depth 4, 3 znodes of 300000 bytes");
    }

    @Test
    void aChrootThatIsNotThereIsNamed() {
        Ran ran = MainTest.run("bench", "--servers", server + "/nowhere");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).startsWith("paddock: " + server + " answered NO_NODE in /nowhere/paddock-bench-");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        String nobody = "127.0.0.1:" + FreePorts.one();
        Ran ran = MainTest.run("bench", "--servers", nobody);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("paddock: no session at " + nobody + ": ")
                .hasLineCount(1);
    }

    @Test
    void aProcessThatIsNotThereIsNamedBeforeAnythingIsDone() {
        Ran ran = bench("--pids=" + Integer.MAX_VALUE);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEqualToNormalizingNewlines("paddock: no process " + Integer.MAX_VALUE + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--workload=writ, 'read, write or mixed, not'",
        "--depth=0, depth must be from 1",
        "--connections=x, --connections",
        "--seconds=0, seconds must be more than 0",
        "--size=2000000, size must be from 0 to"
    })
    void aWrongOptionIsWrongUsage(String option, String meant) {
        Ran ran = bench(option);
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .contains(meant)
                .endsWith("; see paddock bench --help\n")
                .hasLineCount(1);
    }
}
