package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ConfigSpec;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.crds.KeySource;
import dev.paddock.operator.cluster.Probe;
import dev.paddock.operator.planner.Role;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rights that the chart gives are those that the operator uses: none is missing, none is more than that. */
final class PermissionsTest {
    private static final String NAMESPACE = "prod";
    /**
     * Used where this day does not lead: a budget goes when a cluster shrinks below three, and the owner of a path is asked
     * for when two objects want it ({@code ConfigReconcilerTest}).
     */
    private static final Set<String> ELSEWHERE =
            Set.of("policy/poddisruptionbudgets delete", "paddock.dev/coordinationconfigs get");

    private final MockApiServer api = new MockApiServer();
    private final KubernetesClient user = api.user();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyRightIsUsedAndNoneIsMissing() {
        Operator operator = Operator.start(
                api.client(),
                OperatorConfig.watching(Set.of(NAMESPACE)),
                host -> Optional.of(new Probe.Report(host.endsWith(".1") ? Role.LEADER : Role.FOLLOWER, 7L << 32)),
                MockApiServer::adapt);
        try {
            aDay();
            Set<String> declared = Permissions.WATCHED.stream()
                    .flatMap(each ->
                            each.verbs().stream().map(verb -> each.group() + "/" + each.resource() + " " + verb))
                    .collect(Collectors.toCollection(TreeSet::new));
            await().untilAsserted(() -> {
                Set<String> used = new TreeSet<>(ELSEWHERE);
                for (String right : api.asked()) used.addAll(asWithServerSideApply(right));
                assertThat(used).isEqualTo(declared);
            });
        } finally {
            operator.close();
        }
    }

    /** The mock knows no server-side apply, which makes and changes owned objects by a patch; here they are created and updated. */
    private static List<String> asWithServerSideApply(String right) {
        if (right.endsWith(" create")) return List.of(right, right.replace(" create", " patch"));
        return List.of(right.replace(" update", " patch"));
    }

    private void aDay() {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace(NAMESPACE);
        user.resource(cluster).create();
        await().until(() -> statefulSet() != null);
        controllerSees("r1");
        for (int id = 1; id <= 3; id++)
            user.resource(MockApiServer.pod(NAMESPACE, id, "r1")).create();
        await().until(() -> cluster().getStatus().ready() != null
                && cluster().getStatus().ready().equals("3/3"));

        user.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("settings")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(Map.of("a", "1"))
                        .build())
                .create();
        user.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("db")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(Map.of("b", "Mg=="))
                        .build())
                .create();
        CoordinationConfig config = new CoordinationConfig();
        config.getMetadata().setName("app");
        config.getMetadata().setNamespace(NAMESPACE);
        config.setSpec(new ConfigSpec(
                new ConfigSpec.ClusterRef("nowhere"),
                "/app",
                Map.of(),
                List.of(new KeySource("settings", null, null), new KeySource(null, "db", null))));
        user.resource(config).create();
        await().until(() -> config().getStatus() != null
                && config().getStatus().condition("Stalled").isPresent());

        user.resource(cluster()).edit(edited -> {
            edited.setSpec(new ClusterSpec(3, null, null, Map.of("tickTime", "1000"), null, null, null));
            return edited;
        });
        await().until(() -> statefulSet()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getAnnotations()
                                .size()
                        == 1
                && api.asked().contains("apps/statefulsets update"));
        controllerSees("r2");
        await().until(() -> api.asked().contains("/pods delete"));
        user.resource(config()).delete();
        await().until(() -> config() == null);
    }

    private void controllerSees(String revision) {
        await().ignoreExceptions().until(() -> {
            StatefulSet set = statefulSet();
            set.setStatus(new StatefulSetStatusBuilder()
                    .withReplicas(3)
                    .withObservedGeneration(set.getMetadata().getGeneration())
                    .withUpdateRevision(revision)
                    .build());
            return user.resource(set).updateStatus() != null;
        });
    }

    private StatefulSet statefulSet() {
        return user.apps()
                .statefulSets()
                .inNamespace(NAMESPACE)
                .withName("demo")
                .get();
    }

    private CoordinationCluster cluster() {
        return user.resources(CoordinationCluster.class)
                .inNamespace(NAMESPACE)
                .withName("demo")
                .get();
    }

    private CoordinationConfig config() {
        return user.resources(CoordinationConfig.class)
                .inNamespace(NAMESPACE)
                .withName("app")
                .get();
    }
}
