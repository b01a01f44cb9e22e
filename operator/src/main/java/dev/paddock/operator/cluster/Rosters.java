package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;

/** Finds a cluster's roster where it was kept, asking the API server and no cache. */
final class Rosters {
    private Rosters() {}

    /**
     * The ConfigMap has it. Where people deleted that, the status knows the voters of an ensemble that was formed; before its first
     * write the StatefulSet does; a cluster that has none of these is formed as the spec asks.
     */
    static Roster of(CoordinationCluster cluster, KubernetesClient client) {
        String namespace = cluster.getMetadata().getNamespace();
        String name = cluster.getMetadata().getName();
        Optional<ConfigMap> kept = Optional.ofNullable(client.configMaps()
                .inNamespace(namespace)
                .withName(Blueprint.configMapName(name))
                .get());
        return kept.map(ConfigMap::getData).flatMap(Roster::parse).orElseGet(() -> lost(cluster, client));
    }

    private static Roster lost(CoordinationCluster cluster, KubernetesClient client) {
        List<Integer> voters =
                cluster.getStatus() == null ? List.of() : cluster.getStatus().formedVoters();
        if (!voters.isEmpty()) return Roster.of(voters);
        Optional<StatefulSet> set = Optional.ofNullable(client.apps()
                .statefulSets()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(cluster.getMetadata().getName())
                .get());
        int replicas = set.map(s -> s.getSpec().getReplicas())
                .filter(count -> count > 0)
                .orElse(cluster.getSpec().replicas());
        return Roster.formed(Math.max(1, replicas));
    }
}
