package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods that get a sidecar by one label: config in their files, a lock by one request, and a Job that ends. */
@ExtendWith(LabExtension.class)
class ConfigLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
            lab.client().resource(program()).inNamespace("config").serverSideApply();
            try (InputStream manifests = ConfigLabTest.class.getResourceAsStream("config.yaml")) {
                List<HasMetadata> objects = lab.client().load(manifests).items();
                for (HasMetadata each : objects)
                    lab.client().resource(each).inNamespace("config").serverSideApply();
            }
            Pod app = lab.client().pods().inNamespace("config").withName("app").get();
            assertThat(app.getSpec().getInitContainers())
                    .as("what the webhook added")
                    .anyMatch(container -> container.getName().equals("paddock"));

            awaitSaid(cluster, "pod/app", "greeting: hello");
            long start = System.nanoTime();
            cluster.kubectl(
                    "patch", "ccfg/app", "--type=merge", "--patch={\"spec\":{\"data\":{\"greeting\":\"good day\"}}}");
            awaitSaid(cluster, "pod/app", "greeting: good day");
            System.out.printf("config: in the file %d ms after the patch%n", (System.nanoTime() - start) / 1_000_000);

            awaitSaid(cluster, "job/nightly", "lock: 200");
            cluster.kubectl("wait", "--for=condition=Complete", "job/nightly", "--timeout=170s");
        }
    }

    private static void awaitSaid(ClusterInLab cluster, String of, String line) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(IOException.class)
                .untilAsserted(() -> assertThat(
                                cluster.kubectl("logs", of, "--container=app").lines())
                        .contains(line));
    }

    /** The class of {@link PodProgram}, for the java of the image. */
    private static HasMetadata program() throws IOException {
        try (InputStream bytes = PodProgram.class.getResourceAsStream("PodProgram.class")) {
            return new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("program")
                    .endMetadata()
                    .withBinaryData(Map.of(
                            "PodProgram.class",
                            new String(Base64.getEncoder().encode(bytes.readAllBytes()), StandardCharsets.US_ASCII)))
                    .build();
        }
    }
}
