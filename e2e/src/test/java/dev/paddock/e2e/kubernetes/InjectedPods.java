package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Pods of tests that ask for a sidecar, and what {@link PodProgram} says in them. */
final class InjectedPods {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private InjectedPods() {}

    /** Applies the objects of a file beside this class, with the program that their containers run. */
    static void apply(Lab lab, ClusterInLab cluster, String file) throws IOException {
        lab.client().resource(program()).inNamespace(cluster.namespace()).serverSideApply();
        try (InputStream manifests = InjectedPods.class.getResourceAsStream(file)) {
            List<HasMetadata> objects = lab.client().load(manifests).items();
            for (HasMetadata each : objects)
                lab.client().resource(each).inNamespace(cluster.namespace()).serverSideApply();
        }
    }

    static void awaitSaid(ClusterInLab cluster, String of, String line) {
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
