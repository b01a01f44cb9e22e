package dev.paddock.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules in CEL, as the API server runs them, and in Java, as {@link Manifests} runs them, agree. */
final class RulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "demo",
            "Demo",
            "9a",
            "a-",
            "-a",
            "a.b",
            "a_b",
            "a b",
            "a/b",
            "/a",
            "/a/b",
            "/a/",
            "//",
            "/.",
            "/..",
            "/a/../b",
            "/a/..b",
            "/zookeeper",
            "/zookeeper/x",
            "/zookeepers",
            "/paddock",
            "/paddock/x",
            "/app/paddock",
            ".",
            "..",
            "...",
            "server.1",
            "server.",
            "xserver.1",
            "group.2",
            "weight.3",
            "clientPort",
            "clientPortX",
            "dataDir",
            "dataLogDir",
            "admin.serverPort",
            "adminXserverPort",
            "admin.enableServer",
            "DigestAuthenticationProvider.superDigest",
            "tickTime",
            "a\n",
            "a\nb",
            "\r",
            "tab\t",
            "back\\",
            "ba\\ck",
            "\u0085",
            "ü",
            "8Gi",
            "8Gi\n",
            "0Gi",
            "1.5Gi",
            "500m",
            "3.9.5",
            "-3",
            "Registry/node",
            "registry:5000/node:1@sha256:ab",
            "30s",
            "1m30s",
            "10.0.0.0/8",
            "10.0.0.0",
            "2001:db8::/32",
            "Exists",
            "exists",
            "NoSchedule",
            "NoScheduled",
            "..a",
            ".a",
            "x".repeat(40),
            "x".repeat(41),
            "x".repeat(128),
            "x".repeat(129),
            "/" + "x".repeat(129));

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void celAndJavaAgree(String rule, List<JsonNode> samples) throws Exception {
        Rules.Check check = Rules.check(rule).orElseThrow();
        var compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("self", SimpleType.DYN)
                .build();
        CelAbstractSyntaxTree tree = compiler.compile(rule).getAst();
        var program = CelRuntimeFactory.plannerRuntimeBuilder().build().createProgram(tree);
        int held = 0;
        for (JsonNode sample : samples) {
            Object cel = program.eval(Map.of("self", JSON.treeToValue(sample, Object.class)));
            assertThat(check.offenders(sample).isEmpty())
                    .as("%s of %s", rule, sample)
                    .isEqualTo(cel);
            if (cel.equals(true)) held++;
        }
        assertThat(held).as("samples that hold").isBetween(1, samples.size() - 1);
    }

    static Stream<Arguments> samples() {
        List<JsonNode> names = TEXTS.stream()
                .map(t -> tree(Map.of("metadata", Map.of("name", t))))
                .toList();
        List<JsonNode> numbers =
                Stream.of(-1, 0, 1, 3, 9, 10, 50, 51).map(RulesTest::tree).toList();
        List<JsonNode> engines = List.of(
                tree(Map.of("engine", "Paddock")),
                tree(Map.of("engine", "ZooKeeper")),
                tree(Map.of("engine", "ZooKeeper", "version", "3.9.5")));
        Map<String, Object> clientTls = Map.of("client", Map.of("secretName", "a"));
        List<JsonNode> tls = List.of(
                tree(Map.of("engine", "Paddock", "tls", clientTls)),
                tree(Map.of("engine", "ZooKeeper", "tls", clientTls)),
                tree(Map.of("engine", "ZooKeeper", "tls", Map.of())),
                tree(Map.of("engine", "ZooKeeper")));
        List<JsonNode> tlsKeys = Stream.of(
                        "tickTime",
                        "ssl.keyStore.location",
                        "sslXkeyStoreXa",
                        "ssl.clientAuth",
                        "ssl.clientAuths",
                        "ssl.crl")
                .flatMap(key -> Stream.of(Map.of(), Map.of("client", Map.of()))
                        .map(asked -> tree(Map.of("tls", asked, "config", Map.of(key, "x")))))
                .toList();
        List<JsonNode> clientListeners = Stream.of("ClusterIP", "NodePort", "LoadBalancer")
                .flatMap(type -> Stream.of(
                        Map.of("serviceType", type), Map.of("serviceType", type, "sourceRanges", List.of("::/0"))))
                .map(RulesTest::tree)
                .toList();
        List<JsonNode> nodes = Stream.of("In", "NotIn", "Exists", "DoesNotExist")
                .flatMap(operator -> Stream.of(
                        Map.of("operator", operator),
                        Map.of("operator", operator, "values", List.of()),
                        Map.of("operator", operator, "values", List.of("a"))))
                .map(RulesTest::tree)
                .toList();
        List<JsonNode> keys =
                TEXTS.stream().map(t -> tree(Map.of(t, "x", "ok", "x"))).toList();
        List<JsonNode> values =
                TEXTS.stream().map(t -> tree(Map.of("k", t, "ok", "x"))).toList();
        List<JsonNode> sources = List.of(
                tree(Map.of("configMap", "a")),
                tree(Map.of("secret", "a")),
                tree(Map.of("configMap", "a", "secret", "a")),
                tree(Map.of("keys", List.of("a"))));
        List<JsonNode> texts = TEXTS.stream().map(RulesTest::tree).toList();
        Stream<Arguments> patterns =
                Rules.patterns().stream().map(pattern -> Arguments.of(Rules.matches(pattern), texts));
        Stream<Arguments> others = Stream.of(
                Arguments.of(Rules.CLUSTER_NAME, names),
                Arguments.of(Rules.REPLICAS, numbers),
                Arguments.of(Rules.OBSERVERS, numbers),
                Arguments.of(Rules.ENGINE_VERSION, engines),
                Arguments.of(Rules.TLS_ENGINE, tls),
                Arguments.of(Rules.TLS_CONFIG, tlsKeys),
                Arguments.of(Rules.CONFIG_RESERVED, keys),
                Arguments.of(Rules.CONFIG_KEYS, keys),
                Arguments.of(Rules.CONFIG_VALUES, values),
                Arguments.of(Rules.SOURCE_RANGES, clientListeners),
                Arguments.of(Rules.NODE_VALUES, nodes),
                Arguments.of(Rules.PATH, texts),
                Arguments.of(Rules.DATA_KEYS, keys),
                Arguments.of(Rules.SOURCE, sources));
        return Stream.concat(patterns, others);
    }

    @Test
    void theShorterPatternOfKeysTakesTheSameUpToTheirLength() {
        assertThat(TEXTS)
                .filteredOn(text -> text.length() <= 128)
                .allSatisfy(text ->
                        assertThat(text.matches(KeySource.SHORT_KEY)).as(text).isEqualTo(text.matches(KeySource.KEY)));
    }

    @Test
    void everyRuleOfTheSchemaIsKnownHere() {
        Schemas schemas = Schemas.load();
        List<String> tested = samples().map(a -> (String) a.get()[0]).toList();
        for (String kind : schemas.kinds()) {
            for (JsonNode rules : schemas.of(kind).findValues("x-kubernetes-validations")) {
                for (JsonNode rule : rules) {
                    String cel = rule.get("rule").asText();
                    if (!cel.contains("oldSelf")) assertThat(tested).contains(cel);
                    assertThat(rule.get("message").asText()).isNotBlank();
                }
            }
        }
    }

    /** Where the API server says only how a pattern goes, a rule beside it says what to write. */
    @Test
    void noPatternStandsAlone() {
        Schemas schemas = Schemas.load();
        List<String> alone = new ArrayList<>();
        for (String kind : schemas.kinds()) alone(kind, schemas.of(kind).at("/properties/spec"), alone);
        assertThat(alone)
                .as("amounts excepted, of which there may be any number, so that a rule would cost too much")
                .containsExactly("CoordinationCluster.resources.limits{}", "CoordinationCluster.resources.requests{}");
    }

    private static void alone(String path, JsonNode schema, List<String> alone) {
        String pattern = schema.path("pattern").asText();
        boolean isSaid =
                schema.path("x-kubernetes-validations").findValuesAsText("rule").contains(Rules.matches(pattern));
        if (!pattern.isEmpty() && !isSaid) alone.add(path);
        schema.path("properties")
                .properties()
                .forEach(field -> alone(path + "." + field.getKey(), field.getValue(), alone));
        if (schema.has("items")) alone(path + "[]", schema.get("items"), alone);
        if (schema.has("additionalProperties")) alone(path + "{}", schema.get("additionalProperties"), alone);
    }

    /** The API server fills defaults in from the schema, programs from the model. */
    @Test
    void defaultsOfSchemaAndModelAreTheSame() throws Exception {
        JsonNode properties = Schemas.load().of(CoordinationCluster.KIND).at("/properties/spec/properties");
        var defaults = JSON.createObjectNode();
        List<String> without = new ArrayList<>();
        properties.properties().forEach(property -> {
            JsonNode value = property.getValue().get("default");
            if (value == null) without.add(property.getKey());
            else defaults.set(property.getKey(), value);
        });
        assertThat(JSON.treeToValue(defaults, ClusterSpec.class)).isEqualTo(ClusterSpec.DEFAULT);
        assertThat(without)
                .containsExactly("config", "listeners", "monitoring", "placement", "template", "tls", "version");
        JsonNode storage = properties.at("/storage/properties");
        assertThat(storage.at("/size/default").asText()).isEqualTo(Storage.DEFAULT.size());
        assertThat(storage.at("/retention/default").asText()).isEqualTo("Retain");
    }

    private static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }
}
