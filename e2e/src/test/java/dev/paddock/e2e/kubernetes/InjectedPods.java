package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Pods of tests that ask for a sidecar, and what {@link PodProgram} and curl say in them. */
final class InjectedPods {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a sidecar answered. */
    record Answer(int status, JsonNode body) {
        long fencingToken() {
            return Long.parseLong(body.path("fencingToken").textValue());
        }
    }

    private InjectedPods() {}

    /**
     * Applies the objects of a file beside this class, with the programs that their containers run. From then on the namespace takes no pod
     * without its sidecar: on a busy machine the API server may not wait for the webhook, and has pods start as they are elsewhere.
     */
    static void apply(Lab lab, ClusterInLab cluster, String file) throws IOException, InterruptedException {
        CurlImage.loadInto(lab);
        cluster.kubectl("label", "namespace/" + cluster.namespace(), "paddock.dev/require-injection=", "--overwrite");
        lab.client().resource(program()).inNamespace(cluster.namespace()).serverSideApply();
        try (InputStream manifests = InjectedPods.class.getResourceAsStream(file)) {
            List<HasMetadata> objects = lab.client().load(manifests).items();
            for (HasMetadata each : objects) {
                await().atMost(PATIENCE)
                        .ignoreExceptionsMatching(
                                e -> String.valueOf(e.getMessage()).contains("failed calling webhook"))
                        .until(
                                () -> lab.client()
                                        .resource(each)
                                        .inNamespace(cluster.namespace())
                                        .serverSideApply(),
                                Objects::nonNull);
            }
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

    /** Asks the sidecar of a pod, by curl in that pod. */
    static Answer curl(ClusterInLab cluster, String pod, String method, String path)
            throws IOException, InterruptedException {
        String said = cluster.kubectl(
                "exec",
                pod,
                "--container=app",
                "--",
                "curl",
                "--silent",
                "--show-error",
                "--request",
                method,
                "http://127.0.0.1:2190" + path,
                "--write-out",
                "\\n%{http_code}");
        int last = said.lastIndexOf('\n');
        return new Answer(Integer.parseInt(said.substring(last + 1)), JSON.readTree(said.substring(0, last)));
    }

    /** Waits until the Job of {@code job.yaml} has its lock, and returns what it was answered. */
    static Answer awaitLocked(ClusterInLab cluster) throws IOException, InterruptedException {
        awaitSaid(cluster, "job/nightly", "lock: 200");
        String said = cluster.kubectl("logs", "job/nightly", "--container=app");
        return new Answer(200, JSON.readTree(said.substring(0, said.indexOf("\nlock: "))));
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
