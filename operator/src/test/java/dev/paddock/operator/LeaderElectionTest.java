package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.cluster.ClusterReconciler.Pace;
import dev.paddock.operator.migration.Settings;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two replicas and one Lease. */
final class LeaderElectionTest {
    @Test
    void oneReplicaWorksAndTheOtherFollowsItAtOnce() {
        try (MockApiServer api = new MockApiServer()) {
            Operator first = start(api, "first");
            await().until(first::leads);
            try (Operator second = start(api, "second")) {
                create(api, "one");
                await().until(() -> isSeen(api, "one"));
                assertThat(second.leads()).isFalse();
                assertThat(lease(api).getSpec().getHolderIdentity()).isEqualTo("first");

                first.close();
                await().until(second::leads);
                assertThat(lease(api).getSpec().getHolderIdentity()).isEqualTo("second");
                create(api, "two");
                await().until(() -> isSeen(api, "two"));
            }
            Set<String> needed = api.asked(Permissions.LEASE);
            needed.add("coordination.k8s.io/leases update"); // see below
            assertThat(needed).isEqualTo(MockApiServer.rights(Permissions.LEASE));
        }
    }

    /** The right to update is never used, but asked for. */
    @Test
    void itStartsWithTheRightsThatAreListedAndNotWithFewer() {
        try (MockApiServer api = new MockApiServer(onLeases("create", "get", "patch"))) {
            assertThatThrownBy(() -> start(api, "poor"))
                    .rootCause()
                    .hasMessageContaining("missing required verbs: [update]");
        }
        String[] listed = Permissions.LEASE.getFirst().verbs().toArray(String[]::new);
        try (MockApiServer api = new MockApiServer(onLeases(listed));
                Operator operator = start(api, "rich")) {
            await().until(operator::leads);
        }
    }

    private static ResourceRule onLeases(String... verbs) {
        return new ResourceRule(List.of("coordination.k8s.io"), List.of(), List.of("leases"), List.of(verbs));
    }

    private static Operator start(MockApiServer api, String identity) {
        var lease = new OperatorConfig.Lease("paddock", "paddock-system", identity);
        return Operator.start(
                api.client(),
                new OperatorConfig(
                        Set.of("prod"), "paddock/node", Optional.of(lease), Optional.empty(), Optional.empty()),
                _ -> Settings.FINE,
                new PretendedNode(api.user(), "prod", "none", () -> new Faults(0, Faults.Mode.CUT_OFF)),
                Pace.USUAL,
                MockApiServer::adapt);
    }

    private static Lease lease(MockApiServer api) {
        return api.user()
                .leases()
                .inNamespace("paddock-system")
                .withName("paddock")
                .get();
    }

    private static void create(MockApiServer api, String name) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName(name);
        cluster.getMetadata().setNamespace("prod");
        api.user().resource(cluster).create();
    }

    private static boolean isSeen(MockApiServer api, String name) {
        return api.user()
                        .services()
                        .inNamespace("prod")
                        .withName(name + "-client")
                        .get()
                != null;
    }
}
