package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.Condition;
import dev.paddock.e2e.Writers;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's life in a real Kubernetes, and what its clients see of it. */
@ExtendWith(LabExtension.class)
class OperatorLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));

    @TempDir
    Path scratch;

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    @Test
    void theQuickstartServesAndItsVolumesOutliveIt(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "quickstart")) {
            long start = System.nanoTime();
            cluster.apply(ROOT.resolve("examples/quickstart.yaml"));
            cluster.kubectl("wait", "--for=condition=Ready", "coordinationcluster/demo", "--timeout=170s");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            System.out.printf("quickstart: ready %.1f s after the apply%n", took.toMillis() / 1e3);
            assertThat(took).isLessThan(Duration.ofSeconds(60));
            cluster.kubectl("wait", "--for=condition=Ready", "coordinationconfig/app", "--timeout=170s");
            assertThat(cluster.kubectl("get", "ccl", "demo")).containsPattern("demo +3/3 +[123] +\\S+ ");
            assertThat(cluster.kubectl("get", "ccl", "demo", "--output=wide"))
                    .contains("READY", "LEADER", "VERSION", "EPOCH", "CONFIG VERSION", "ENDPOINT", "AGE")
                    .contains("demo-client.quickstart.svc:2181");
            assertThat(cluster.kubectl("explain", "ccl.spec.replicas")).contains("Voting members");
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                growVolumes(cluster);
                writers.awaitProgress();
                anAutoscalerScalesIt(lab, cluster);
                Seen.nothingIsMissing(cluster, writers);
            }

            cluster.kubectl("delete", "coordinationconfig/app", "coordinationcluster/demo", "--timeout=170s");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.pods()).isEmpty());
            assertThat(cluster.kubectl("get", "persistentvolumeclaims", "--output=name")
                            .lines())
                    .hasSize(5);
        }
    }

    /** Nothing measures pods here: it knows only that there are fewer than it may have. */
    private static void anAutoscalerScalesIt(Lab lab, ClusterInLab cluster) {
        HorizontalPodAutoscaler autoscaler = lab.client()
                .resource(new HorizontalPodAutoscalerBuilder()
                        .withNewMetadata()
                        .withName(ClusterInLab.NAME)
                        .withNamespace(cluster.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withNewScaleTargetRef("paddock.dev/v1", "CoordinationCluster", ClusterInLab.NAME)
                        .withMinReplicas(5)
                        .withMaxReplicas(9)
                        .addNewMetric()
                        .withType("Resource")
                        .withNewResource()
                        .withName("cpu")
                        .withNewTarget()
                        .withType("Utilization")
                        .withAverageUtilization(80)
                        .endTarget()
                        .endResource()
                        .endMetric()
                        .endSpec()
                        .build())
                .create();
        cluster.awaitReady(5);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                lab.client().resource(autoscaler).get().getStatus())
                        .satisfies(status -> {
                            assertThat(status.getCurrentReplicas()).isEqualTo(5);
                            assertThat(status.getConditions())
                                    .anyMatch(c -> c.getType().equals("AbleToScale")
                                            && c.getStatus().equals("True"));
                        }));
        lab.client().resource(autoscaler).delete();
    }

    private static void growVolumes(ClusterInLab cluster) throws Exception {
        List<String> pods = cluster.uids(3);
        cluster.specify("{\"storage\":{\"size\":\"32Gi\"}}");
        cluster.awaitReady(3);
        String sizes = "--output=jsonpath={.items[*].status.capacity.storage}";
        assertThat(cluster.kubectl("get", "persistentvolumeclaims", sizes)).isEqualTo("32Gi 32Gi 32Gi");
        assertThat(cluster.uids(3)).as("nobody was restarted").isEqualTo(pods);
    }

    /** The operator that works is killed while it grows the ensemble; the other one goes on. */
    @Test
    void itGrowsAndShrinksUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "scale")) {
            cluster.create(1, scratch);
            cluster.awaitReady(1);
            List<String> written;
            try (Writers writers = new Writers(cluster.service())) {
                for (int replicas : List.of(3, 5, 3, 1)) {
                    if (replicas == 1 && cluster.leader() == 1) cluster.killPod(1); // one that is to go leads
                    writers.awaitProgress();
                    cluster.kubectl("scale", "ccl/demo", "--replicas=" + replicas);
                    if (replicas == 5) {
                        await().atMost(PATIENCE)
                                .until(() ->
                                        cluster.steps().stream().anyMatch(step -> step.startsWith("start member 4")));
                        killTheOperatorThatWorks(lab);
                    }
                    cluster.awaitReady(replicas);
                    Seen.answeredInTime(writers, "scaled to " + replicas);
                }
                cluster.steps().forEach(step -> System.out.println("  " + step));
                assertThat(cluster.steps()).anyMatch(step -> step.startsWith("hand leadership from member "));
                writers.awaitProgress();
                Seen.nothingIsMissing(cluster, writers);
                written = writers.lasting();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.pods()).hasSize(1));

            cluster.kubectl("scale", "ccl/demo", "--replicas=0");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.pods()).isEmpty());
            cluster.kubectl("scale", "ccl/demo", "--replicas=1");
            cluster.awaitReady(1);
            assertThat(written).isNotEmpty();
            assertThat(Writers.missingAt(cluster.service(), written)).isEmpty();
        }
    }

    /** Voters become observers and observers voters, by reconfigurations alone. */
    @Test
    void membersObserveAndVoteUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "observers")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                resize(cluster, 3, 1, List.of(4));
                Seen.answeredInTime(writers, "an observer more");
                assertThat(cluster.get().getStatus().members())
                        .filteredOn(member -> member.role().equals("observer"))
                        .extracting(member -> member.id())
                        .containsExactly(4);
                List<String> pods = cluster.uids(3);
                resize(cluster, 1, 2, List.of(2, 3));
                Seen.answeredInTime(writers, "two voters observe");
                resize(cluster, 3, 0, List.of());
                Seen.answeredInTime(writers, "two observers vote");
                assertThat(cluster.uids(3)).as("nobody was restarted").isEqualTo(pods);
                writers.awaitProgress();
                Seen.nothingIsMissing(cluster, writers);
            }
            aServerThatEndsStartsAgain(lab, cluster);
        }
    }

    /** In the same pod, which had its key from a Secret that has changed since. */
    private static void aServerThatEndsStartsAgain(Lab lab, ClusterInLab cluster) throws Exception {
        if (!lab.showsProcesses()) {
            System.out.println(
                    "left out, since pods' processes are not this machine's: a server that ends starts again");
            return;
        }
        Pod pod = cluster.pod(1);
        String uid = pod.getMetadata().getUid();
        Optional<ProcessHandle> server = ProcessHandle.allProcesses()
                .filter(process -> {
                    String mounts = proc(process, "mountinfo");
                    return mounts.contains(uid) && mounts.contains(" /member-keys/own.pem ");
                })
                .findAny();
        assertThat(server).as("the server of demo-1").isPresent();
        cluster.kubectl(
                "annotate",
                "pod/demo-1",
                "looked-at=now"); // the kubelet brings changes of Secrets when it looks at a pod
        await().atMost(PATIENCE)
                .until(() -> proc(server.get(), "mountinfo")
                        .lines()
                        .anyMatch(mount -> mount.contains("deleted /member-keys/own.pem ")));
        server.get().destroyForcibly();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster.pod(1).getStatus().getContainerStatuses())
                        .isNotEmpty()
                        .allMatch(container -> container.getRestartCount() == 1 && container.getReady()));
        assertThat(cluster.pod(1).getMetadata().getUid()).isEqualTo(uid);
        cluster.awaitReady(3);
        System.out.println("member 1 started again in its pod, after its Secret had changed");
    }

    private static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
        } catch (IOException gone) {
            return "";
        }
    }

    private static void resize(ClusterInLab cluster, int replicas, int observers, List<Integer> observing)
            throws Exception {
        cluster.specify("{\"replicas\":%d,\"observers\":%d}".formatted(replicas, observers));
        assertThat(cluster.awaitReady(replicas).ensemble().observers()).isEqualTo(observing);
    }

    /** Waits until the other one works. */
    private static void killTheOperatorThatWorks(Lab lab) {
        String works = worker(lab);
        List<Pod> killed = lab.client().pods().inNamespace(Chart.NAMESPACE).list().getItems().stream()
                .filter(pod -> works.contains(pod.getMetadata().getName()))
                .toList();
        assertThat(killed).as(works).hasSize(1);
        lab.client().resource(killed.getFirst()).withGracePeriod(0).delete();
        await().atMost(PATIENCE).until(() -> worker(lab), holder -> !holder.isEmpty() && !holder.equals(works));
    }

    /** Who holds the Lease; empty if nobody does. */
    private static String worker(Lab lab) {
        Lease lease = lab.client()
                .leases()
                .inNamespace(Chart.NAMESPACE)
                .withName("paddock-operator")
                .get();
        return Optional.ofNullable(lease.getSpec().getHolderIdentity()).orElse("");
    }

    /** A new cluster of an old name has nothing of the old one, and does nothing to what it left. */
    @Test
    void volumesOfAnotherClusterAreRefused(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "stranger")) {
            cluster.create(1, scratch);
            cluster.awaitReady(1);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                Seen.nothingIsMissing(cluster, writers);
            }
            String owner = cluster.get().getMetadata().getUid();
            cluster.kubectl("delete", "ccl/demo", "--timeout=170s");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.pods()).isEmpty());
            PersistentVolume volume = volume(lab, cluster);
            Map<String, ByteBuffer> left = contents(lab, volume);

            cluster.create(1, scratch);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.get().getStatus().members())
                            .anySatisfy(member ->
                                    assertThat(member.trouble()).contains("prepare ended with 4", "cluster=" + owner)));
            assertThat(cluster.get().getStatus().condition("Ready").filter(Condition::holds))
                    .isEmpty();
            assertThat(volume(lab, cluster).getMetadata().getUid())
                    .isEqualTo(volume.getMetadata().getUid());
            assertThat(contents(lab, volume)).isEqualTo(left);
        }
    }

    private static PersistentVolume volume(Lab lab, ClusterInLab cluster) {
        PersistentVolumeClaim claim = lab.client()
                .persistentVolumeClaims()
                .inNamespace(cluster.namespace())
                .withName("data-demo-1")
                .get();
        return lab.client()
                .persistentVolumes()
                .withName(claim.getSpec().getVolumeName())
                .get();
    }

    /** Files by path, if they are on this machine. */
    private static Map<String, ByteBuffer> contents(Lab lab, PersistentVolume volume) throws IOException {
        if (lab.isGiven()) {
            System.out.println("left out, since volumes are not on this machine: what is in one");
            return Map.of();
        }
        Map<String, ByteBuffer> contents = new TreeMap<>();
        Path folder = Path.of(volume.getSpec().getHostPath().getPath());
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList())
                contents.put(
                        folder.relativize(file) + " of " + Files.getLastModifiedTime(file),
                        ByteBuffer.wrap(Files.readAllBytes(file)));
        }
        assertThat(contents).as(folder.toString()).isNotEmpty();
        return contents;
    }
}
