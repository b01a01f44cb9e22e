package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.cluster.Probe;
import dev.paddock.operator.planner.Role;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator against an API server that only stores. It knows neither server-side apply nor a StatefulSet controller:
 * the first is switched off here, the second is played by the test.
 */
final class OperatorTest {
    private static final String NAMESPACE = "prod";

    private MockApiServer api;
    private KubernetesClient client;
    private Operator operator;

    @BeforeEach
    void start() {
        api = new MockApiServer();
        client = api.client();
        operator = Operator.start(
                client, OperatorConfig.watching(Set.of(NAMESPACE)), OperatorTest::answer, MockApiServer::adapt);
    }

    @AfterEach
    void stop() {
        operator.close();
        api.close();
    }

    @Test
    void aClusterIsMadeReportedAndRolledLeaderLast() {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace(NAMESPACE);
        cluster.setSpec(spec(3, Map.of()));
        client.resource(cluster).create();

        await().until(() -> statefulSet().get() != null);
        awaitCondition("Reconciling", "the StatefulSet controller has not seen the change yet");
        controllerSees("r1");
        for (int id = 1; id <= 3; id++)
            client.resource(MockApiServer.pod(NAMESPACE, id, "r1")).create();

        ClusterStatus ready = awaitCondition("Ready", "3 of 3 voters serve");
        assertThat(ready.endpoint()).isEqualTo("demo-client.prod.svc:2181");
        assertThat(ready.ready()).isEqualTo("3/3");
        assertThat(ready.ensemble()).isEqualTo(new ClusterStatus.Ensemble(List.of(1, 2, 3), 1, 7L));
        assertThat(ready.members())
                .extracting(ClusterStatus.Member::role)
                .containsExactly("leader", "follower", "follower");
        assertThat(ready.plan()).isNull();

        edit(spec(5, Map.of()));
        awaitCondition(
                "Stalled",
                "replicas 5 is not possible yet: a running ensemble cannot change its members in this version;"
                        + " it goes on with 3");
        assertThat(statefulSet().get().getSpec().getReplicas()).isEqualTo(3);

        edit(spec(3, Map.of("tickTime", "1000")));
        await().until(() -> config().getData().get("zoo.cfg").contains("tickTime=1000"));
        controllerSees("r2");
        assertThat(replaceDeletedPods(3)).containsExactly("demo-2", "demo-3", "demo-1");
        awaitCondition("Ready", "3 of 3 voters serve");
    }

    @Test
    void aPausedClusterIsOnlyLookedAt() {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace(NAMESPACE);
        cluster.setSpec(new ClusterSpec(3, null, null, null, null, null, true));
        client.resource(cluster).create();
        awaitCondition("Paused", "spec.paused is true");
        assertThat(statefulSet().get()).isNull();
    }

    /** Member 1 leads in epoch 7, the others follow; a pod's address ends in its id. */
    private static Optional<Probe.Report> answer(String host) {
        return Optional.of(new Probe.Report(host.endsWith(".1") ? Role.LEADER : Role.FOLLOWER, 7L << 32 | 5));
    }

    /** Names of the pods in the order in which the operator deleted them; each is made anew, of revision r2. */
    private List<String> replaceDeletedPods(int count) {
        List<String> deleted = new ArrayList<>();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            for (int id = 1; id <= 3; id++) {
                Pod pod = MockApiServer.pod(NAMESPACE, id, "r2");
                if (client.resource(pod).get() == null) {
                    deleted.add(pod.getMetadata().getName());
                    client.resource(pod).create();
                }
            }
            return deleted.size() == count;
        });
        return deleted;
    }

    private void controllerSees(String revision) {
        await().ignoreExceptions().until(() -> {
            StatefulSet set = statefulSet().get();
            set.setStatus(new StatefulSetStatusBuilder()
                    .withReplicas(3)
                    .withObservedGeneration(set.getMetadata().getGeneration())
                    .withUpdateRevision(revision)
                    .build());
            return client.resource(set).updateStatus() != null;
        });
    }

    private ClusterStatus awaitCondition(String type, String message) {
        await().untilAsserted(() -> assertThat(cluster().getStatus().condition(type))
                .get()
                .matches(Condition::holds)
                .extracting(Condition::message)
                .isEqualTo(message));
        return cluster().getStatus();
    }

    private void edit(ClusterSpec spec) {
        client.resource(cluster()).edit(cluster -> {
            cluster.setSpec(spec);
            return cluster;
        });
    }

    private CoordinationCluster cluster() {
        return client.resources(CoordinationCluster.class)
                .inNamespace(NAMESPACE)
                .withName("demo")
                .get();
    }

    private Resource<StatefulSet> statefulSet() {
        return client.resources(StatefulSet.class).inNamespace(NAMESPACE).withName("demo");
    }

    private ConfigMap config() {
        return client.configMaps()
                .inNamespace(NAMESPACE)
                .withName("demo-config")
                .get();
    }

    private static ClusterSpec spec(int replicas, Map<String, String> config) {
        return new ClusterSpec(replicas, null, null, config, null, null, null);
    }
}
