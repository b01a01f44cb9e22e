package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that test harnesses start servers with does and says what Apache ZooKeeper's of the same name does. */
class ZkServerScriptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCRIPT = PaddockUp.ROOT.resolve("e2e/src/launcher/bin/zkServer.sh");

    @TempDir
    Path folder;

    private Path config;

    private record Said(int exitCode, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    @BeforeEach
    void writeConfig() throws IOException {
        PaddockUp.prepareOnce();
        config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder.resolve("data") + "\nclientPort=" + FreePorts.one()
                        + "\nadmin.enableServer=false\n");
    }

    @AfterEach
    void killWhatIsLeft() throws IOException {
        Path pid = folder.resolve("data/zookeeper_server.pid");
        if (!Files.exists(pid)) return;
        ProcessHandle.of(Long.parseLong(Files.readString(pid))).ifPresent(ProcessHandle::destroyForcibly);
    }

    private Command start(String verb) throws IOException {
        return Command.start(
                folder,
                "env",
                "JVMFLAGS=-Xmx128m",
                "ZOO_LOG_DIR=" + folder.resolve("logs"),
                SCRIPT.toString(),
                verb,
                config.toString());
    }

    private Said run(String verb) throws IOException, InterruptedException {
        try (Command command = start(verb)) {
            int exitCode = command.await(PATIENCE.toSeconds());
            assertThat(command.lines()).contains("Using config: " + config);
            return new Said(exitCode, command.lines());
        }
    }

    private void awaitMode() {
        await().atMost(PATIENCE).until(() -> run("status").lines().contains("Mode: standalone"));
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("data/zookeeper_server.pid")));
    }

    @Test
    void startsInTheBackgroundAndStops() throws Exception {
        Said stopped = run("status");
        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.text()).contains("Error contacting service. It is probably not running.");

        Said started = run("start");
        assertThat(started.exitCode()).as(started.text()).isZero();
        assertThat(started.text()).contains("Starting zookeeper ... STARTED");
        awaitMode();
        long first = pid();

        Said again = run("start");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.text()).contains("already running as process " + first);

        Said restarted = run("restart");
        assertThat(restarted.exitCode()).as(restarted.text()).isZero();
        assertThat(restarted.text()).contains("Stopping zookeeper ... STOPPED", "Starting zookeeper ... STARTED");
        awaitMode();
        assertThat(pid()).isNotEqualTo(first);

        long second = pid();
        assertThat(run("stop").text()).contains("Stopping zookeeper ... STOPPED");
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(second).isEmpty());
        assertThat(run("status").exitCode()).isEqualTo(1);
        assertThat(run("stop").text()).contains("no zookeeper to stop");
    }

    @Test
    void inTheForegroundTheScriptBecomesTheServer() throws Exception {
        try (Command server = start("start-foreground")) {
            awaitMode();
            assertThat(server.handle().info().command())
                    .hasValueSatisfying(java -> assertThat(java).endsWith("/java"));
            assertThat(server.handle().destroy()).isTrue(); // as a harness ends it: by SIGTERM
            assertThat(server.await(PATIENCE.toSeconds())).isEqualTo(143);
        }
    }

    @Test
    void saysThatItDidNotStart() throws Exception {
        Files.writeString(config, "clientPort=1\n");
        try (Command server = start("start-foreground")) {
            assertThat(server.await(PATIENCE.toSeconds())).isEqualTo(2);
        }
    }
}
