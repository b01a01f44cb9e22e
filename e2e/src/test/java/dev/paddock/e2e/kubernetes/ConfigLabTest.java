package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.CoordinationConfig;
import dev.paddock.e2e.kubernetes.InjectedPods.Answer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods that get a sidecar by one label: config in their files, a lock by curl, and a Job that ends. */
@ExtendWith(LabExtension.class)
class ConfigLabTest {
    @TempDir
    Path scratch;

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    @Test
    void aChangeOfConfigReachesAFileAndPodsTakeALockByCurl(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "config")) {
            cluster.create(1, scratch);
            cluster.awaitReady(1);
            InjectedPods.apply(lab, cluster, "config.yaml");
            InjectedPods.apply(lab, cluster, "job.yaml");
            Pod app = lab.client().pods().inNamespace("config").withName("app").get();
            assertThat(app.getSpec().getInitContainers())
                    .as("what the webhook added")
                    .anyMatch(container -> container.getName().equals("paddock"));

            InjectedPods.awaitSaid(cluster, "pod/app", "greeting: hello");
            var config = lab.client()
                    .resources(CoordinationConfig.class)
                    .inNamespace("config")
                    .withName("app");
            var words = lab.client().configMaps().inNamespace("config").withName("words");
            var keys = lab.client().secrets().inNamespace("config").withName("keys");
            reachesAFile(cluster, config, "{'spec':{'data':{'greeting':'good day'}}}", "greeting: good day");
            reachesAFile(cluster, words, "{'data':{'word':'green'}}", "word: green");
            reachesAFile(cluster, keys, "{'stringData':{'key':'gold'}}", "key: gold");

            long jobs = InjectedPods.awaitLocked(cluster).fencingToken();
            assertThat(jobs).isPositive();
            cluster.kubectl("wait", "--for=condition=Complete", "job/nightly", "--timeout=170s");
            aLockKeepsOthersOut(lab, cluster, jobs);
            nothingStartedTwice(lab);
        }
    }

    /** By the clock of the node, from the change of an object on. */
    private static void reachesAFile(ClusterInLab cluster, Resource<?> object, String patch, String line)
            throws Exception {
        Instant start = Instant.now();
        object.patch(PatchContext.of(PatchType.JSON_MERGE), patch.replace('\'', '"'));
        InjectedPods.awaitSaid(cluster, "pod/app", line);
        Duration took = Duration.between(start, saidAt(cluster, line));
        System.out.printf("%s: in the file %d ms after the patch%n", line, took.toMillis());
        assertThat(took).as(line).isLessThan(Duration.ofSeconds(2));
    }

    /** What starts before its sidecar has a session and the files fails, and would do better the next time. */
    private static void nothingStartedTwice(Lab lab) {
        List<Pod> injected = lab.client()
                .pods()
                .inNamespace("config")
                .withLabel("paddock.dev/inject")
                .list()
                .getItems();
        assertThat(injected)
                .as("app, one, two, and the Job's")
                .hasSize(4)
                .allSatisfy(pod -> assertThat(Stream.of(
                                        pod.getStatus().getContainerStatuses(),
                                        pod.getStatus().getInitContainerStatuses())
                                .flatMap(List::stream))
                        .isNotEmpty()
                        .allMatch(container -> container.getRestartCount() == 0));
    }

    /** By curl in two pods, the way that people are told to. */
    private static void aLockKeepsOthersOut(Lab lab, ClusterInLab cluster, long before) throws Exception {
        InjectedPods.apply(lab, cluster, "lockers.yaml");
        cluster.kubectl("wait", "--for=condition=Ready", "pod/one", "pod/two", "--timeout=170s");
        String lock = "/v1/locks/nightly";
        Answer granted = InjectedPods.curl(cluster, "one", "PUT", lock + "?wait=60s"); // the Job's sidecar may still go
        assertThat(granted.status()).as(granted::toString).isEqualTo(200);
        assertThat(granted.fencingToken()).isGreaterThan(before);

        for (String pod : List.of("two", "one")) {
            Answer refused = InjectedPods.curl(cluster, pod, "PUT", lock + "?wait=1s");
            assertThat(refused.status()).as(refused::toString).isEqualTo(409);
            assertThat(refused.body().path("holders"))
                    .singleElement()
                    .satisfies(holder -> assertThat(holder.path("fencingToken").textValue())
                            .isEqualTo(String.valueOf(granted.fencingToken())));
        }

        String lease = granted.body().path("lease").textValue();
        assertThat(InjectedPods.curl(cluster, "one", "DELETE", lock + "?lease=" + lease)
                        .status())
                .isEqualTo(204);
        Answer next = InjectedPods.curl(cluster, "two", "PUT", lock + "?wait=5s");
        assertThat(next.status()).as(next::toString).isEqualTo(200);
        assertThat(next.fencingToken()).isGreaterThan(granted.fencingToken());
    }

    /** Who trusted the one before trusts nobody of it any more: the API server must have been told, and every replica serves the new one. */
    @Test
    void podsGetASidecarAfterTheWebhooksCertificateIsReplaced(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "rotation")) {
            cluster.create(1, scratch);
            cluster.awaitReady(1);
            String before = trusted(lab);
            lab.kubectl("delete", "secret/paddock-operator-webhook-certificates", "--namespace=" + Chart.NAMESPACE);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(trusted(lab)).isNotEmpty().isNotEqualTo(before));

            InjectedPods.apply(lab, cluster, "job.yaml");
            InjectedPods.awaitLocked(cluster);
            cluster.kubectl("wait", "--for=condition=Complete", "job/nightly", "--timeout=170s");
        }
    }

    private static String trusted(Lab lab) throws Exception {
        return lab.kubectl(
                "get",
                "mutatingwebhookconfiguration/paddock-operator." + Chart.NAMESPACE,
                "--output=jsonpath={.webhooks[0].clientConfig.caBundle}");
    }

    /** When the pod said it, by the clock of its node. */
    private static Instant saidAt(ClusterInLab cluster, String line) throws Exception {
        return cluster.kubectl("logs", "pod/app", "--container=app", "--timestamps")
                .lines()
                .filter(each -> each.endsWith(" " + line))
                .map(each -> Instant.parse(each.substring(0, each.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
