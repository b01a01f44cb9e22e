package dev.paddock.operator.ensemble;

import dev.paddock.crds.Listeners;
import dev.paddock.crds.Retention;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The objects of a cluster. Each function is pure: the same blueprint gives the same object. */
public final class Ensemble {
    private Ensemble() {}

    /** Names for the members, from the moment their pods exist: they must find each other before any is ready. */
    public static Service peerService(Blueprint blueprint) {
        return new ServiceBuilder()
                .withMetadata(named(blueprint, blueprint.peerServiceName()))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.pods(blueprint.name()))
                .withPorts(
                        port("client", Blueprint.CLIENT_PORT),
                        port("quorum", Blueprint.QUORUM_PORT),
                        port("election", Blueprint.ELECTION_PORT),
                        port("admin", Blueprint.ADMIN_PORT),
                        port("metrics", Blueprint.METRICS_PORT))
                .addAllToPorts(secure(blueprint))
                .endSpec()
                .build();
    }

    /** Where clients connect: ready members only. What is usual is left to the API server, which fills it in. */
    public static Service clientService(Blueprint blueprint) {
        Listeners.Client asked = blueprint.spec().listeners().client();
        return new ServiceBuilder()
                .withMetadata(named(blueprint, blueprint.clientServiceName()))
                .editMetadata()
                .addToAnnotations(asked.annotations())
                .endMetadata()
                .withNewSpec()
                .withType(
                        switch (asked.serviceType()) {
                            case CLUSTER_IP -> null;
                            case NODE_PORT -> "NodePort";
                            case LOAD_BALANCER -> "LoadBalancer";
                        })
                .withLoadBalancerSourceRanges(asked.sourceRanges())
                .withSelector(Labels.pods(blueprint.name()))
                .addAllToPorts(blueprint.isClosed() ? List.of() : List.of(port("client", Blueprint.CLIENT_PORT)))
                .addAllToPorts(secure(blueprint))
                .endSpec()
                .build();
    }

    /** Keys of {@code spec.config} that the servers do not get, each with why; ordered by name. */
    public static SortedMap<String, String> leftOut(Blueprint blueprint) {
        return OwnSettings.leftOut(blueprint.spec(), blueprint.hasMemberKeys());
    }

    /** The servers' configuration file, and the roster. */
    public static ConfigMap configMap(Blueprint blueprint) {
        return new ConfigMapBuilder()
                .withMetadata(named(blueprint, blueprint.configMapName()))
                .addToData("zoo.cfg", ZooCfg.text(blueprint))
                .addToData(Roster.MEMBERS, blueprint.membersText())
                .addToData(Roster.KNOWN, blueprint.knownText())
                .addToData(Roster.PODS, String.valueOf(blueprint.roster().pods()))
                .build();
    }

    /**
     * The members. Ordinals are ids, from 1. Pods start together, since none is ready without a quorum, and are replaced
     * only when deleted: the planner says which is next.
     *
     * @param made as it exists; its template of claims, which cannot be changed, stays
     */
    public static StatefulSet statefulSet(Blueprint blueprint, Optional<StatefulSet> made) {
        String deleted = blueprint.spec().storage().retention() == Retention.DELETE ? "Delete" : "Retain";
        return new StatefulSetBuilder()
                .withMetadata(named(blueprint, blueprint.name()))
                .withNewSpec()
                .withServiceName(blueprint.peerServiceName())
                .withReplicas(blueprint.replicas())
                .withNewOrdinals()
                .withStart(1)
                .endOrdinals()
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(deleted)
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endSelector()
                .withTemplate(ServerPod.template(blueprint))
                .withVolumeClaimTemplates(dataClaim(blueprint, made.map(Ensemble::claimed)))
                .endSpec()
                .build();
    }

    /**
     * Keeps a quorum through node drains. Only for ensembles that {@linkplain #canLoseOne can lose a member}: with one or
     * two, a budget would forbid every drain for ever.
     */
    public static PodDisruptionBudget disruptionBudget(Blueprint blueprint) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(named(blueprint, blueprint.name()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString((voters(blueprint) - 1) / 2))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endSelector()
                .endSpec()
                .build();
    }

    /** Whether a quorum survives the loss of one member. */
    public static boolean canLoseOne(Blueprint blueprint) {
        return voters(blueprint) >= 3;
    }

    private static int voters(Blueprint blueprint) {
        return blueprint.roster().members().voters().size();
    }

    /** Who the pods are: nobody. They have no business with the API server. */
    public static ServiceAccount serviceAccount(Blueprint blueprint) {
        return new ServiceAccountBuilder()
                .withMetadata(named(blueprint, blueprint.name()))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /**
     * Members talk to each other on the quorum and election ports, and where followers listen for observers, and nobody else does: who
     * reaches those gets all data. The other ports ask who one is before they change anything.
     */
    public static NetworkPolicy networkPolicy(Blueprint blueprint) {
        return new NetworkPolicyBuilder()
                .withMetadata(named(blueprint, blueprint.name()))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .withPorts(
                        allowed(Blueprint.CLIENT_PORT), allowed(Blueprint.ADMIN_PORT), allowed(Blueprint.METRICS_PORT))
                .addAllToPorts(blueprint.tls().map(tls -> allowed(Blueprint.SECURE_CLIENT_PORT)).stream()
                        .toList())
                .endIngress()
                .addNewIngress()
                .withPorts(allowed(Blueprint.QUORUM_PORT), allowed(Blueprint.ELECTION_PORT))
                .addAllToPorts(OwnSettings.observerPort(blueprint.spec()).map(Ensemble::allowed).stream()
                        .toList())
                .addNewFrom()
                .withNewPodSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endPodSelector()
                .endFrom()
                .endIngress()
                .endSpec()
                .build();
    }

    private static NetworkPolicyPort allowed(int port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol("TCP")
                .withPort(new IntOrString(port))
                .build();
    }

    private static Quantity claimed(StatefulSet made) {
        var template = made.getSpec().getVolumeClaimTemplates().getFirst();
        return template.getSpec().getResources().getRequests().get("storage");
    }

    private static PersistentVolumeClaim dataClaim(Blueprint blueprint, Optional<Quantity> claimed) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(Volumes.DATA)
                .withLabels(Labels.pods(blueprint.name()))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(blueprint.spec().storage().storageClassName())
                .withNewResources()
                .addToRequests(
                        "storage",
                        claimed.orElseGet(
                                () -> new Quantity(blueprint.spec().storage().size())))
                .endResources()
                .endSpec()
                .build();
    }

    private static ObjectMeta named(Blueprint blueprint, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(blueprint.namespace())
                .withLabels(Labels.of(blueprint.name()))
                .build();
    }

    private static List<ServicePort> secure(Blueprint blueprint) {
        return blueprint.tls().map(tls -> port(Blueprint.SECURE_CLIENT, Blueprint.SECURE_CLIENT_PORT)).stream()
                .toList();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(number))
                .build();
    }

    /** Whether the member of such a pod speaks TLS with the others. */
    public static boolean hasMemberKeys(@Nullable PodSpec pod) {
        return pod != null
                && pod.getVolumes().stream().anyMatch(volume -> volume.getName().equals(Volumes.MEMBER_KEYS));
    }
}
