package dev.paddock.operator.cluster;

import dev.paddock.client.Reconfiguration;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one step. Each call says why it was not done; empty if it was. Whatever takes something away is done only if the
 * cluster and what is taken are, by a read made just before, still what the step was decided on.
 */
final class Hands {
    private static final Logger LOG = LoggerFactory.getLogger(Hands.class);
    private static final String CHANGED = "changed meanwhile; looking again";

    private final CoordinationCluster cluster;
    private final Observation seen;
    private final Blueprint blueprint;
    private final Credentials credentials;
    private final KubernetesClient client;
    private final Servers servers;

    Hands(
            CoordinationCluster cluster,
            Observation seen,
            Blueprint blueprint,
            Credentials credentials,
            KubernetesClient client,
            Servers servers) {
        this.cluster = cluster;
        this.seen = seen;
        this.blueprint = blueprint;
        this.credentials = credentials;
        this.client = client;
        this.servers = servers;
    }

    Optional<String> carryOut(Step step) {
        return switch (step) {
            case Step.Done _, Step.Wait _, Step.Refuse _ -> Optional.empty();
            case Step.Form _, Step.Start _, Step.Stop _ -> Optional.empty(); // the objects follow the roster
            case Step.Restart(int id) -> ifCurrent(() -> delete(id));
            case Step.AddObserver(int id) -> ifCurrent(() -> reconfigure(joining(id, false))); // it may vote now
            case Step.Promote(int id) -> reconfigure(joining(id, true));
            case Step.Listen _ -> ifCurrent(() -> reconfigure(listening()));
            case Step.Remove(int id) -> ifCurrent(() -> reconfigure(leaving(id)));
            case Step.HandOver(int from, int _) ->
                seen.address(from)
                        .map(host -> servers.handOver(host.host(), credentials.password()))
                        .orElse(Optional.of("the leader's pod has no address"));
        };
    }

    /** The roster after a step by which pods come or go; the objects have to follow it. */
    Roster roster(Step step) {
        Roster roster = blueprint.roster();
        return switch (step) {
            case Step.Start(int id) -> roster.withPods(Math.max(id, roster.pods()));
            case Step.Stop(int id) ->
                isOut(id) && isCurrent(cluster, client) ? roster.forgetting(id).withPods(id - 1) : roster;
            case Step.Done _,
                    Step.Wait _,
                    Step.Refuse _,
                    Step.Form _,
                    Step.Restart _,
                    Step.HandOver _,
                    Step.AddObserver _,
                    Step.Promote _,
                    Step.Listen _,
                    Step.Remove _ -> roster;
        };
    }

    /** Whether the leader, asked again, has committed members without this one. */
    private boolean isOut(int id) {
        return committed(seen, servers).filter(members -> !members.contains(id)).isPresent();
    }

    private static Optional<Membership> committed(Observation seen, Servers servers) {
        return seen.leader().flatMap(seen::address).flatMap(servers::members);
    }

    /** Whether the pods above a number may go: the leader, asked again, has committed members without them, or people want none at all. */
    static boolean mayGo(
            int highest, CoordinationCluster cluster, Observation seen, KubernetesClient client, Servers servers) {
        boolean areOut = cluster.getSpec().replicas() == 0
                || committed(seen, servers)
                        .filter(seen::isLedByQuorum)
                        .filter(members -> members.ids().allMatch(id -> id <= highest))
                        .isPresent();
        return areOut && isCurrent(cluster, client);
    }

    private Optional<String> ifCurrent(Supplier<Optional<String>> deed) {
        return isCurrent(cluster, client) ? deed.get() : Optional.of("the spec " + CHANGED);
    }

    /** Whether a cluster that came from a cache is what it is now. */
    static boolean isCurrent(CoordinationCluster cluster, KubernetesClient client) {
        CoordinationCluster now = client.resources(CoordinationCluster.class)
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(cluster.getMetadata().getName())
                .get();
        return now != null
                && now.getMetadata().getDeletionTimestamp() == null
                && Objects.equals(
                        now.getMetadata().getUid(), cluster.getMetadata().getUid())
                && now.getSpec().equals(cluster.getSpec());
    }

    private Reconfiguration joining(int id, boolean votes) {
        return new Reconfiguration(
                Optional.of(blueprint.line(id, votes)), Optional.empty(), Optional.empty(), version());
    }

    /** All of them at once, as they are. */
    private Reconfiguration listening() {
        return new Reconfiguration(Optional.of(blueprint.lines()), Optional.empty(), Optional.empty(), version());
    }

    private Reconfiguration leaving(int id) {
        return new Reconfiguration(Optional.empty(), Optional.of(String.valueOf(id)), Optional.empty(), version());
    }

    private long version() {
        return blueprint.roster().members().version();
    }

    private Optional<String> reconfigure(Reconfiguration change) {
        LOG.info("{}/{}: {}", blueprint.namespace(), blueprint.name(), change);
        return servers.reconfigure(seen.serving(), change, credentials.password());
    }

    /** Deletes exactly what was seen: if the pod has changed since, nothing happens and the next run looks again. */
    private Optional<String> delete(int id) {
        Pod pod = seen.pods().get(id);
        String name = pod.getMetadata().getName();
        Pod now =
                client.pods().inNamespace(blueprint.namespace()).withName(name).get();
        boolean same = now != null
                && now.getMetadata().getDeletionTimestamp() == null
                && Objects.equals(now.getMetadata().getUid(), pod.getMetadata().getUid())
                && Objects.equals(
                        now.getMetadata().getResourceVersion(),
                        pod.getMetadata().getResourceVersion());
        if (!same) return Optional.of("pod " + name + " " + CHANGED);
        LOG.info("deleting pod {}/{} to restart it", blueprint.namespace(), name);
        try {
            client.raw("/api/v1/namespaces/" + blueprint.namespace() + "/pods/" + name, "DELETE", exactly(now));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            boolean changed =
                    e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
            if (!changed) throw e;
            return Optional.of("pod " + name + " " + CHANGED);
        }
    }

    /** One object in one state; the client's own way to delete names the state alone. */
    private static DeleteOptions exactly(Pod pod) {
        return new DeleteOptionsBuilder()
                .withPropagationPolicy("Background")
                .withNewPreconditions()
                .withUid(pod.getMetadata().getUid())
                .withResourceVersion(pod.getMetadata().getResourceVersion())
                .endPreconditions()
                .build();
    }
}
