package dev.paddock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.cli.CommandFailed;
import dev.paddock.cli.up.Processes.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervision, with shells as the processes: each notes its end in one file. */
class ProcessesTest {
    @TempDir
    Path temporary;

    private StateFolder state;
    private final List<String> screen = new ArrayList<>();
    private Processes processes = new Processes(Patience.USUAL, screen::add);

    @BeforeEach
    void holdState() {
        state = StateFolder.hold(temporary);
    }

    @AfterEach
    void stopAll() {
        processes.stop(() -> new Roles(new TreeMap<>()));
        state.close();
    }

    private List<String> polite(String name) {
        String note = "echo " + name + " >> " + temporary.resolve("ends");
        return shell("trap '" + note + "; exit 0' TERM; touch " + temporary.resolve(name)
                + "; while :; do sleep 0.02; done");
    }

    private List<String> deaf(String name) {
        return shell("trap '' TERM; touch " + temporary.resolve(name) + "; while :; do sleep 0.02; done");
    }

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    private void awaitRunning(String... names) {
        for (String name : names) {
            await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(temporary.resolve(name)));
        }
    }

    private static Roles leaderIs(int server) {
        var roles = new TreeMap<Integer, Roles.Answer>();
        for (int id = 1; id <= 3; id++) roles.put(id, new Roles.Answer(id == server ? "leader" : "follower", 0));
        return new Roles(roles);
    }

    @Test
    void stopsTheSidecarThenFollowersThenTheLeader() throws Exception {
        for (int id = 1; id <= 3; id++) processes.startServer(id, polite("s" + id), state);
        processes.startSidecar(polite("sidecar"), state);
        awaitRunning("s1", "s2", "s3", "sidecar");

        processes.stop(() -> leaderIs(2));

        List<String> ends = Files.readAllLines(temporary.resolve("ends"));
        assertThat(ends).startsWith("sidecar").endsWith("s2").containsExactlyInAnyOrder("sidecar", "s1", "s2", "s3");
        assertThat(screen).isEmpty();
    }

    @Test
    void killsWhatDoesNotStopInTime() throws Exception {
        processes = new Processes(
                new Patience(Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofMillis(300)), screen::add);
        for (int id = 1; id <= 3; id++) processes.startServer(id, deaf("s" + id), state);
        processes.startSidecar(deaf("sidecar"), state);
        awaitRunning("s1", "s2", "s3", "sidecar");
        List<Long> pids =
                List.of(processes.serverPid(1), processes.serverPid(2), processes.serverPid(3), processes.sidecarPid());

        long start = System.nanoTime();
        processes.stop(() -> leaderIs(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(pids)
                .noneMatch(
                        pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertThat(screen).hasSize(4).allMatch(line -> line.endsWith("did not stop in time and was killed"));
    }

    @Test
    void theUsualStopTakesLessThanFiveSeconds() {
        Patience usual = Patience.USUAL;
        assertThat(usual.sidecar().plus(usual.followers()).plus(usual.leader())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void startsAgainWhatDies() throws Exception {
        processes.startServer(1, polite("s1"), state);
        awaitRunning("s1");
        long first = processes.serverPid(1);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            processes.tend(Duration.ofMillis(50));
            return processes.serverPid(1) != first;
        });
        assertThat(screen)
                .containsExactly(
                        "server 1 (pid " + first + ") ended with exit code 137, starting it again in 250 ms",
                        "server 1 runs again as pid " + processes.serverPid(1));
    }

    @Test
    void anEndWhileStartingIsToldWithTheLogsLastLine() throws Exception {
        processes.startServer(1, shell("echo cannot read zoo.cfg; exit 3"), state);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThatThrownBy(processes::requireAlive)
                        .isInstanceOf(CommandFailed.class)
                        .hasMessage("server 1 ended with exit code 3 while starting: cannot read zoo.cfg; its log is "
                                + state.log("server-1")));
    }
}
