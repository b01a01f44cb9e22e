package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.Condition;
import dev.paddock.e2e.Digests;
import dev.paddock.e2e.Writers;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code engine: ZooKeeper} in a real Kubernetes: Apache's own servers in the same pods, replaced by Paddock's one by one, and back. */
@ExtendWith(LabExtension.class)
class EngineLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final int WORD_MILLIS = 5_000;
    private static final List<Integer> MEMBERS = List.of(1, 2, 3);

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
        ApacheImage.loadInto(lab);
    }

    @Test
    void anEnsembleOfZooKeeperBecomesPaddockAndGoesBackUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "engine")) {
            cluster.apply(ROOT.resolve("examples/migrate-from-zookeeper.yaml"));
            cluster.awaitReady(3);
            assertThat(releases(cluster)).noneMatch(text -> text.contains("-paddock-"));
            assertThat(cluster.kubectl("get", "ccl", "demo")).containsPattern("demo +3/3 +[123] +3[.]9[.]5 ");

            membersSpeakTls(cluster);

            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                refusesAVersionOfZooKeepers(cluster);
                int leader = cluster.leader();
                cluster.specify("{\"engine\":\"Paddock\",\"version\":null}");
                cluster.awaitReady(3);
                assertThat(releases(cluster)).allMatch(text -> text.contains("-paddock-"));
                assertThat(restarts(cluster))
                        .as("each once, the leader last")
                        .hasSize(3)
                        .last()
                        .isEqualTo(leader);
                membersSpeakTls(cluster);
                hashesAreEqual(cluster);
                told(cluster, writers, "to Paddock");
                int there = writers.acknowledged().size();
                writers.awaitProgress();

                cluster.specify("{\"engine\":\"ZooKeeper\",\"version\":\"3.9.5\"}");
                cluster.awaitReady(3);
                assertThat(releases(cluster)).noneMatch(text -> text.contains("-paddock-"));
                writers.awaitProgress();
                hashesAreEqual(cluster);
                told(cluster, writers, "and back");
                List<String> acknowledged = writers.stop();
                assertThat(there).as("writes went on").isPositive().isLessThan(acknowledged.size());
                for (int id : MEMBERS) {
                    assertThat(Writers.missingAt(address(cluster, id) + ":2181", acknowledged))
                            .as("member " + id)
                            .isEmpty();
                }
            }
        }
    }

    /** By ZooKeeper's own reconfigurations; a leader that has to go cannot hand over, and restarts first. */
    @Test
    void membersOfZooKeeperGoAndComeUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "zookeeper-scale")) {
            cluster.apply(ROOT.resolve("examples/migrate-from-zookeeper.yaml"));
            cluster.awaitReady(3);
            try (Writers writers = new Writers(cluster.service())) {
                for (int replicas : List.of(2, 3)) {
                    writers.awaitProgress();
                    cluster.kubectl("scale", "ccl/demo", "--replicas=" + replicas);
                    cluster.awaitReady(replicas);
                }
                writers.awaitProgress();
                told(cluster, writers, "3 to 2 to 3");
                assertThat(Writers.missingAt(cluster.service(), writers.stop())).isEmpty();
            }
        }
    }

    private static void membersSpeakTls(ClusterInLab cluster) throws Exception {
        for (int id : MEMBERS) {
            assertThat(TlsLabTest.served(cluster.pod(id), 3888)
                            .getIssuerX500Principal()
                            .getName())
                    .startsWith("CN=paddock-members since ");
        }
    }

    /** Nothing is touched, and the status says what to do. */
    private static void refusesAVersionOfZooKeepers(ClusterInLab cluster) throws Exception {
        List<String> before = cluster.uids(MEMBERS.size());
        cluster.specify("{\"engine\":\"Paddock\"}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster.get().getStatus().condition("Stalled"))
                        .get()
                        .matches(Condition::holds)
                        .extracting(Condition::message)
                        .asString()
                        .contains("3.9.5"));
        assertThat(cluster.get().getStatus().condition("Upgrading").filter(Condition::holds))
                .isPresent();
        assertThat(cluster.uids(MEMBERS.size())).isEqualTo(before);
    }

    /** Members that were restarted, in order. */
    private static List<Integer> restarts(ClusterInLab cluster) {
        return cluster.steps().stream()
                .filter(step -> step.startsWith("restart member "))
                .map(step -> step.charAt("restart member ".length()) - '0')
                .toList();
    }

    private static void told(ClusterInLab cluster, Writers writers, String what) {
        Seen.answeredInTime(writers, what);
        cluster.steps().forEach(step -> System.out.println("  " + step));
    }

    private static List<String> releases(ClusterInLab cluster) {
        return MEMBERS.stream().map(id -> word(cluster, id, "srvr")).toList();
    }

    private static String address(ClusterInLab cluster, int id) {
        Pod pod = cluster.pod(id);
        return pod.getStatus().getPodIP();
    }

    private static String word(ClusterInLab cluster, int id, String word) {
        try (Socket socket = new Socket(address(cluster, id), 2181)) {
            socket.setSoTimeout(WORD_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("member " + id + " does not answer " + word, e);
        }
    }

    private static void hashesAreEqual(ClusterInLab cluster) throws Exception {
        Digests.agree(cluster.service(), MEMBERS, (id, word) -> word(cluster, id, word));
    }
}
