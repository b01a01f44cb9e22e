package dev.paddock.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.ConfigSpec;
import dev.paddock.crds.ConfigStatus;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.crds.KeySource;
import dev.paddock.operator.MockApiServer;
import dev.paddock.operator.certificates.Issuer;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.certificates.ServerKey;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.Operator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects in an API server, znodes in a real server. */
final class ConfigReconcilerTest {
    private static final String NAMESPACE = "prod";

    private MockApiServer api;
    private KubernetesClient kubernetes;
    private Server server;
    private ConfigReconciler reconciler;
    private Operator operator;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new Server(folder);
        api = new MockApiServer();
        kubernetes = api.user();
        MockApiServer.createServing(kubernetes, NAMESPACE, "demo", server.address());
        reconciler = new ConfigReconciler();
        operator = new Operator(configuration -> {
            configuration.withKubernetesClient(api.client()).withCloseClientOnStop(false);
            MockApiServer.adapt(configuration);
        });
        operator.register(reconciler, controller -> controller.settingNamespaces(NAMESPACE));
        operator.start();
        await().until(() -> cluster("demo").get().getStatus() != null);
    }

    @AfterEach
    void stop() {
        operator.stop();
        reconciler.close();
        api.close();
        server.close();
    }

    @Test
    void keysOfAllSourcesBecomeZnodesAndFollowThem() {
        create(configMap("settings", Map.of("level", "info", "shadowed", "by data")));
        create(secret("db", Map.of("password", "s3cret", "user", "u")));
        create(config(
                "app",
                "/app",
                Map.of("greeting", "hello", "shadowed", "inline"),
                new KeySource("settings", null, null),
                new KeySource(null, "db", List.of("password"))));
        ConfigStatus kept = awaitCondition("app", "Ready", "4 keys are as wanted");
        assertThat(server.text("/app/greeting")).isEqualTo("hello");
        assertThat(server.text("/app/level")).isEqualTo("info");
        assertThat(server.text("/app/password")).isEqualTo("s3cret");
        assertThat(server.text("/app/shadowed")).isEqualTo("inline");
        assertThat(server.text("/app/user")).as("not asked for").isNull();
        assertThat(kept.zxid())
                .as("one transaction")
                .isEqualTo("0x" + Long.toHexString(server.lastChange("/app/greeting")))
                .isEqualTo("0x" + Long.toHexString(server.lastChange("/app/password")));
        assertThat(kept.hash()).startsWith("sha256:");

        update(configMap("settings", Map.of("level", "debug")));
        server.awaitText("/app/level", "debug");
        update(secret("db", Map.of("password", "n3w")));
        server.awaitText("/app/password", "n3w");
        await().untilAsserted(() -> assertThat(get("app").getStatus().hash()).isNotEqualTo(kept.hash()));
        assertThat(Long.decode(get("app").getStatus().zxid())).isGreaterThan(Long.decode(kept.zxid()));
    }

    /** The port without TLS is not told here: what is written came by the other one. */
    @Test
    void aClusterWithTlsIsSpokenWithByTls(@TempDir Path folder) throws Exception {
        var key = ServerKey.of(new Issuer().secret("localhost"), true, Instant.now());
        KeyFiles keys = KeyFiles.of(key, Optional.empty(), Instant.now());
        try (Server secure = Server.withTls(folder, keys)) {
            create(secretOf("demo-keys", keys.data()));
            cluster("demo").editStatus(cluster -> {
                cluster.setStatus(new ClusterStatus(
                        null, null, null, null, null, "127.0.0.1:1", secure.secureAddress(), null, null, null, null));
                return cluster;
            });
            create(config("app", "/app", Map.of("greeting", "hello")));
            awaitCondition("app", "Ready", "1 key is as wanted");
            assertThat(secure.text("/app/greeting")).isEqualTo("hello");
        }
    }

    @Test
    void driftIsRepairedRemovedKeysGoAndKeysOfOthersStay() throws Exception {
        create(config("app", "/app", Map.of("a", "1", "b", "2")));
        awaitCondition("app", "Ready", "2 keys are as wanted");
        Client client = server.client();
        client.blocking()
                .setData("/app/a", bytes("by hand"), Client.ANY_VERSION)
                .value();
        client.blocking().delete("/app/b", Client.ANY_VERSION).value();
        client.blocking()
                .create("/app/foreign", bytes("stays"), CreateMode.PERSISTENT)
                .value();
        server.awaitText("/app/a", "1");
        server.awaitText("/app/b", "2");
        client.blocking()
                .create("/app/b/below", bytes("x"), CreateMode.PERSISTENT)
                .value();

        edit("app", spec("/app", Map.of("c", "3")));
        server.awaitText("/app/c", "3");
        server.awaitText("/app/a", null);
        assertThat(server.text("/app/b")).as("a folder of somebody else's").isEmpty();
        assertThat(server.text("/app/foreign")).isEqualTo("stays");
    }

    @Test
    void twoObjectsDoNotFightAndTheSecondFollowsTheFirst() {
        create(config("first", "/app", Map.of("a", "1")));
        awaitCondition("first", "Ready", "1 key is as wanted");
        create(config("second", "/app", Map.of("a", "2")));
        ConfigStatus refused = awaitCondition(
                "second",
                "Conflicted",
                "CoordinationConfig prod/first has this path; nothing was written. Give one of the two another path");
        assertThat(api.asked()).as("whether the first is still there").contains("paddock.dev/coordinationconfigs get");
        assertThat(refused.condition("Ready")).get().matches(ready -> !ready.holds());
        assertThat(server.text("/app/a")).isEqualTo("1");

        kubernetes.resource(get("first")).delete();
        server.awaitText("/app/a", "2");
        ConfigStatus taken = awaitCondition("second", "Ready", "1 key is as wanted");
        assertThat(taken.condition("Conflicted")).get().matches(conflicted -> !conflicted.holds());
    }

    @Test
    void anotherPathMovesTheKeysAndDeletionRemovesThem() {
        create(config("app", "/old", Map.of("a", "1")));
        server.awaitText("/old/a", "1");
        edit("app", spec("/new/deep", Map.of("a", "1")));
        server.awaitText("/new/deep/a", "1");
        server.awaitText("/old/a", null);
        await().untilAsserted(() -> assertThat(get("app").getStatus().places())
                .containsExactly(new ConfigStatus.Place("demo", "/new/deep")));

        kubernetes.resource(get("app")).delete();
        server.awaitText("/new/deep/a", null);
        await().until(() -> get("app") == null);
        assertThat(server.client()
                        .getChildren("/paddock/configs")
                        .join()
                        .value()
                        .names())
                .isEmpty();
    }

    @Test
    void whatCannotBeDoneIsSaidAndChangesNothing() {
        create(config("app", "/app", Map.of("a", "1"), new KeySource("later", null, List.of("b"))));
        awaitCondition("app", "Stalled", "there is no ConfigMap later in this namespace");
        create(configMap("later", Map.of("c", "3")));
        awaitCondition("app", "Stalled", "ConfigMap later has no key b");
        assertThat(server.text("/app/a")).isNull();
        update(configMap("later", Map.of("b", "2")));
        awaitCondition("app", "Ready", "2 keys are as wanted");

        Map<String, String> large = new TreeMap<>();
        for (int i = 0; i < 5; i++) large.put("k" + i, "x".repeat(250_000));
        edit("app", spec("/app", large));
        await().untilAsserted(() -> assertThat(get("app").getStatus().condition("Stalled"))
                .get()
                .matches(Condition::holds)
                .extracting(Condition::message)
                .asString()
                .startsWith("the keys do not fit into one transaction of 1 MiB"));
        assertThat(server.text("/app/a")).as("what was written stays").isEqualTo("1");
    }

    @Test
    void whatTheApiServerRefusesIsSaidAndWhatWasWrittenStays() {
        create(config("app", "/app", Map.of("a", "1")));
        ConfigStatus kept = awaitCondition("app", "Ready", "1 key is as wanted");
        api.refuseToRead("/api/v1/namespaces/prod/configmaps/settings", "no right to read it");
        edit("app", spec("/app", Map.of("a", "2"), new KeySource("settings", null, null)));
        await().untilAsserted(() -> assertThat(get("app").getStatus().condition("Reconciling"))
                .get()
                .matches(Condition::holds)
                .extracting(Condition::message)
                .asString()
                .contains("no right to read it"));
        ConfigStatus failed = get("app").getStatus();
        assertThat(failed.condition("Ready")).get().matches(ready -> !ready.holds());
        assertThat(failed.hash()).isEqualTo(kept.hash());
        assertThat(failed.places()).isEqualTo(kept.places());
        assertThat(server.text("/app/a")).isEqualTo("1");
    }

    @Test
    void anObjectOfADeletedClusterGoesWithoutItsKeys() {
        create(config("app", "/app", Map.of("a", "1")));
        awaitCondition("app", "Ready", "1 key is as wanted");
        cluster("demo").delete();
        awaitCondition("app", "Stalled", "there is no CoordinationCluster demo in this namespace");
        kubernetes.resource(get("app")).delete();
        await().until(() -> get("app") == null);
        assertThat(server.text("/app/a")).isEqualTo("1");
    }

    private ConfigStatus awaitCondition(String name, String type, String message) {
        await().untilAsserted(() -> assertThat(get(name).getStatus().condition(type))
                .get()
                .matches(Condition::holds)
                .extracting(Condition::message)
                .isEqualTo(message));
        return get(name).getStatus();
    }

    private void create(HasMetadata object) {
        kubernetes.resource(object).create();
    }

    private void update(HasMetadata object) {
        kubernetes.resource(object).update();
    }

    private void edit(String name, ConfigSpec spec) {
        MockApiServer.insist(() -> kubernetes
                .resources(CoordinationConfig.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .edit(config -> {
                    config.setSpec(spec);
                    return config;
                }));
    }

    private CoordinationConfig get(String name) {
        return kubernetes
                .resources(CoordinationConfig.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private Resource<CoordinationCluster> cluster(String name) {
        return kubernetes
                .resources(CoordinationCluster.class)
                .inNamespace(NAMESPACE)
                .withName(name);
    }

    private static ConfigSpec spec(String path, Map<String, String> data, KeySource... from) {
        return new ConfigSpec(new ConfigSpec.ClusterRef("demo"), path, data, List.of(from));
    }

    private static CoordinationConfig config(String name, String path, Map<String, String> data, KeySource... from) {
        CoordinationConfig config = new CoordinationConfig();
        config.getMetadata().setName(name);
        config.getMetadata().setNamespace(NAMESPACE);
        config.setSpec(spec(path, data, from));
        return config;
    }

    private static HasMetadata configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static HasMetadata secret(String name, Map<String, String> data) {
        Map<String, String> encoded = new TreeMap<>();
        data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(bytes(value))));
        return secretOf(name, encoded);
    }

    /** @param encoded in base64 */
    private static HasMetadata secretOf(String name, Map<String, String> encoded) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withData(encoded)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
