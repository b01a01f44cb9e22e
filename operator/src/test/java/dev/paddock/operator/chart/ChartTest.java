package dev.paddock.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.operator.Installation;
import dev.paddock.operator.Permissions;
import dev.paddock.operator.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The chart, and the manifests made from it. After a wanted change, write all of it anew with {@code -Dtest=ChartTest
 * -Dpaddock.golden.write=true} and read the diff.
 */
final class ChartTest {
    private static final boolean WRITE = Boolean.getBoolean("paddock.golden.write");
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Path MANIFESTS =
            ROOT.resolve("operator/src/main/resources/dev/paddock/operator/manifests.yaml");
    private static final Path GOLDEN = ROOT.resolve("operator/src/test/resources/dev/paddock/operator/chart");
    private static final Path RULES = Helm.CHART.resolve("files/rules.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Before anything is rendered. */
    @BeforeAll
    static void writeRules() throws IOException {
        if (WRITE) Files.writeString(RULES, Permissions.yaml());
    }

    @Test
    void theManifestsAreWhatHelmMakesOfTheChart() throws Exception {
        String rendered = Helm.template(Installation.NAMESPACE, "--set", "crds.install=false");
        if (WRITE) Files.writeString(MANIFESTS, rendered);
        assertThat(MANIFESTS).hasContent(rendered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paddock-system", "elsewhere"})
    void helmAndManifestsGiveTheSameObjects(String namespace) throws Exception {
        Map<String, JsonNode> manifests = objects(Installation.manifests(namespace));
        assertThat(manifests.remove("Namespace//" + namespace)).isNotNull();
        assertThat(manifests).isEqualTo(objects(Helm.template(namespace)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaced", "no-webhook"})
    void otherValuesGiveWhatWasReviewed(String name) throws Exception {
        Path golden = GOLDEN.resolve(name + ".yaml");
        String rendered = Helm.template(
                "ops", "--values", GOLDEN.resolve(name + ".values.yaml").toString(), "--set", "crds.install=false");
        if (WRITE) Files.writeString(golden, rendered);
        assertThat(golden).hasContent(rendered);
        Helm.Ran lint = Helm.run(
                "lint",
                Helm.CHART.toString(),
                "--strict",
                "--values",
                GOLDEN.resolve(name + ".values.yaml").toString());
        assertThat(lint.exitCode()).as(lint.output() + lint.errors()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "namespaced", "no-webhook", "no-crds"})
    void theNotesAreWhatWasReviewed(String name, @TempDir Path folder) throws Exception {
        Path golden = GOLDEN.resolve(name + ".notes.txt");
        String object = Helm.notes(
                folder.resolve("chart"),
                "ops",
                "--values",
                GOLDEN.resolve(name + ".values.yaml").toString());
        String notes =
                JSON.valueToTree(load(object).getFirst()).get("notes").asText().strip() + "\n"; // as helm prints them
        if (WRITE) Files.writeString(golden, notes);
        assertThat(golden).hasContent(notes);
    }

    @Test
    void itIsCleanToHelmsOwnEye() throws Exception {
        Helm.Ran lint = Helm.run("lint", Helm.CHART.toString(), "--strict");
        assertThat(lint.exitCode()).as(lint.output() + lint.errors()).isZero();
        assertThat(lint.output()).contains("0 chart(s) failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas=0, '/replicas'",
                "replicas=two, '/replicas'",
                "replicaCount=2, 'replicaCount' not allowed",
                "rbac.namespaced=true, '/watchNamespaces'",
                "image.tag=a b, '/image/tag'",
                "webhook.port=80, '/webhook/port'",
                "node.repository=, '/node/repository'",
                "node.repository=paddock/node:1, '/node/repository'",
                "watchNamespaces={Bad Name}, '/watchNamespaces/0'"
            })
    void wrongValuesAreRefused(String valueAndWhy) throws Exception {
        String[] parts = valueAndWhy.split(", ", 2);
        Helm.Ran ran = Helm.render("elsewhere", "--set", parts[0]);
        assertThat(ran.exitCode()).as(ran.output()).isNotZero();
        assertThat(ran.errors()).contains(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replicas=1", "image.tag=a", "webhook.port=8443", "watchNamespaces={good}"})
    void rightValuesAreTaken(String value) throws Exception {
        assertThat(Helm.template("elsewhere", "--set", value)).contains("kind: Deployment");
    }

    @Test
    void itsVersionIsThisBuilds() throws IOException {
        JsonNode chart = JSON.valueToTree(
                load(Files.readString(Helm.CHART.resolve("Chart.yaml"))).getFirst());
        assertThat(chart.get("appVersion").asText()).isEqualTo(Release.VERSION);
        assertThat(chart.get("version").asText()).isEqualTo(Release.VERSION);
    }

    @Test
    void itsRulesAreThoseThatTheCodeAsksFor() {
        assertThat(RULES).hasContent(Permissions.yaml());
    }

    /** Without helm: what is checked in, as the API server gets it. */
    @Test
    void theManifestsHoldNoOtherRightsThanThose() {
        Map<String, JsonNode> objects = objects(Installation.manifests("elsewhere"));
        List<JsonNode> rules = new ArrayList<>();
        objects.forEach((key, object) -> object.path("rules").forEach(rules::add));
        List<String> rights = rules.stream().map(ChartTest::right).sorted().toList();
        List<String> declared = new ArrayList<>(Permissions.WATCHED.stream()
                .map(each -> each.group() + "/" + each.resource() + " " + String.join(",", each.verbs()))
                .toList());
        Permissions.LEASE.forEach(each -> declared.addAll(ofOne(each, "paddock-operator")));
        Permissions.WEBHOOK.forEach(each -> declared.addAll(ofOne(
                each,
                each.resource().equals("secrets")
                        ? "paddock-operator-webhook-certificates"
                        : "paddock-operator.elsewhere")));
        assertThat(rights).isEqualTo(declared.stream().sorted().toList());
    }

    @Test
    void objectsOfTheManifestsFitTogether() {
        Map<String, JsonNode> objects = objects(Installation.manifests("elsewhere"));
        JsonNode deployment = objects.get("Deployment/elsewhere/paddock-operator");
        JsonNode pod = deployment.at("/spec/template");
        JsonNode service = objects.get("Service/elsewhere/paddock-operator-webhook");
        service.at("/spec/selector")
                .properties()
                .forEach(label -> assertThat(pod.at("/metadata/labels").get(label.getKey()))
                        .isEqualTo(label.getValue()));
        List<String> arguments = new ArrayList<>();
        pod.at("/spec/containers/0/args").forEach(word -> arguments.add(word.asText()));
        assertThat(arguments)
                .containsExactly(
                        "operator",
                        "--lease=paddock-operator",
                        "--node-image=paddock/node",
                        "--webhook=paddock-operator-webhook",
                        "--webhook-port=9443",
                        "--webhook-configuration=paddock-operator.elsewhere",
                        "--sidecar-image=paddock/sidecar:" + Release.VERSION);
        JsonNode webhooks = objects.get("MutatingWebhookConfiguration//paddock-operator.elsewhere")
                .get("webhooks");
        assertThat(webhooks).hasSize(2).allSatisfy(webhook -> {
            assertThat(webhook.get("timeoutSeconds").asInt()).isEqualTo(5);
            assertThat(webhook.at("/clientConfig/service/name")).isEqualTo(service.at("/metadata/name"));
            boolean required = webhook.at("/namespaceSelector/matchExpressions/0/operator")
                    .asText()
                    .equals("Exists");
            assertThat(webhook.get("failurePolicy").asText()).isEqualTo(required ? "Fail" : "Ignore");
        });
        assertThat(objects)
                .containsKeys(
                        "CustomResourceDefinition//coordinationclusters.paddock.dev",
                        "CustomResourceDefinition//coordinationconfigs.paddock.dev");
    }

    /** On one object alone, but for creating it: then it has no name yet. */
    private static List<String> ofOne(Permissions.Permission permission, String name) {
        String on = permission.group() + "/" + permission.resource() + " ";
        List<String> verbs = new ArrayList<>(permission.verbs());
        boolean creates = verbs.remove("create");
        String named = on + String.join(",", verbs) + " of " + name;
        return creates ? List.of(on + "create", named) : List.of(named);
    }

    private static String right(JsonNode rule) {
        assertThat(rule.get("apiGroups")).hasSize(1);
        assertThat(rule.get("resources")).hasSize(1);
        List<String> verbs = new ArrayList<>();
        rule.get("verbs").forEach(verb -> verbs.add(verb.asText()));
        List<String> names = new ArrayList<>();
        rule.path("resourceNames").forEach(name -> names.add(name.asText()));
        return rule.at("/apiGroups/0").asText() + "/" + rule.at("/resources/0").asText() + " "
                + String.join(",", verbs.stream().sorted().toList())
                + (names.isEmpty() ? "" : " of " + String.join(",", names));
    }

    /** By kind, namespace and name; none twice. */
    private static Map<String, JsonNode> objects(String yaml) {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (Object document : load(yaml)) {
            if (document == null) continue;
            JsonNode object = JSON.valueToTree(document);
            JsonNode metadata = object.get("metadata");
            String key = object.get("kind").asText() + "/"
                    + metadata.path("namespace").asText() + "/"
                    + metadata.get("name").asText();
            assertThat(objects.put(key, object)).as(key).isNull();
        }
        return objects;
    }

    private static List<Object> load(String yaml) {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(yaml).forEach(documents::add);
        return documents;
    }
}
