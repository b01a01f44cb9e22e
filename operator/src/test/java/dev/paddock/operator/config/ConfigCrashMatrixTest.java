package dev.paddock.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.CreateMode;
import dev.paddock.crds.ConfigSpec;
import dev.paddock.crds.ConfigStatus.Place;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.operator.Faults;
import dev.paddock.operator.Faults.Mode;
import dev.paddock.operator.MockApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The operator fails at its k-th change in the life of an object, for every k, be it of the object or of znodes. It goes on, or is cut
 * off there and another one takes over; the znodes become what the object says, and others' stay as they are.
 */
final class ConfigCrashMatrixTest {
    private static final String NAMESPACE = "prod";
    private static final int K_MAX = 50;
    private static final Map<String, String> FIRST = Map.of("a", "1", "b", "2");
    private static final Map<String, String> SECOND = Map.of("b", "3", "c", "4");
    private static final List<String> OTHERS =
            List.of("/old/a", Claim.znode("/old"), "/old/app/foreign", "/new/app/foreign");

    private MockApiServer api;
    private KubernetesClient kubernetes;
    private Server server;
    private Relay relay;
    private volatile Faults faults = new Faults(0, Mode.CUT_OFF);
    private KubernetesClient operators;
    private ConfigReconciler reconciler;
    private Operator operator;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new Server(folder);
        relay = new Relay(server.address(), () -> faults);
        api = new MockApiServer();
        kubernetes = api.user();
        MockApiServer.createServing(kubernetes, NAMESPACE, "demo", relay.address());
        startOperator();
        create("neighbour", "/old", Map.of("a", "theirs"));
        await().until(() -> isKept("neighbour", "/old"));
        for (String folders : List.of("/old/app", "/new", "/new/app", "/old/app/foreign", "/new/app/foreign"))
            server.client()
                    .blocking()
                    .create(folders, "mine".getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT)
                    .value();
    }

    @AfterEach
    void stop() throws Exception {
        stopOperator();
        api.close();
        relay.close();
        server.close();
    }

    private void startOperator() {
        operators = api.client(new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                faults.before(builder, request, tags);
            }

            @Override
            public void after(
                    HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
                faults.after(request, response, consumer);
            }
        });
        reconciler = new ConfigReconciler();
        operator = new Operator(configuration -> {
            configuration.withKubernetesClient(operators).withCloseClientOnStop(false);
            MockApiServer.adapt(configuration);
        });
        var retry =
                new GenericRetry().setInitialInterval(10).setMaxInterval(100).withoutMaxAttempts();
        operator.register(
                reconciler,
                controller -> controller.settingNamespaces(NAMESPACE).withRetry(retry));
        operator.start();
    }

    private void stopOperator() {
        operator.stop();
        reconciler.close();
        operators.close();
    }

    @ParameterizedTest
    @EnumSource
    void znodesBecomeWhatTheObjectSays(Mode mode) throws Exception {
        Map<String, Long> others = lastChanges();
        int k = 0;
        Faults failing;
        do {
            failing = new Faults(++k, mode);
            faults = failing;
            live(failing);
            assertThat(lastChanges()).as("%s", failing).isEqualTo(others);
        } while (failing.fired() && k < K_MAX);
        assertThat(failing.fired()).as("%s", failing).isFalse();
        assertThat(k).as("of the object: 7, of znodes: 5").isGreaterThan(12);
    }

    /** A whole life: made, changed, moved, deleted. */
    private void live(Faults failing) throws Exception {
        pass(
                failing,
                () -> create("app", "/old/app", FIRST),
                () -> isKept("app", "/old/app") && keys("/old/app").equals(FIRST));
        pass(
                failing,
                () -> edit("/old/app", SECOND),
                () -> isKept("app", "/old/app") && keys("/old/app").equals(SECOND));
        pass(
                failing,
                () -> edit("/new/app", SECOND),
                () -> isKept("app", "/new/app") && keys("/new/app").equals(SECOND) && isLeft("/old/app"));
        pass(
                failing,
                () -> config("app").delete(),
                () -> config("app").get() == null && isLeft("/old/app") && isLeft("/new/app"));
    }

    private void pass(Faults failing, Runnable happens, BooleanSupplier isThere) {
        boolean before = failing.fired();
        String when = failing.toString();
        happens.run();
        await(when).until(() -> (failing.fired() && !before) || isThere.getAsBoolean());
        if (failing.fired() && !before && failing.mode().kills()) {
            assertRemembered(when);
            restartOperator();
        }
        await(when).until(isThere::getAsBoolean);
    }

    private void restartOperator() {
        stopOperator();
        faults = new Faults(0, Mode.CUT_OFF);
        startOperator();
    }

    /** Whoever comes after the crash finds all keys that were written: by the claim, and that by the status. */
    private void assertRemembered(String when) {
        for (String path : List.of("/old/app", "/new/app")) {
            Map<String, String> keys = keys(path);
            assertThat(keys).as(when).isIn(Map.of(), FIRST, SECOND);
            if (isLeft(path)) continue;
            Claim claim = Claim.parse(server.client()
                            .getData(Claim.znode(path))
                            .join()
                            .value()
                            .data())
                    .orElseThrow();
            assertThat(claim.keys()).as(when).containsExactlyInAnyOrderElementsOf(keys.keySet());
            assertThat(config("app").get().getStatus().places()).as(when).contains(new Place("demo", path));
        }
    }

    /** Whether nothing is there of an owner, neither keys nor a claim. */
    private boolean isLeft(String path) {
        return keys(path).isEmpty() && server.text(Claim.znode(path)) == null;
    }

    /** Without the one that was made by hand. */
    private Map<String, String> keys(String path) {
        Map<String, String> keys = new TreeMap<>();
        for (String key : server.client().getChildren(path).join().value().names()) {
            if (!key.equals("foreign")) keys.put(key, String.valueOf(server.text(path + "/" + key)));
        }
        return keys;
    }

    private boolean isKept(String name, String path) {
        CoordinationConfig config = config(name).get();
        return config.getStatus() != null
                && config.getStatus()
                        .observedGeneration()
                        .equals(config.getMetadata().getGeneration())
                && config.getStatus()
                        .condition("Ready")
                        .filter(ready -> ready.holds())
                        .isPresent()
                && config.getStatus().places().equals(List.of(new Place("demo", path)));
    }

    /** Of all that is not the object's: the zxids of the transactions that changed it. */
    private Map<String, Long> lastChanges() {
        Map<String, Long> zxids = new TreeMap<>();
        for (String path : OTHERS) zxids.put(path, server.lastChange(path));
        return zxids;
    }

    private Resource<CoordinationConfig> config(String name) {
        return kubernetes
                .resources(CoordinationConfig.class)
                .inNamespace(NAMESPACE)
                .withName(name);
    }

    private void create(String name, String path, Map<String, String> data) {
        CoordinationConfig config = new CoordinationConfig();
        config.getMetadata().setName(name);
        config.getMetadata().setNamespace(NAMESPACE);
        config.setSpec(new ConfigSpec(new ConfigSpec.ClusterRef("demo"), path, data, List.of()));
        kubernetes.resource(config).create();
    }

    private void edit(String path, Map<String, String> data) {
        MockApiServer.insist(() -> config("app").edit(config -> {
            config.setSpec(new ConfigSpec(new ConfigSpec.ClusterRef("demo"), path, data, List.of()));
            return config;
        }));
    }
}
