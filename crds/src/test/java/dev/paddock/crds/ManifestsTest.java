package dev.paddock.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestsTest {
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));

    @TempDir
    Path folder;

    @Test
    void quickstartIsThreeServersAndTheirConfig() {
        Manifests manifests = accepted(Manifests.read(List.of(ROOT.resolve("examples/quickstart.yaml"))));
        assertThat(manifests.clusters()).singleElement().satisfies(cluster -> {
            assertThat(cluster.getMetadata().getName()).isEqualTo("demo");
            assertThat(cluster.getSpec()).isEqualTo(ClusterSpec.DEFAULT);
        });
        assertThat(manifests.configs())
                .singleElement()
                .satisfies(config -> assertThat(config.getSpec())
                        .isEqualTo(new ConfigSpec(
                                new ConfigSpec.ClusterRef("demo"),
                                "/app",
                                Map.of("greeting", "hello from Paddock", "log-level", "info"),
                                null)));
    }

    @Test
    void everyFieldIsRead() throws IOException {
        CoordinationCluster cluster = accepted(read("""
                apiVersion: paddock.dev/v1
                kind: CoordinationCluster
                metadata: {name: demo, namespace: prod, labels: {team: a}}
                spec:
                  replicas: 5
                  engine: ZooKeeper
                  version: 3.9.5
                  paused: true
                  config: {tickTime: "1000"}
                  storage: {size: 20Gi, storageClassName: fast, retention: Delete}
                  resources: {requests: {cpu: 1}, limits: {memory: 512Mi}}
                """)).clusters().getFirst();
        assertThat(cluster.getMetadata().getNamespace()).isEqualTo("prod");
        ClusterSpec spec = cluster.getSpec();
        assertThat(spec.replicas()).isEqualTo(5);
        assertThat(spec.engine()).isEqualTo(Engine.ZOOKEEPER);
        assertThat(spec.askedVersion()).contains("3.9.5");
        assertThat(spec.paused()).isTrue();
        assertThat(spec.config()).containsExactly(Map.entry("tickTime", "1000"));
        assertThat(spec.storage()).isEqualTo(new Storage("20Gi", "fast", Retention.DELETE));
        assertThat(spec.resources().requests().get("cpu").getAmount()).isEqualTo("1");
        assertThat(spec.resources().limits().get("memory").toString()).isEqualTo("512Mi");
    }

    /** Each line of a spec, the number of the line that is blamed (the spec's first is 5) and what is said. */
    @ParameterizedTest
    @CsvSource(delimiterString = " || ", textBlock = """
            replica: 3                       || 5 || spec.replica: unknown field; did you mean replicas?
            frobnicate: 3                    || 5 || spec.frobnicate: unknown field; known here: config, engine, listeners, monitoring, observers, paused, placement, replicas, resources, storage, template, tls, version
            replicas: three                  || 5 || spec.replicas: must be a whole number, not "three"
            replicas: '"3"'                  || 5 || spec.replicas: must be a whole number; write it without quotes
            replicas: 3.5                    || 5 || spec.replicas: must be a whole number, not "3.5"
            replicas: 99999999999            || 5 || spec.replicas: 99999999999 is too large
            replicas: -1                     || 5 || spec.replicas: replicas must be 1 to 9; 3 survives the loss of one member, 5 of two; 0 stops all and keeps the data
            observers: 51                    || 5 || spec.observers: observers must be 0 to 50; more readers than these serve from the cache of their sidecars
            replicas: 10                     || 5 || spec.replicas: replicas must be 1 to 9; 3 survives the loss of one member, 5 of two; 0 stops all and keeps the data
            engine: zookeeper                || 5 || spec.engine: must be Paddock or ZooKeeper, not "zookeeper"
            engine: ZooKeeper                || 4 || spec: engine ZooKeeper needs a version, as version: 3.9.5
            paused: yes                      || 5 || spec.paused: must be true or false, not "yes"
            version: 3.9                     || 5 || spec.version: must be text; write it in quotes: "3.9"
            config: [a]                      || 5 || spec.config: must be a mapping, lines of key: value, not a list
            config: {tickTime: 2000}         || 5 || spec.config.tickTime: must be text; write it in quotes: "2000"
            config: {sync: no}               || 5 || spec.config.sync: must be text; write it in quotes: "no"
            config: {tickTime: }             || 5 || spec.config.tickTime: has no value; write "" for an empty one
            config: {clientPort: '"1"'}      || 5 || spec.config.clientPort: remove this key: Paddock sets addresses, ports, folders and members itself (server.N, clientPort, dataDir, dataLogDir, dynamicConfigFile, admin.serverPort and the like)
            config: {server.1: a}            || 5 || spec.config[server.1]: remove this key: Paddock sets addresses, ports, folders and members itself (server.N, clientPort, dataDir, dataLogDir, dynamicConfigFile, admin.serverPort and the like)
            tls: {client: {}}                || 5 || spec.tls.client.secretName: is missing
            tls: {client: {secretName: A}}   || 5 || spec.tls.client.secretName: write the name of an object: small letters, digits, '-' and '.', from a letter or digit to a letter or digit
            storage: {size: big}             || 5 || spec.storage.size: write a whole number and a unit, as 8Gi, with Ki, Mi, Gi, Ti, k, M, G or T; not 1.5Gi but 1536Mi
            storage: {size: 1.5Gi}           || 5 || spec.storage.size: write a whole number and a unit, as 8Gi, with Ki, Mi, Gi, Ti, k, M, G or T; not 1.5Gi but 1536Mi
            version: '"3.9\\n"'              || 5 || spec.version: write the tag of an image, as 3.9.5: at most 128 letters, digits, '.', '_' and '-', not from '.' or '-' on; the name of a whole image goes in template.image
            storage: {sise: 1Gi}             || 5 || spec.storage.sise: unknown field; did you mean size?
            resources: {limits: {memory: x}} || 5 || spec.resources.limits.memory: write a number and a unit of Kubernetes, as 500m or 2 for cpu and 512Mi or 1Gi for memory
            """)
    void aWrongSpecIsNamedWithLineAndField(String line, int at, String said) throws IOException {
        String unquoted = line.replace("'", "");
        assertThat(refused(read("""
                apiVersion: paddock.dev/v1
                kind: CoordinationCluster
                metadata: {name: demo}
                spec:
                  %s
                """.formatted(unquoted)))).containsExactly(at + ": " + said);
    }

    @Test
    void aLineBreakInAConfigValueIsRefused() throws IOException {
        assertThat(refused(read(cluster("demo") + "\nspec:\n  config:\n    a: |\n      1\n      dataDir=/etc\n")))
                .containsExactly("6: spec.config.a: " + Rules.CONFIG_VALUES_FIX);
    }

    @Test
    void aWrongHeadIsNamed() throws IOException {
        assertThat(refused(read("apiVersion: paddock.dev/v2\nkind: Deployment\nmetadata: {name: a}\n")))
                .containsExactly(
                        "2: kind: must be CoordinationCluster or CoordinationConfig, not \"Deployment\"",
                        "1: apiVersion: must be paddock.dev/v1, not \"paddock.dev/v2\"");
        assertThat(refused(read("# nothing\n---\nfoo: bar\n")))
                .containsExactly(
                        "3: kind: is missing; write CoordinationCluster or CoordinationConfig",
                        "3: apiVersion: is missing; write paddock.dev/v1");
        assertThat(refused(read("apiVersion: paddock.dev/v1\nkind: CoordinationCluster\nspec: {}\n")))
                .containsExactly("1: metadata: is missing");
        assertThat(refused(read(cluster("9lives") + "\nspec: {}\n"))).containsExactly("1: " + Rules.CLUSTER_NAME_FIX);
    }

    @Test
    void everyProblemIsNamedAtOnce() throws IOException {
        assertThat(refused(read(cluster("demo")
                        + "\nspec:\n  replica: 3\n  replicas: 12\n---\n"
                        + config("app", "demo", "app/", "bad/key: x"))))
                .containsExactly(
                        "5: spec.replica: unknown field; did you mean replicas?",
                        "6: spec.replicas: " + Rules.REPLICAS_FIX,
                        "14: spec.path: " + Rules.PATH_FIX,
                        "15: spec.data[bad/key]: " + Rules.DATA_KEYS_FIX);
    }

    @Test
    void keysAndObjectsAreGivenOnce() throws IOException {
        assertThat(refused(read(cluster("demo") + "\nspec:\n  replicas: 3\n  replicas: 5\n")))
                .containsExactly("6: spec.replicas: given twice, first in line 5");
        List<String> twice = refused(read(cluster("demo") + "\nspec: {}\n---\n" + cluster("demo") + "\nspec: {}\n"));
        assertThat(twice)
                .singleElement()
                .asString()
                .startsWith("8: metadata.name: CoordinationCluster demo is already in ")
                .endsWith("x.yaml:3");
    }

    @Test
    void aConfigNamesAClusterOfTheFiles() throws IOException {
        String both = cluster("demo") + "\nspec: {}\n---\n" + config("app", "dem", "/app", "a: b");
        assertThat(refused(read(both)))
                .containsExactly(
                        "11: spec.clusterRef.name: no CoordinationCluster of this name in these files; did you mean demo?");
    }

    @Test
    void whatIsNotYamlIsNamedWithItsLine() throws IOException {
        assertThat(refused(read("apiVersion: paddock.dev/v1\nkind: [\n")))
                .singleElement()
                .asString()
                .startsWith("3: not YAML: ");
        assertThat(refused(read("a: b\n\tc: d\n"))).singleElement().asString().startsWith("2: not YAML: ");
        Manifests.Reading missing = Manifests.read(List.of(Path.of("nowhere.yaml")));
        assertThat(((Manifests.Refused) missing).problems()).singleElement().hasToString("nowhere.yaml: no such file");
    }

    @Test
    void anAliasOfItselfIsRefusedLikeAnyWrongValue() throws IOException {
        assertThat(refused(read(cluster("demo") + "\nspec:\n  storage: &loop {size: *loop}\n")))
                .containsExactly("5: spec.storage.size: must be text, not a mapping");
    }

    private Manifests.Reading read(String yaml) throws IOException {
        return Manifests.read(List.of(Files.writeString(folder.resolve("x.yaml"), yaml)));
    }

    private static String cluster(String name) {
        return "apiVersion: paddock.dev/v1\nkind: CoordinationCluster\nmetadata: {name: " + name + "}";
    }

    private static String config(String name, String cluster, String path, String data) {
        return "apiVersion: paddock.dev/v1\nkind: CoordinationConfig\nmetadata: {name: " + name + "}\n"
                + "spec:\n  clusterRef:\n    name: " + cluster + "\n  path: " + path + "\n  data: {" + data + "}\n";
    }

    private static Manifests accepted(Manifests.Reading reading) {
        assertThat(reading).isInstanceOf(Manifests.Accepted.class);
        return ((Manifests.Accepted) reading).manifests();
    }

    /** Each problem without the file's name. */
    private List<String> refused(Manifests.Reading reading) {
        assertThat(reading).isInstanceOf(Manifests.Refused.class);
        return ((Manifests.Refused) reading)
                .problems().stream()
                        .map(p -> p.toString().replaceFirst("^" + folder.resolve("x.yaml") + ":", ""))
                        .toList();
    }
}
