package dev.paddock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.cli.MainTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up} says before it starts anything: one line each, exit code 1. */
class UpRefusalsTest {
    static final String CLUSTER = """
            apiVersion: paddock.dev/v1
            kind: CoordinationCluster
            metadata:
              name: demo
            spec:
              replicas: 3
            """;

    @TempDir
    Path temporary;

    private final int shift = FreeShift.of(3);

    private MainTest.Ran up(String manifest) throws IOException {
        Path file = temporary.resolve("cluster.yaml");
        Files.writeString(file, manifest);
        return MainTest.run(
                "up", "--file=" + file, "--state-dir=" + temporary.resolve("state"), "--port-shift=" + shift);
    }

    private void assertRefused(MainTest.Ran ran, String line) {
        assertThat(ran.err()).isEqualToNormalizingNewlines("paddock: " + line + "\n");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(temporary.resolve("state/server-1")).doesNotExist();
    }

    @Test
    void aWrongFieldIsNamedWithFileAndLine() throws Exception {
        MainTest.Ran ran = up(CLUSTER.replace("replicas", "replica"));
        assertThat(ran.err()).startsWith("paddock: " + temporary.resolve("cluster.yaml") + ":6: spec.replica: ");
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.exitCode()).isEqualTo(1);
    }

    @Test
    void aLeaderThatWouldSayNothingIsRefused() throws Exception {
        for (String key : new String[] {"leaderServes", "zookeeper.leaderServes"}) {
            assertRefused(
                    up(CLUSTER + "  config:\n    " + key + ": \"no\"\n"),
                    "demo: spec.config: leaderServes is no, and `paddock up` is told who leads by the server that does; take"
                            + " the key out");
        }
    }

    @Test
    void twoClustersAreOneTooMany() throws Exception {
        assertRefused(
                up(CLUSTER + "---\n" + CLUSTER.replace("demo", "other")),
                temporary.resolve("cluster.yaml") + ": `paddock up` runs one CoordinationCluster, found demo, other");
    }

    @Test
    void aPortInUseIsNamedWithWhoWantsItAndWhoHoldsIt() throws Exception {
        int port = new Ports(shift).quorum(2);
        try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            MainTest.Ran ran = up(CLUSTER);
            assertThat(ran.err())
                    .startsWith("paddock: port " + held.getLocalPort()
                            + " is wanted for the quorum port of server 2, but process "
                            + ProcessHandle.current().pid())
                    .hasLineCount(1);
            assertThat(ran.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aStateFolderInUseIsNamedWithThePid() throws Exception {
        Path state = temporary.resolve("state");
        try (StateFolder held = StateFolder.hold(state)) {
            assertRefused(
                    up(CLUSTER),
                    "state folder " + held.folder() + " is in use by the `paddock up` with pid "
                            + ProcessHandle.current().pid());
        }
    }

    @Test
    void aVersionOfZooKeeperThatCannotBeMixedIsRefused() throws Exception {
        MainTest.Ran ran = up(CLUSTER + "  engine: ZooKeeper\n  version: 3.8.4\n");
        assertThat(ran.err())
                .isEqualTo(
                        "paddock: spec.version: 3.8.4 is no ZooKeeper that Paddock's servers can be mixed with; 3.9.5"
                                + " is one" + System.lineSeparator());
        assertThat(ran.exitCode()).isEqualTo(1);
    }
}
