package dev.paddock.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paddock.crds.Tls.ClientTls;
import dev.paddock.crds.Tls.Verify;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each {@code NAME.review.json} is answered by exactly the patch in {@code NAME.patch.json}. After a wanted change, write them
 * anew with {@code -Dtest=InjectionTest -Dpaddock.golden.write=true} and read the diff.
 */
final class InjectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN =
            Path.of(System.getProperty("paddock.root"), "operator/src/test/resources/dev/paddock/operator/injection");
    private static final Map<String, List<Injector.Cluster>> CLUSTERS = Map.of(
            "prod",
            List.of(new Injector.Cluster("demo", Optional.empty())),
            "none",
            List.of(),
            "two",
            List.of(new Injector.Cluster("b", Optional.empty()), new Injector.Cluster("a", Optional.empty())),
            "tls",
            List.of(new Injector.Cluster("demo", Optional.of(new ClientTls("demo-tls", false, Verify.NONE)))),
            "known",
            List.of(new Injector.Cluster("demo", Optional.of(new ClientTls("demo-tls", true, Verify.REQUIRED)))));
    private final Admission admission = new Admission(
            new Injector("paddock/sidecar:1.2.3", "1.2.3"), namespace -> CLUSTERS.getOrDefault(namespace, List.of()));

    @ParameterizedTest
    @ValueSource(strings = {"plain", "projections", "job-with-init-containers", "tls", "own-key"})
    void patchesAreAsReviewed(String name) throws IOException {
        JsonNode review = JSON.readTree(Files.readString(GOLDEN.resolve(name + ".review.json")));
        JsonNode patch = patch(review).orElseThrow();
        Path golden = GOLDEN.resolve(name + ".patch.json");
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(patch) + "\n";
        if (Boolean.getBoolean("paddock.golden.write")) Files.writeString(golden, text);
        assertThat(golden).hasContent(text);

        ObjectNode again = review.deepCopy();
        ((ObjectNode) again.get("request")).set("object", JsonPatch.apply(patch, review.at("/request/object")));
        assertThat(patch(again)).as("a second pass changes nothing").isEmpty();
    }

    /** Another webhook has added a container, and moved the sidecar, between two passes. */
    @Test
    void aSecondPassMendsWhatAnotherWebhookMade() throws IOException {
        JsonNode review = JSON.readTree(Files.readString(GOLDEN.resolve("projections.review.json")));
        ObjectNode pod = (ObjectNode) JsonPatch.apply(patch(review).orElseThrow(), review.at("/request/object"));
        pod.withObject("/spec").withArray("containers").addObject().put("name", "late");
        pod.withObject("/spec").withArray("initContainers").insertObject(0).put("name", "first");
        ((ObjectNode) review.get("request")).set("object", pod);
        JsonNode patch = patch(review).orElseThrow();
        JsonNode mended = JsonPatch.apply(patch, pod);
        assertThat(mended.at("/spec/initContainers")).hasSize(2);
        assertThat(mended.at("/spec/containers/1/volumeMounts/0/mountPath").asText())
                .isEqualTo("/etc/app");
        assertThat(mended.at("/spec/initContainers/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/etc/app");
    }

    @Test
    void podsThatDoNotAskAndOtherObjectsAreLeftAlone() throws IOException {
        for (ObjectNode review : List.of(
                review(
                        "prod",
                        Map.of(),
                        pod -> ((ObjectNode) pod.at("/metadata/labels")).put("paddock.dev/inject", "false")),
                review("prod", Map.of(), pod -> ((ObjectNode) pod.get("metadata")).remove("labels")))) {
            assertThat(response(review).path("allowed").asBoolean()).isTrue();
            assertThat(patch(review)).isEmpty();
        }
        ObjectNode update = review("prod", Map.of(), pod -> {});
        ((ObjectNode) update.get("request")).put("operation", "UPDATE");
        assertThat(patch(update)).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refused")
    void whatCannotBeIsRefusedWithTheFix(Map<String, String> annotations, String message) throws IOException {
        JsonNode response = response(review("prod", annotations, pod -> {}));
        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.has("patch")).isFalse();
        assertThat(response.at("/status/message").asText()).startsWith("paddock: " + message);
        assertThat(response.at("/status/code").asInt()).isEqualTo(422);
    }

    @Test
    void whoMustShowACertificateNeedsOne() throws IOException {
        assertThat(refusal("known", Map.of()))
                .startsWith("paddock: CoordinationCluster demo takes only clients with a certificate of their own")
                .endsWith("paddock.dev/tls-secret");
        assertThat(refusal("prod", Map.of("paddock.dev/tls-secret", "mine")))
                .startsWith("paddock: paddock.dev/tls-secret: CoordinationCluster demo has no TLS for clients");
    }

    private String refusal(String namespace, Map<String, String> annotations) throws IOException {
        JsonNode response = response(review(namespace, annotations, pod -> {}));
        assertThat(response.path("allowed").asBoolean()).isFalse();
        return response.at("/status/message").asText();
    }

    static Stream<Arguments> refused() {
        String project = "paddock.dev/project.app";
        String shape = project + ": write path=/app,dir=/etc/app, not ";
        return Stream.of(
                Arguments.of(Map.of("paddock.dev/cluster", "Bad Name"), "paddock.dev/cluster: \"Bad Name\" is no name"),
                Arguments.of(
                        Map.of("paddock.dev/cluster", "a,evil:2181"),
                        "paddock.dev/cluster: \"a,evil:2181\" is no name"),
                Arguments.of(
                        Map.of("paddock.dev/tls-secret", "../x"),
                        "paddock.dev/tls-secret: \"../x\" is no name of a Secret"),
                Arguments.of(
                        Map.of("paddock.dev/projct.app", "x"), "annotation \"paddock.dev/projct.app\" is not known"),
                Arguments.of(
                        Map.of("paddock.dev/project.Bad_Name", "x"),
                        "annotation \"paddock.dev/project.Bad_Name\": name"),
                Arguments.of(Map.of(project, ""), shape),
                Arguments.of(Map.of(project, "path=/app"), project + ": dir must be an absolute folder"),
                Arguments.of(Map.of(project, "path=/app,dir=/etc/app,mode=1"), shape),
                Arguments.of(Map.of(project, "path=/app,path=/b,dir=/etc/app"), shape),
                Arguments.of(Map.of(project, "path=app,dir=/etc/app"), project + ": path must be like /app"),
                Arguments.of(Map.of(project, "path=/zookeeper,dir=/etc/app"), project + ": path must be like /app"),
                Arguments.of(Map.of(project, "path=/paddock/locks,dir=/etc/app"), project + ": path must be like /app"),
                Arguments.of(Map.of(project, "path=/app,dir=/"), project + ": dir must be"),
                Arguments.of(Map.of(project, "path=/app,dir=/etc/../root"), project + ": dir must be"),
                Arguments.of(Map.of(project, "path=/app,dir=/etc/a=b"), project + ": dir must be"),
                Arguments.of(
                        Map.of(project, "path=/app,dir=/data"), "container \"main\" already mounts something at /data"),
                Arguments.of(
                        Map.of(
                                project,
                                "path=/app,dir=/etc/app",
                                "paddock.dev/project.web",
                                "path=/web,dir=/etc/app/web"),
                        "paddock.dev/project.web and paddock.dev/project.app share a folder"),
                Arguments.of(Map.of("paddock.dev/resources", "cpu=1"), "paddock.dev/resources: write requests.cpu="),
                Arguments.of(
                        Map.of("paddock.dev/resources", "limits.cpu=-1"), "paddock.dev/resources: write requests.cpu="),
                Arguments.of(
                        Map.of("paddock.dev/resources", "limits.memory=1Mi"),
                        "paddock.dev/resources: limits.memory is below requests.memory, which is 96Mi"));
    }

    @Test
    void theClusterMustBeClear() throws IOException {
        assertThat(response(review("none", Map.of(), pod -> {}))
                        .at("/status/message")
                        .asText())
                .startsWith("paddock: there is no CoordinationCluster in namespace none");
        assertThat(response(review("two", Map.of(), pod -> {}))
                        .at("/status/message")
                        .asText())
                .isEqualTo(
                        "paddock: choose one of the namespace's CoordinationClusters with the annotation paddock.dev/cluster: a, b");
        assertThat(patch(review("two", Map.of("paddock.dev/cluster", "b"), pod -> {}))
                        .orElseThrow()
                        .toString())
                .contains("--servers=b-client.two.svc:2181");
    }

    @Test
    void podsInWhichItCannotWorkAreRefused() throws IOException {
        assertThat(message(pod -> ((ObjectNode) pod.get("spec")).put("hostNetwork", true)))
                .contains("hostNetwork");
        assertThat(message(pod -> ((ObjectNode) pod.get("spec")).putObject("os").put("name", "windows")))
                .contains("Linux only");
        assertThat(message(pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("name", "paddock")))
                .contains("a container is called paddock");
        assertThat(message(pod -> {
                    var volumes = ((ObjectNode) pod.get("spec")).putArray("volumes");
                    for (int i = 0; i < 100_000; i++) volumes.addObject().put("name", "v" + i);
                }))
                .contains("100000 containers or volumes, more than 500");
    }

    @Test
    void hostileReviewsCostLittleAndAreNotAnswered() throws IOException {
        for (String bad : List.of(
                "",
                "null",
                "[]",
                "{",
                "\u0000",
                "{}",
                "{\"apiVersion\":\"admission.k8s.io/v1\"}",
                "[".repeat(100_000),
                "{\"a\":".repeat(50_000),
                "\"" + "x".repeat(1 << 20) + "\"")) {
            assertThat(admission.answer(bad.getBytes(StandardCharsets.UTF_8))).isEmpty();
        }
        ObjectNode crooked = review("prod", Map.of(), pod -> ((ObjectNode) pod.get("spec")).put("volumes", "none"));
        assertThat(admission.answer(JSON.writeValueAsBytes(crooked))).isEmpty();
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 100_000; i++) many.put("paddock.dev/project.p" + i, "path=/a,dir=/etc/" + i);
        assertThat(response(review("prod", many, pod -> {}))
                        .at("/status/message")
                        .asText())
                .contains("at most 20 projections");
        String endless = "x".repeat(1 << 20);
        String message = response(review("prod", Map.of("paddock.dev/cluster", endless + "\n"), pod -> {}))
                .at("/status/message")
                .asText();
        assertThat(message).hasSizeLessThan(250).doesNotContain("\n");
    }

    private String message(Consumer<ObjectNode> change) throws IOException {
        JsonNode response = response(review("prod", Map.of(), change));
        assertThat(response.path("allowed").asBoolean()).isFalse();
        return response.at("/status/message").asText();
    }

    private static ObjectNode review(String namespace, Map<String, String> annotations, Consumer<ObjectNode> change)
            throws IOException {
        ObjectNode review = (ObjectNode) JSON.readTree(Files.readString(GOLDEN.resolve("plain.review.json")));
        ((ObjectNode) review.get("request")).put("namespace", namespace);
        ObjectNode pod = (ObjectNode) review.at("/request/object");
        annotations.forEach(((ObjectNode) pod.get("metadata")).putObject("annotations")::put);
        change.accept(pod);
        return review;
    }

    private JsonNode response(JsonNode review) throws IOException {
        byte[] answer = admission.answer(JSON.writeValueAsBytes(review)).orElseThrow();
        JsonNode read = JSON.readTree(answer);
        assertThat(read.at("/response/uid")).isEqualTo(review.at("/request/uid"));
        return read.get("response");
    }

    private Optional<JsonNode> patch(JsonNode review) throws IOException {
        JsonNode patch = response(review).path("patch");
        return patch.isMissingNode()
                ? Optional.empty()
                : Optional.of(JSON.readTree(Base64.getDecoder().decode(patch.asText())));
    }
}
