package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods that get a sidecar by one label: config in their files, a lock by one request, and a Job that ends. */
@ExtendWith(LabExtension.class)
class ConfigLabTest {
    @TempDir
    Path scratch;

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    @Test
    void aChangeOfConfigReachesAFileAndAJobTakesALockAndEnds(Lab lab) throws Exception {
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
            long start = System.nanoTime();
            cluster.kubectl(
                    "patch", "ccfg/app", "--type=merge", "--patch={\"spec\":{\"data\":{\"greeting\":\"good day\"}}}");
            InjectedPods.awaitSaid(cluster, "pod/app", "greeting: good day");
            System.out.printf("config: in the file %d ms after the patch%n", (System.nanoTime() - start) / 1_000_000);

            InjectedPods.awaitSaid(cluster, "job/nightly", "lock: 200");
            cluster.kubectl("wait", "--for=condition=Complete", "job/nightly", "--timeout=170s");
        }
    }
}
