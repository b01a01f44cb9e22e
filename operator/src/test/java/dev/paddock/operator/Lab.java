package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Engine;
import dev.paddock.crds.Storage;
import dev.paddock.crds.Tls;
import dev.paddock.operator.cluster.ClusterReconciler.Pace;
import dev.paddock.operator.migration.Settings;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator, an API server that only stores, and a {@link PretendedNode}. It knows no server-side apply: that is switched off here.
 */
final class Lab implements AutoCloseable {
    static final String NAMESPACE = "prod";
    static final String NODE_IMAGE = "registry.example/paddock/node";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pace PACE = new Pace(Duration.ofMillis(10), Duration.ofMillis(100));
    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);

    private final Pace pace;
    private final Consumer<ConfigurationServiceOverrider> configuration;
    private final MockApiServer api = new MockApiServer();
    private final Applying applied;
    private final KubernetesClient client; // of people, and of what plays Kubernetes
    private final PretendedNode node;
    private final Thread time;
    private volatile Faults faults = new Faults(0, Faults.Mode.CUT_OFF);
    private KubernetesClient operators;
    private Operator operator;
    private volatile boolean closed;

    Lab() {
        this(PACE);
    }

    Lab(Pace pace) {
        this(pace, MockApiServer::adapt);
    }

    /** One with server-side apply of the StatefulSet, see {@link #applied}. */
    static Lab applying() {
        return new Lab(PACE, configuration -> {
            MockApiServer.adapt(configuration);
            MockApiServer.applyStatefulSets(configuration);
        });
    }

    private Lab(Pace pace, Consumer<ConfigurationServiceOverrider> configuration) {
        this.pace = pace;
        this.configuration = configuration;
        applied = api.apply(NAMESPACE, "demo");
        client = api.user();
        node = new PretendedNode(client, NAMESPACE, "demo", this::faults);
        startOperator();
        time = Thread.ofPlatform().name("time").start(this::letTimePass);
    }

    private Faults faults() {
        return faults;
    }

    private void letTimePass() {
        while (!closed) {
            try {
                tick();
                Thread.sleep(5); // the pace of a pretended Kubernetes; nothing waits for it
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The operator may write the same object: the next tick sees that. */
    private void tick() {
        try {
            node.tick();
        } catch (KubernetesClientException raced) {
            LOG.debug("{}", raced.getMessage());
        }
    }

    private void startOperator() {
        operators = api.client(new Faulty());
        operator = Operator.start(
                operators,
                new OperatorConfig(Set.of(NAMESPACE), NODE_IMAGE, Optional.empty(), Optional.empty(), Optional.empty()),
                Lab::read,
                node,
                pace,
                configuration);
    }

    Applying applied() {
        return applied;
    }

    /** A Paddock that knows all settings but one, and takes what it is told that a ZooKeeper does not. */
    private static Settings read(String zooCfg) {
        assertThat(zooCfg).contains("\nserver.1=demo-1.");
        return new Settings(
                List.of(),
                zooCfg.contains("extended=") ? List.of("extended") : List.of(),
                List.of(),
                zooCfg.contains("jute.maxbuffer=") ? List.of("jute.maxbuffer") : List.of());
    }

    private final class Faulty implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            applied.sending(request);
            faults().before(builder, request, tags);
        }

        @Override
        public void after(
                HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            faults().after(request, response, consumer);
        }
    }

    /** The k-th change from now on fails. */
    Faults failAt(int k, Faults.Mode mode) {
        faults = new Faults(k, mode);
        return faults;
    }

    /** Another operator takes over from one that was cut off. */
    void restartOperator() {
        stopOperator();
        faults = new Faults(0, Faults.Mode.CUT_OFF);
        startOperator();
    }

    /** Lets it finish what is under way. */
    void stopOperator() {
        operator.close();
        operators.close();
    }

    MockApiServer api() {
        return api;
    }

    PretendedNode node() {
        return node;
    }

    KubernetesClient client() {
        return client;
    }

    void create(ClusterSpec spec) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace(NAMESPACE);
        cluster.setSpec(spec);
        client.resource(cluster).create();
    }

    /** That of the one cluster. */
    RollableScalableResource<StatefulSet> statefulSet() {
        return client.apps().statefulSets().inNamespace(NAMESPACE).withName("demo");
    }

    /** All that there are. */
    List<StatefulSet> statefulSets() {
        return client.apps().statefulSets().inNamespace(NAMESPACE).list().getItems();
    }

    void edit(UnaryOperator<CoordinationCluster> change) {
        MockApiServer.insist(() -> client.resource(cluster()).edit(change));
    }

    /** Asks for another spec. */
    void respecify(UnaryOperator<ClusterSpec> change) {
        edit(cluster -> {
            cluster.setSpec(change.apply(cluster.getSpec()));
            return cluster;
        });
    }

    void scale(int replicas) {
        respecify(spec -> spec(replicas, spec.config()));
    }

    void configure(String key, String value) {
        respecify(spec -> spec(spec.replicas(), Map.of(key, value)));
    }

    /** Asks for larger volumes. */
    void store(String size) {
        var storage = new Storage(size, null, null);
        respecify(spec -> new ClusterSpec(spec.replicas(), null, null, null, null, null, storage, null, null, null));
    }

    void runs(Engine engine, String version, Map<String, String> config) {
        respecify(spec -> spec(engine, version, config));
    }

    void pause(boolean paused) {
        client.resource(cluster())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"paused\":" + paused + "}}");
    }

    /** Until the operator has looked so often that it would have done what it had in mind. */
    void letItLook() {
        long before = node.asked();
        Awaitility.await().atMost(PATIENCE).until(() -> node.asked() > before + 100);
    }

    /** Until the operator does not look any more before it has to. */
    void awaitQuiet() {
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            long now = node.asked();
            return before.getAndSet(now) == now;
        });
    }

    /** Makes the Secret {@code demo-tls}. */
    void certify(Map<String, String> data) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("demo-tls")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    /** With the Secret {@code demo-tls}. */
    void closePlainPorts() {
        var tls = new Tls(new Tls.ClientTls("demo-tls", true, Tls.Verify.NONE));
        respecify(spec -> new ClusterSpec(spec.replicas(), null, null, null, null, tls, null, null, null, null));
    }

    CoordinationCluster cluster() {
        return client.resources(CoordinationCluster.class)
                .inNamespace(NAMESPACE)
                .withName("demo")
                .get();
    }

    /** Waits until the operator says that all is as wanted, of the spec as it is now; gives the status. */
    ClusterStatus awaitReady(int voters) {
        ClusterStatus status = await("Ready", voters + " of " + voters + " voters serve");
        assertThat(node.broken()).isEmpty();
        return status;
    }

    ClusterStatus await(String type, String message) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            CoordinationCluster cluster = cluster();
            assertThat(cluster.getStatus().condition(type))
                    .get()
                    .matches(Condition::holds)
                    .extracting(Condition::message)
                    .isEqualTo(message);
            assertThat(cluster.getStatus().observedGeneration())
                    .isEqualTo(cluster.getMetadata().getGeneration());
        });
        return cluster().getStatus();
    }

    /** Waits for a refusal that begins so. */
    void awaitStalled(String start) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster().getStatus().condition("Stalled"))
                        .get()
                        .matches(Condition::holds)
                        .extracting(Condition::message)
                        .asString()
                        .startsWith(start));
    }

    static ClusterSpec spec(int replicas, Map<String, String> config) {
        return new ClusterSpec(replicas, null, null, null, config, null, null, null, null, null);
    }

    /** Of three voters. */
    static ClusterSpec spec(Engine engine, String version, Map<String, String> config) {
        return new ClusterSpec(3, null, engine, version, config, null, null, null, null, null);
    }

    @Override
    public void close() {
        closed = true;
        time.interrupt();
        try {
            time.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopOperator();
        api.close();
    }
}
