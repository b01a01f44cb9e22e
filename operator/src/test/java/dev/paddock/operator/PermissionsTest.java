package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ConfigSpec;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.crds.KeySource;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rights that the chart gives are those that the operator uses: none is missing, none is more than that. */
final class PermissionsTest {
    private static final String NAMESPACE = Lab.NAMESPACE;
    /** Whether the owner of a path is still there is asked where two objects want it: {@code ConfigReconcilerTest} sees that. */
    private static final Set<String> ELSEWHERE = Set.of("paddock.dev/coordinationconfigs get");

    private static final List<String> UNAPPLIED = List.of(
            "/events ",
            "/secrets ",
            "paddock.dev/coordinationclusters/status ",
            "paddock.dev/coordinationconfigs/status ");

    private final Lab lab = new Lab();
    private final KubernetesClient user = lab.client();

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void everyRightIsUsedAndNoneIsMissing() {
        aDay();
        await().untilAsserted(() -> {
            Set<String> used = new TreeSet<>(ELSEWHERE);
            for (String right : lab.api().asked()) used.addAll(asWithServerSideApply(right));
            assertThat(used).isEqualTo(MockApiServer.rights(Permissions.WATCHED));
        });
    }

    /** The mock knows no server-side apply, which makes and changes owned objects by a patch; here they are created and updated. */
    private static List<String> asWithServerSideApply(String right) {
        if (UNAPPLIED.stream().anyMatch(right::startsWith)) return List.of(right);
        if (right.startsWith("monitoring.coreos.com/")) return List.of(right, right.replace(" patch", " create"));
        if (right.endsWith(" create")) return List.of(right, right.replace(" create", " patch"));
        return List.of(right.replace(" update", " patch"));
    }

    private void aDay() {
        lab.api().knowPrometheus(NAMESPACE);
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);

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

        lab.configure("tickTime", "1000");
        lab.awaitReady(3);
        await().until(() -> lab.api().asked().contains("/pods delete"));
        user.resource(config()).delete();
        await().until(() -> config() == null);

        user.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("data-demo-1")
                        .withNamespace(NAMESPACE)
                        .withLabels(Labels.pods("demo"))
                        .endMetadata()
                        .withNewSpec()
                        .withNewResources()
                        .addToRequests("storage", new Quantity("8Gi"))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
        lab.store("16Gi");
        await().until(() -> lab.api().asked().contains("/persistentvolumeclaims patch"));
        lab.awaitReady(3); // so that nobody else writes the object
        lab.scale(1);
        lab.awaitReady(1);
        user.secrets().inNamespace(NAMESPACE).withName("demo-super").edit(secret -> {
            secret.getData().clear();
            return secret;
        });
    }

    private CoordinationConfig config() {
        return user.resources(CoordinationConfig.class)
                .inNamespace(NAMESPACE)
                .withName("app")
                .get();
    }
}
