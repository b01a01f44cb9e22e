package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.Condition;
import dev.paddock.e2e.Writers;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's life in a real Kubernetes, and what its clients see of it. */
@ExtendWith(LabExtension.class)
class OperatorLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** In which somebody's write must have been answered. */
    private static final Duration SILENT = Duration.ofSeconds(2);
    /** Likewise each client's, which sleeps for up to a second of its own before it tries a server. */
    private static final Duration LOST = SILENT.plusSeconds(1);

    /** Likewise, while a pod starts, which takes all processors of a small machine. */
    private static final Duration SILENT_BESIDE_A_START = Duration.ofSeconds(5);

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
                nothingIsMissing(cluster, writers);
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
        List<String> pods = uids(cluster, 3);
        cluster.kubectl("patch", "ccl/demo", "--type=merge", "--patch={\"spec\":{\"storage\":{\"size\":\"32Gi\"}}}");
        cluster.awaitReady(3);
        String sizes = "--output=jsonpath={.items[*].status.capacity.storage}";
        assertThat(cluster.kubectl("get", "persistentvolumeclaims", sizes)).isEqualTo("32Gi 32Gi 32Gi");
        assertThat(uids(cluster, 3)).as("nobody was restarted").isEqualTo(pods);
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
                    writers.awaitProgress();
                    cluster.kubectl("scale", "ccl/demo", "--replicas=" + replicas);
                    if (replicas == 5) {
                        await().atMost(PATIENCE)
                                .until(() -> steps(lab, cluster).stream()
                                        .anyMatch(step -> step.startsWith("start member 4")));
                        killTheOperatorThatWorks(lab);
                    }
                    cluster.awaitReady(replicas);
                    told(writers, "scaled to " + replicas);
                }
                writers.awaitProgress();
                nothingIsMissing(cluster, writers);
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
                answeredInTime(writers, "an observer more");
                assertThat(cluster.get().getStatus().members())
                        .filteredOn(member -> member.role().equals("observer"))
                        .extracting(member -> member.id())
                        .containsExactly(4);
                List<String> pods = uids(cluster, 3);
                resize(cluster, 1, 2, List.of(2, 3));
                told(writers, "two voters observe");
                resize(cluster, 3, 0, List.of());
                answeredInTime(writers, "two observers vote");
                assertThat(uids(cluster, 3)).as("nobody was restarted").isEqualTo(pods);
                writers.awaitProgress();
                nothingIsMissing(cluster, writers);
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
        cluster.kubectl(
                "patch",
                "ccl/demo",
                "--type=merge",
                "--patch={\"spec\":{\"replicas\":%d,\"observers\":%d}}".formatted(replicas, observers));
        assertThat(cluster.awaitReady(replicas).ensemble().observers()).isEqualTo(observing);
    }

    /** Of the pods of members 1 to {@code last}. */
    private static List<String> uids(ClusterInLab cluster, int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(id -> cluster.pod(id).getMetadata().getUid())
                .toList();
    }

    /** Holds what clients saw to the bound, and measures anew. */
    private static void answeredInTime(Writers writers, String what) {
        String seen = writers.seen();
        assertThat(writers.longestSilence()).as(() -> what + ": " + seen).isLessThan(SILENT_BESIDE_A_START);
        told(writers, what);
    }

    /** Says what clients saw, and measures anew. */
    private static void told(Writers writers, String what) {
        System.out.println(what + ": " + writers.seen());
        writers.measureAnew();
    }

    /** Ends the writing. */
    private static void nothingIsMissing(ClusterInLab cluster, Writers writers) throws Exception {
        writers.stop();
        assertThat(Writers.missingAt(cluster.service(), writers.acknowledged())).isEmpty();
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
                nothingIsMissing(cluster, writers);
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

    @Test
    void itRollsAndHealsUnderLoad(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "roll")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                int leader = cluster.leader();
                String config = "{\"tickTime\":\"1000\",\"maxSessionTimeout\":\"40000\"}"; // sessions stay as long
                cluster.kubectl("patch", "ccl/demo", "--type=merge", "--patch={\"spec\":{\"config\":" + config + "}}");
                cluster.awaitReady(3);
                assertThat(steps(lab, cluster))
                        .as("the leader hands over before it restarts")
                        .anyMatch(step -> step.startsWith("hand leadership from member " + leader));
                assertThat(writers.longestSilence()).as(writers::seen).isLessThan(SILENT);
                assertThat(writers.longestGap()).as("of one client").isLessThan(LOST);
                told(writers, "rolled");

                drain(lab, cluster, writers);
                answeredInTime(writers, "drained");
                replaced(cluster, cluster.leader());
                told(writers, "its leader killed");
                loseVolume(lab, cluster, cluster.leader() == 1 ? 2 : 1);
                told(writers, "a follower's volume lost");
                for (Pod pod : cluster.pods())
                    lab.client().resource(pod).withGracePeriod(0).delete();
                writers.awaitProgress();
                cluster.awaitReady(3);
                nothingIsMissing(cluster, writers);
            }
        }
    }

    /** It stops after one pod, says so, and goes back when the spec does; and no more than one pod may be evicted. */
    @Test
    void anImageThatIsNotThereStopsAfterOnePod(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "image")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            cluster.kubectl("patch", "ccl/demo", "--type=merge", "--patch={\"spec\":{\"version\":\"nothing\"}}");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(cluster.get().getStatus().members())
                            .anyMatch(member ->
                                    member.trouble() != null && member.trouble().contains("nothing")));
            assertThat(cluster.get().getStatus().ready()).isEqualTo("2/3");
            assertThat(cluster.get().getStatus().condition("Available").filter(Condition::holds))
                    .isPresent();

            assertThat(evict(lab, cluster, cluster.leader()))
                    .as("the second of three")
                    .isFalse();
            cluster.kubectl("patch", "ccl/demo", "--type=merge", "--patch={\"spec\":{\"version\":null}}");
            cluster.awaitReady(3);
        }
    }

    /** As a drain does; false if the disruption budget forbids it. */
    private static boolean evict(Lab lab, ClusterInLab cluster, int id) {
        return lab.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName("demo-" + id)
                .evict();
    }

    /** The pod is killed without a word. */
    private static void replaced(ClusterInLab cluster, int id) throws Exception {
        String uid = cluster.pod(id).getMetadata().getUid();
        cluster.kubectl("delete", "pod/demo-" + id, "--grace-period=0", "--force");
        awaitAnother(cluster, id, uid);
    }

    /** The member forgets all, and must not vote before it has caught up. */
    private static void loseVolume(Lab lab, ClusterInLab cluster, int id) throws Exception {
        String uid = cluster.pod(id).getMetadata().getUid();
        String version = cluster.get().getStatus().ensemble().configVersion();
        int before = steps(lab, cluster).size();
        cluster.kubectl("delete", "persistentvolumeclaim/data-demo-" + id, "--wait=false");
        cluster.kubectl("delete", "pod/demo-" + id, "--wait=false");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.get().getStatus().ensemble().configVersion())
                                .as("it goes out of the members and comes back")
                                .isNotEqualTo(version));
        awaitAnother(cluster, id, uid);
        List<String> since = steps(lab, cluster).stream()
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

    private static void awaitAnother(ClusterInLab cluster, int id, String uid) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Pod pod = cluster.pod(id);
            assertThat(pod).isNotNull();
            assertThat(pod.getMetadata().getUid()).isNotEqualTo(uid);
            assertThat(Readiness.getInstance().isReady(pod))
                    .as("what the status says may be of the one before")
                    .isTrue();
            assertThat(cluster.get().getStatus().members()).anyMatch(member -> member.id() == id && member.ready());
        });
        cluster.awaitReady(3);
    }

    /** In the order in which they were told. */
    private static List<String> steps(Lab lab, ClusterInLab cluster) {
        return lab.client().v1().events().inNamespace(cluster.namespace()).list().getItems().stream()
                .filter(event -> "Step".equals(event.getReason()))
                .sorted(Comparator.comparingLong(
                        event -> Long.parseLong(event.getMetadata().getResourceVersion())))
                .map(Event::getMessage)
                .toList();
    }
}
