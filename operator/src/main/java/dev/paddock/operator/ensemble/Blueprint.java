package dev.paddock.operator.ensemble;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * All that decides a cluster's objects.
 *
 * @param voters ids of the ensemble's voting members, ascending, never empty. Not simply the replicas asked for: members
 *     of a running ensemble change by reconfiguration, and its objects follow
 * @param version image tag of the server
 */
public record Blueprint(String name, String namespace, NavigableSet<Integer> voters, ClusterSpec spec, String version) {
    public static final int CLIENT_PORT = 2181;
    static final int QUORUM_PORT = 2888;
    static final int ELECTION_PORT = 3888;

    public Blueprint {
        voters = Collections.unmodifiableNavigableSet(new TreeSet<>(voters));
    }

    /**
     * The blueprint of a cluster.
     *
     * @param existing its StatefulSet, if it exists
     * @param release the operator's own version, which runs where the spec names none
     */
    public static Blueprint of(CoordinationCluster cluster, Optional<StatefulSet> existing, String release) {
        return new Blueprint(
                cluster.getMetadata().getName(),
                cluster.getMetadata().getNamespace(),
                new TreeSet<>(formed(cluster, existing)),
                cluster.getSpec(),
                cluster.getSpec().askedVersion().orElse(release));
    }

    /** Host name of a member, the same before and after its pod is replaced. */
    public String host(int id) {
        return name + "-" + id + "." + peerServiceName() + "." + namespace + ".svc";
    }

    /** Where clients connect. */
    public String endpoint() {
        return endpoint(name, namespace);
    }

    /** Where clients of a cluster of that name connect. */
    public static String endpoint(String name, String namespace) {
        return clientServiceName(name) + "." + namespace + ".svc:" + CLIENT_PORT;
    }

    private static String clientServiceName(String name) {
        return name + "-client";
    }

    String peerServiceName() {
        return name + "-peers";
    }

    String clientServiceName() {
        return clientServiceName(name);
    }

    String configMapName() {
        return name + "-config";
    }

    /**
     * The status knows the members of an ensemble once it was formed; before its first write the StatefulSet does; a
     * cluster that has neither is formed as the spec asks.
     */
    private static Collection<Integer> formed(CoordinationCluster cluster, Optional<StatefulSet> existing) {
        List<Integer> known =
                cluster.getStatus() == null ? List.of() : cluster.getStatus().formedVoters();
        if (!known.isEmpty()) return known;
        int members = existing.map(set -> set.getSpec().getReplicas())
                .orElse(cluster.getSpec().replicas());
        return IntStream.rangeClosed(1, members).boxed().toList();
    }
}
