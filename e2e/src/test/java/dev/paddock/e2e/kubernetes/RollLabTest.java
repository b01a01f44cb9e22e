package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.Condition;
import dev.paddock.e2e.Writers;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Members restart and are lost, and what clients see of it. */
@ExtendWith(LabExtension.class)
class RollLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path scratch;

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    @Test
    void itRollsAndHealsUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "roll")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                int leader = cluster.leader();
                String config = "{\"tickTime\":\"1000\",\"maxSessionTimeout\":\"40000\"}"; // sessions stay as long
                cluster.specify("{\"config\":" + config + "}");
                cluster.awaitReady(3);
                assertThat(cluster.steps())
                        .as("the leader hands over before it restarts")
                        .anyMatch(step -> step.startsWith("hand leadership from member " + leader));
                Duration gap = Seen.answeredInTime(writers, "rolled");
                Duration other = rollToALaterVersion(lab, cluster, writers).orElse(gap);
                assertThat(Collections.min(List.of(gap, other)))
                        .as("each client's, in the quieter of two rolls")
                        .isLessThan(Duration.ofSeconds(2));

                drain(lab, cluster, writers);
                Seen.answeredInTime(writers, "drained");
                cluster.killPod(cluster.leader());
                Seen.answeredInTime(writers, "its leader killed");
                loseVolume(cluster, cluster.leader() == 1 ? 2 : 1);
                Seen.answeredInTime(writers, "a follower's volume lost");
                for (Pod pod : cluster.pods())
                    lab.client().resource(pod).withGracePeriod(0).delete();
                writers.awaitProgress();
                cluster.awaitReady(3);
                loseStatefulSet(cluster);
                writers.awaitProgress();
                Seen.nothingIsMissing(cluster, writers);
            }
        }
    }

    /** How long a client was without an answer. */
    private static Optional<Duration> rollToALaterVersion(Lab lab, ClusterInLab cluster, Writers writers)
            throws Exception {
        if (lab.isGiven()) {
            System.out.println("left out, since a cluster that is given has the images of one version: a later one");
            return Optional.empty();
        }
        LaterRelease.loadInto(lab);
        writers.measureAnew();
        String version = "{\"version\":\"" + LaterRelease.VERSION + "\"}";
        cluster.specify(version);
        cluster.awaitReady(3);
        assertThat(cluster.get().getStatus().version()).isEqualTo(LaterRelease.VERSION);
        assertThat(cluster.pods())
                .allSatisfy(pod -> assertThat(
                                pod.getSpec().getContainers().getFirst().getImage())
                        .endsWith(":" + LaterRelease.VERSION));
        return Optional.of(Seen.answeredInTime(writers, "rolled to a later version"));
    }

    /** With all its pods. */
    private static void loseStatefulSet(ClusterInLab cluster) throws Exception {
        List<String> pods = cluster.uids(3);
        cluster.kubectl("delete", "statefulset/demo", "--timeout=170s");
        await().atMost(PATIENCE)
                .ignoreException(NullPointerException.class)
                .untilAsserted(() -> assertThat(cluster.uids(3)).doesNotContainAnyElementsOf(pods));
        cluster.awaitReady(3);
    }

    /** It stops after one pod, says so, and goes back when the spec does; and no more than one pod may be evicted. */
    @Test
    void anImageThatIsNotThereStopsAfterOnePod(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "image")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                List<String> pods = cluster.uids(3);
                cluster.specify("{\"version\":\"nothing\"}");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(cluster.get().getStatus().members())
                                        .anyMatch(member -> member.trouble() != null
                                                && member.trouble().contains("nothing")));
                await().during(Duration.ofSeconds(12)) // the operator looks every ten
                        .atMost(PATIENCE)
                        .untilAsserted(() -> stoppedAfterOne(cluster, pods));

                assertThat(evict(lab, cluster, cluster.leader()))
                        .as("the second of three")
                        .isFalse();
                assertThat(cluster.steps())
                        .filteredOn(step -> step.startsWith("restart member "))
                        .hasSize(1);
                cluster.specify("{\"version\":null}");
                cluster.awaitReady(3);
                Seen.answeredInTime(writers, "an image that is not there, and back");
                writers.awaitProgress();
                Seen.nothingIsMissing(cluster, writers);
            }
            itsVolumesMayGoWithIt(cluster);
        }
    }

    /** Two pods are those that were there, and serve; the status says what is the matter with the third. */
    private static void stoppedAfterOne(ClusterInLab cluster, List<String> before) {
        assertThat(cluster.uids(3)).filteredOn(before::contains).hasSize(2);
        assertThat(cluster.get().getStatus()).satisfies(status -> {
            assertThat(status.ready()).isEqualTo("2/3");
            assertThat(status.plan().why()).contains("paddock/node:nothing");
            assertThat(status.condition("Available").filter(Condition::holds)).isPresent();
        });
    }

    private static void itsVolumesMayGoWithIt(ClusterInLab cluster) throws Exception {
        String retention = "{\"storage\":{\"retention\":\"Delete\"}}";
        cluster.specify(retention);
        cluster.awaitReady(3);
        cluster.kubectl("delete", "ccl/demo", "--timeout=170s");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster.kubectl("get", "persistentvolumeclaims", "--output=name"))
                        .isEmpty());
    }

    /** As a drain does; false if the disruption budget forbids it. */
    private static boolean evict(Lab lab, ClusterInLab cluster, int id) {
        return lab.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName("demo-" + id)
                .evict();
    }

    /** The member forgets all, and must not vote before it has caught up. */
    private static void loseVolume(ClusterInLab cluster, int id) throws Exception {
        String uid = cluster.pod(id).getMetadata().getUid();
        String version = cluster.get().getStatus().ensemble().configVersion();
        int before = cluster.steps().size();
        cluster.kubectl("delete", "persistentvolumeclaim/data-demo-" + id, "--wait=false");
        cluster.kubectl("delete", "pod/demo-" + id, "--wait=false");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.get().getStatus().ensemble().configVersion())
                                .as("it goes out of the members and comes back")
                                .isNotEqualTo(version));
        cluster.awaitAnother(id, uid);
        List<String> since = cluster.steps().stream()
                .skip(before)
                .map(step -> step.substring(0, step.indexOf(':')))
                .toList();
        assertThat(since)
                .containsSubsequence(
                        "remove member " + id, "add member " + id + " as observer", "give member " + id + " a vote");
    }

    /** Where a pod has nowhere to go, as on an only node, one goes, and the rest stays and serves until it is back. */
    private static void drain(Lab lab, ClusterInLab cluster, Writers writers) throws Exception {
        String node = cluster.pod(1).getSpec().getNodeName();
        try {
            String drained = lab.kubectl(
                    "drain",
                    node,
                    "--pod-selector=" + Labels.selector(ClusterInLab.NAME),
                    "--delete-emptydir-data",
                    "--timeout=20s");
            assertThat(drained).as("a cluster of several nodes").contains("drained");
        } catch (IOException notWhole) {
            assertThat(notWhole).hasMessageContaining("would violate the pod's disruption budget");
        }
        try {
            writers.awaitProgress();
            assertThat(cluster.get().getStatus().condition("QuorumHealthy").filter(Condition::holds))
                    .isPresent();
        } finally {
            lab.kubectl("uncordon", node);
        }
        cluster.awaitReady(3);
    }
}
