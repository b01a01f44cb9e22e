package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paddock.e2e.Command;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart and the custom resources at a real API server. */
@ExtendWith(LabExtension.class)
class ChartLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long LAUNCHER_SECONDS_MAX = 300;

    /** With these would go what others have made. */
    private static final String[] KEPT = {
        "namespace/" + Chart.NAMESPACE,
        "customresourcedefinition.apiextensions.k8s.io/coordinationclusters.paddock.dev",
        "customresourcedefinition.apiextensions.k8s.io/coordinationconfigs.paddock.dev"
    };

    /** What the operator makes for itself. */
    private static final String[] OWN = {
        "lease.coordination.k8s.io/paddock-operator", "secret/paddock-operator-webhook-certificates"
    };

    /** What Kubernetes puts into each namespace. */
    private static final Set<String> GIVEN = Set.of("configmap/kube-root-ca.crt", "serviceaccount/default");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path scratch;

    /** What it made stays and serves; the operator that comes back takes it up. */
    @Test
    void itIsInstalledUpgradedAndUninstalled(Lab lab) throws Exception {
        Chart.install(lab);
        try (ClusterInLab cluster = new ClusterInLab(lab, "chart");
                ClusterInLab second = new ClusterInLab(lab, "chart-2");
                ClusterInLab unwatched = new ClusterInLab(lab, "chart-3")) {
            cluster.create(1, scratch);
            cluster.awaitReady(1);
            String pod = cluster.pod(1).getMetadata().getUid();
            assertDumped(lab);
            deleteConfigs(lab, cluster);

            Chart.upgrade(lab, "replicas=1", "webhook.enabled=false"); // waits until it says that it is ready
            Chart.upgrade(lab, "replicas=1", "rbac.namespaced=true", "watchNamespaces={chart,chart-2}");
            assertThat(may(lab, "delete", "pods", "chart")).isTrue();
            assertThat(may(lab, "delete", "pods", "chart-3"))
                    .as("in another namespace")
                    .isFalse();
            unwatched.apply(manifest("demo", "paused: true"));
            second.apply(manifest("demo", "paused: true"));
            second.kubectl("wait", "--for=condition=Paused", "ccl/demo", "--timeout=60s");
            assertThat(shown(unwatched, "ccl/demo", ".status.observedGeneration"))
                    .isEqualTo("-1");
            cluster.kubectl("scale", "ccl/demo", "--replicas=2");
            cluster.awaitReady(2);

            withoutTheOperatorPodsStartAsTheyAre(lab);
            uninstall(lab);
            if (lab.isGiven()) System.out.println("left out, since others may need it here: a definition is deleted");
            else lab.kubectl("delete", "crd", "coordinationconfigs.paddock.dev", "--timeout=60s");
            assertThat(cluster.get()).as("kept with its definition").isNotNull();
            assertThat(cluster.pod(1).getMetadata().getUid()).isEqualTo(pod);

            Chart.install(lab);
            cluster.kubectl("scale", "ccl/demo", "--replicas=1");
            cluster.awaitReady(1);
        }
    }

    /** Leaves what the chart's notes say, and deletes the operator's own as they say. */
    private void uninstall(Lab lab) throws IOException, InterruptedException {
        Path last = Files.writeString(scratch.resolve("last.yaml"), Chart.get(lab, "manifest"));
        Path usual = manifests();
        List<String> deletion = Chart.get(lab, "notes")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("kubectl delete lease/"))
                .toList();
        assertThat(deletion).hasSize(1);

        Chart.uninstall(lab);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(present(lab, last, usual)).containsExactlyInAnyOrder(KEPT);
            assertThat(inTheNamespace(lab)).containsExactlyInAnyOrder(OWN);
        });
        List<String> words = List.of(deletion.getFirst().split(" ", -1));
        lab.kubectl(words.subList(1, words.size()).toArray(String[]::new));
        assertThat(inTheNamespace(lab)).isEmpty();
    }

    /** Which objects of files there are. */
    private static Set<String> present(Lab lab, Path... files) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("get", "--ignore-not-found", "--output=name"));
        for (Path file : files) words.add("--filename=" + file);
        return lab.kubectl(words.toArray(String[]::new)).lines().collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that is in the operator's namespace but events, and Endpoints, of which kubectl warns and which go with their Service. */
    private static List<String> inTheNamespace(Lab lab) throws IOException, InterruptedException {
        String kinds = lab.kubectl("api-resources", "--namespaced", "--verbs=list", "--output=name")
                .lines()
                .filter(kind -> !kind.startsWith("events") && !kind.equals("endpoints"))
                .collect(Collectors.joining(","));
        return lab.kubectl("get", kinds, "--namespace=" + Chart.NAMESPACE, "--ignore-not-found", "--output=name")
                .lines()
                .filter(object -> !GIVEN.contains(object))
                .toList();
    }

    /** As the chart's notes say, so that their definition can be deleted when the operator is gone. A cluster that is given may have others. */
    private void deleteConfigs(Lab lab, ClusterInLab cluster) throws IOException, InterruptedException {
        Path config = Files.writeString(scratch.resolve("config.yaml"), """
                apiVersion: paddock.dev/v1
                kind: CoordinationConfig
                metadata:
                  name: app
                spec: {clusterRef: {name: demo}, path: /app, data: {greeting: hello}}
                """);
        cluster.apply(config);
        cluster.kubectl("wait", "--for=condition=Ready", "ccfg/app", "--timeout=170s");
        String where = lab.isGiven() ? "--namespace=" + cluster.namespace() : "--all-namespaces";
        lab.kubectl("delete", "coordinationconfigs", "--all", where, "--timeout=170s");
    }

    private static void stopTheOperator(Lab lab) throws IOException, InterruptedException {
        lab.kubectl("scale", "deployment/paddock-operator", "--replicas=0", "--namespace=" + Chart.NAMESPACE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lab.kubectl("get", "pods", "--namespace=" + Chart.NAMESPACE))
                        .contains("No resources found"));
    }

    /** Those of namespaces that want none so are not made. */
    private static void withoutTheOperatorPodsStartAsTheyAre(Lab lab) throws Exception {
        stopTheOperator(lab);
        Pod pod;
        try (InputStream manifest = ChartLabTest.class.getResourceAsStream("bystander.yaml")) {
            pod = (Pod) lab.client().load(manifest).items().getFirst();
        }
        pod.getMetadata().setNamespace("chart");
        lab.client().resource(pod).create();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                lab.client().resource(pod).get().getStatus().getPhase())
                        .isEqualTo("Succeeded"));
        assertThat(lab.client().resource(pod).get().getSpec().getInitContainers())
                .isEmpty();

        lab.kubectl("label", "namespace/chart", "paddock.dev/require-injection=");
        pod.getMetadata().setName("refused");
        assertThatThrownBy(() -> lab.client().resource(pod).create())
                .hasMessageContaining("failed calling webhook \"required.paddock.dev\"");
    }

    /** What a failed test would take along. */
    private void assertDumped(Lab lab) throws IOException, InterruptedException {
        Path dump = scratch.resolve("dump");
        lab.dump(dump);
        assertThat(dump.resolve("coordinationclusters.yaml")).content().contains("voters serve");
        assertThat(dump.resolve("configmaps.yaml")).content().contains("dataDir=/data");
        assertThat(dump.resolve("statefulsets.yaml")).content().contains("updateRevision:");
        assertThat(dump.resolve("pods/chart.demo-1.log")).content().contains("[pod/demo-1/server]");
        assertThat(dump.resolve("coordinationconfigs.yaml")).content().contains("items: []");
    }

    private static boolean may(Lab lab, String verb, String what, String namespace)
            throws IOException, InterruptedException {
        try {
            return lab.kubectl("auth", "can-i", verb, what, "--namespace=" + namespace, "--as=" + Chart.OPERATOR)
                    .contains("yes");
        } catch (IOException refused) { // it says no by its exit code, too
            if (!String.valueOf(refused.getMessage()).contains("no")) throw refused;
            return false;
        }
    }

    @Test
    void theManifestsInstallWhatHelmInstalls(Lab lab) throws Exception {
        Path manifests = manifests();
        Chart.install(lab);
        Map<String, JsonNode> helms = installed(lab, manifests);
        if (!lab.isGiven()) lab.kubectl("delete", "coordinationconfigs", "--all", "--all-namespaces", "--timeout=170s");
        Chart.uninstall(lab);
        try {
            // The definitions stayed, and Helm owns what is in them, unless that was forced there before.
            if (!lab.isGiven()) assertThat(refused(() -> apply(lab, manifests))).contains("conflict with \"helm\"");
            apply(lab, manifests, "--force-conflicts");
            assertThat(installed(lab, manifests)).isEqualTo(helms);
            if (lab.isGiven()) {
                System.out.println("left out, since others may need them here: the definitions are deleted");
                return;
            }
            delete(lab, manifests);
            apply(lab, manifests); // where Helm never was
            assertThat(installed(lab, manifests)).isEqualTo(helms);
        } finally {
            delete(lab, manifests);
        }
    }

    /** What the launcher prints; what else it says is not among that. */
    private Path manifests() throws IOException, InterruptedException {
        Path file = scratch.resolve("manifests.yaml");
        Path root = Path.of(System.getProperty("paddock.root"));
        try (Command launcher = Command.start(root, "sh", "-c", "./paddock manifests >\"$0\"", file.toString())) {
            if (launcher.await(LAUNCHER_SECONDS_MAX) != 0) throw new IOException("no manifests: " + launcher.text());
        }
        return file;
    }

    private static void apply(Lab lab, Path manifests, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("apply", "--server-side", "--filename=" + manifests));
        words.addAll(List.of(more));
        lab.kubectl(words.toArray(String[]::new));
        lab.kubectl(
                "rollout", "status", "deployment/paddock-operator", "--namespace=" + Chart.NAMESPACE, "--timeout=170s");
    }

    /** All but the namespace, and but the definitions where others may need them; Helm does not take those that are not its own. */
    private static void delete(Lab lab, Path manifests) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("delete", "--namespace=" + Chart.NAMESPACE, "--timeout=170s"));
        for (String object : present(lab, manifests)) {
            boolean kept = lab.isGiven() ? List.of(KEPT).contains(object) : object.equals(KEPT[0]);
            if (!kept) words.add(object);
        }
        lab.kubectl(words.toArray(String[]::new));
    }

    /** The objects of a file as they are, by kind and name, but for what tells one object of the same content from another. */
    private static Map<String, JsonNode> installed(Lab lab, Path manifests) throws IOException, InterruptedException {
        Map<String, JsonNode> installed = new TreeMap<>();
        String all = lab.kubectl("get", "--filename=" + manifests, "--output=json");
        for (JsonNode each : JSON.readTree(all).get("items")) {
            ObjectNode object = (ObjectNode) each;
            object.remove("status");
            ObjectNode metadata = (ObjectNode) object.get("metadata");
            metadata.remove(List.of("uid", "resourceVersion", "generation", "creationTimestamp"));
            metadata.withObject("labels").remove("app.kubernetes.io/managed-by"); // Helm's
            metadata.withObject("annotations")
                    .properties()
                    .removeIf(note -> note.getKey().matches("(meta.helm.sh|deployment.kubernetes.io)/.*"));
            if (object.get("kind").asText().equals("Service"))
                object.withObject("spec").remove(List.of("clusterIP", "clusterIPs"));
            for (JsonNode webhook : object.path("webhooks")) // the operator's
            ((ObjectNode) webhook.get("clientConfig")).remove("caBundle");
            installed.put(
                    object.get("kind").asText() + "/" + metadata.get("name").asText(), object);
        }
        return installed;
    }

    @Test
    void whatIsAroundAClusterIsAsItsSpecSays(Lab lab) throws Exception {
        Chart.install(lab);
        try (PrometheusKinds _ = PrometheusKinds.in(lab);
                ClusterInLab cluster = new ClusterInLab(lab, "around")) {
            cluster.apply(manifest("demo", """
                    replicas: 1
                      storage: {size: 1Gi}
                      placement: {hosts: Required, nodes: [{key: kubernetes.io/os, operator: In, values: [linux]}]}
                    """));
            cluster.awaitReady(1);
            String pod = cluster.pod(1).getMetadata().getUid();
            awaitAround(cluster, "metrics paddock-demo ClusterIP ");

            cluster.specify("""
                    {"listeners": {"client": {"serviceType": "NodePort"}},
                     "monitoring": {"alerts": false, "labels": {"release": "mine"}}}
                    """);
            awaitAround(cluster, "metrics  NodePort mine");

            cluster.specify("""
                    {"listeners": null, "monitoring": null}
                    """);
            awaitAround(cluster, "metrics paddock-demo ClusterIP ");
            assertThat(cluster.pod(1).getMetadata().getUid())
                    .as("not restarted")
                    .isEqualTo(pod);
        }
    }

    /** The scraped port, the group of alerts, the Service's type, and by which label a Prometheus finds all that. */
    private static void awaitAround(ClusterInLab cluster, String seen) {
        await().atMost(PATIENCE)
                .ignoreException(IOException.class)
                .untilAsserted(() -> assertThat(shown(cluster, "servicemonitor/demo", ".spec.endpoints[0].port") + " "
                                + shown(cluster, "prometheusrule/demo", ".spec.groups[*].name") + " "
                                + shown(cluster, "service/demo-client", ".spec.type") + " "
                                + shown(cluster, "servicemonitor/demo", ".metadata.labels.release"))
                        .isEqualTo(seen));
    }

    private static String shown(ClusterInLab cluster, String object, String path)
            throws IOException, InterruptedException {
        return cluster.kubectl("get", object, "--output=jsonpath={" + path + "}");
    }

    /** Each with what to do about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas: 10                                  | replicas must be 1 to 9
            observers: 51                                 | observers must be 0 to 50
            engine: ZooKeeper                             | engine ZooKeeper needs a version
            engine: ZooKeeper, version: 3.9.5, tls: {client: {secretName: keys}}| remove tls.client, or run engine Paddock
            tls: {client: {secretName: keys}}, config: {ssl.clientAuth: need}| remove ssl.keyStore, ssl.trustStore
            config: {clientPort: "2182"}                  | remove this key
            config: {"tick Time": "2000"}                 | write a zoo.cfg key with only letters
            config: {tickTime: "2000\\nserver.9=evil:1:2"} | write the value on one line
            storage: {size: lots}                         | write a whole number and a unit, as 8Gi
            version: /3.9.5                               | write the tag of an image
            template: {image: Node}                       | write an image with its tag
            template: {priorityClassName: High}           | write the name of a PriorityClass
            template: {tolerations: [{operator: exists}]} | write Exists or Equal
            template: {tolerations: [{effect: noExecute}]}| write NoSchedule, PreferNoSchedule or NoExecute
            monitoring: {interval: 1m30s}                 | not 1m30s but 90s
            tls: {client: {secretName: Keys}}             | write the name of an object
            listeners: {client: {sourceRanges: [everyone]}}| write a network with its length
            listeners: {client: {sourceRanges: ["::/0"]}} | sourceRanges are for serviceType LoadBalancer
            placement: {nodes: [{key: a, operator: In}]}  | give values for operator In or NotIn
            """)
    void theApiServerRefusesWhatCannotBe(String spec, String why, Lab lab) throws Exception {
        Chart.install(lab);
        assertThat(refused(() -> dryRun(lab, "CoordinationCluster", "demo", spec)))
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            path: /app/                              | path must be like /app
            path: /a/../b                            | path must be like /app
            path: /zookeeper/mine                    | not at or below /zookeeper or /paddock
            path: /app, data: {a/b: deep}            | name a key with 1 to 128 letters
            path: /app, data: {"..": up}             | put deeper keys in path
            path: /app, from: [{keys: [a]}]          | name either a configMap or a secret
            path: /app, from: [{configMap: a, secret: b}]| name either a configMap or a secret
            path: /app, from: [{configMap: A}]       | write the name of an object
            path: /app, from: [{secret: a, keys: [a/b]}]| name a key of the object
            """)
    void theApiServerRefusesKeysThatCannotBe(String spec, String why, Lab lab) throws Exception {
        Chart.install(lab);
        assertThat(refused(() -> dryRun(lab, "CoordinationConfig", "app", "clusterRef: {name: demo}, " + spec)))
                .contains(why);
    }

    /** Of what is made for a cluster, some has a longer name, and none may have more than 63 letters. */
    @Test
    void theApiServerRefusesLongNamesOfClusters(Lab lab) throws Exception {
        Chart.install(lab);
        dryRun(lab, "CoordinationCluster", "a".repeat(40), "replicas: 3");
        assertThat(refused(() -> dryRun(lab, "CoordinationCluster", "a".repeat(41), "replicas: 3")))
                .contains("name the cluster with at most 40");
        assertThat(refused(() -> dryRun(lab, "CoordinationCluster", "1st", "replicas: 3")))
                .contains("from a letter");
    }

    @Test
    void theApiServerFillsDefaultsInAndKeepsWhatIsFixed(Lab lab) throws Exception {
        Chart.install(lab);
        try (ClusterInLab cluster = new ClusterInLab(lab, "rules")) {
            cluster.apply(manifest("demo", "paused: true"));
            assertThat(cluster.kubectl("get", "ccl/demo", "--output=jsonpath={.spec.replicas} {.spec.storage.size}"))
                    .isEqualTo("3 8Gi");
            assertThat(refused(() -> cluster.apply(manifest("Demo", "paused: true"))))
                    .contains("Invalid value");

            store(cluster, "size: 16Gi");
            assertThat(refused(() -> store(cluster, "size: 15Gi"))).contains("storage.size may only grow");
            assertThat(refused(() -> store(cluster, "size: 16Gi, storageClassName: fast")))
                    .as("a class where there was none")
                    .contains("storage.storageClassName is fixed");

            cluster.kubectl("delete", "ccl/demo");
            store(cluster, "size: 16Gi, storageClassName: fast");
            assertThat(refused(() -> store(cluster, "size: 16Gi, storageClassName: slow")))
                    .as("another class")
                    .contains("storage.storageClassName is fixed");
            assertThat(refused(() -> store(cluster, "size: 16Gi")))
                    .as("no class any more")
                    .contains("storage.storageClassName is fixed");
            store(cluster, "size: 17Gi, storageClassName: fast");
        }
    }

    /** Whoever waits by kstatus' rules waits, too: what was observed is older than what is asked. */
    @Test
    void aClusterThatNobodyHasLookedAtIsNotReady(Lab lab) throws Exception {
        Chart.install(lab);
        try (ClusterInLab cluster = new ClusterInLab(lab, "unseen")) {
            stopTheOperator(lab);
            cluster.create(1, scratch);
            assertThat(shown(cluster, "ccl/demo", ".status.observedGeneration")).isEqualTo("-1");
            assertThat(refused(() -> cluster.kubectl("wait", "--for=condition=Ready", "ccl/demo", "--timeout=2s")))
                    .contains("timed out");

            lab.kubectl("scale", "deployment/paddock-operator", "--replicas=2", "--namespace=" + Chart.NAMESPACE);
            cluster.kubectl("wait", "--for=condition=Ready", "ccl/demo", "--timeout=170s");
            assertThat(shown(cluster, "ccl/demo", ".status.observedGeneration"))
                    .isEqualTo(shown(cluster, "ccl/demo", ".metadata.generation"));
        }
    }

    private void store(ClusterInLab cluster, String storage) throws IOException, InterruptedException {
        cluster.apply(manifest("demo", "paused: true\n  storage: {" + storage + "}"));
    }

    /** Nothing is made. */
    private void dryRun(Lab lab, String kind, String name, String spec) throws IOException, InterruptedException {
        Path manifest = Files.writeString(scratch.resolve("dry-run.yaml"), """
                apiVersion: paddock.dev/v1
                kind: %s
                metadata:
                  name: %s
                spec: {%s}
                """.formatted(kind, name, spec));
        lab.kubectl("apply", "--server-side", "--dry-run=server", "--filename=" + manifest);
    }

    private static String refused(Lab.Preparation apply) throws InterruptedException {
        try {
            apply.run();
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("it was taken");
    }

    private Path manifest(String name, String spec) throws IOException {
        Path manifest = scratch.resolve("manifest.yaml");
        Files.writeString(manifest, """
                apiVersion: paddock.dev/v1
                kind: CoordinationCluster
                metadata:
                  name: %s
                spec:
                  %s
                """.formatted(name, spec));
        return manifest;
    }
}
