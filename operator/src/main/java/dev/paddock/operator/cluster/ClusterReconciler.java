package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.Release;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.migration.SettingsReader;
import dev.paddock.operator.planner.DesiredEnsemble;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.Planner;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: one look, the objects, one step, the status, the news. Every run starts from what it sees, so it may end anywhere: the next
 * one goes on. A step by which pods come or go is a change of the roster that the objects follow in the same run.
 */
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(type = ServerAccount.class, name = ClusterReconciler.ACCOUNT),
            @Dependent(type = PeersOnly.class),
            @Dependent(type = PeerService.class),
            @Dependent(type = ClientService.class),
            @Dependent(type = ServerConfig.class, name = ClusterReconciler.CONFIG),
            @Dependent(
                    type = ServerStatefulSet.class,
                    dependsOn = {ClusterReconciler.CONFIG, ClusterReconciler.ACCOUNT}),
            @Dependent(type = DisruptionBudget.class, reconcilePrecondition = BudgetWanted.class)
        })
@ControllerConfiguration(name = "coordinationcluster", fieldManager = "paddock")
public final class ClusterReconciler implements Reconciler<CoordinationCluster> {
    static final String CONFIG = "server-config";
    static final String ACCOUNT = "server-account";
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReconciler.class);

    private final Servers servers;
    private final Pace pace;
    private final SettingsReader reader;
    private final String nodeImage;
    private final Prometheus prometheus = new Prometheus();

    /**
     * How soon to look again.
     *
     * @param busy while something is to be done or waited for
     * @param idle while all is as wanted
     */
    public record Pace(Duration busy, Duration idle) {
        /** For real clusters. */
        public static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /** @param nodeImage Paddock's servers, without a tag */
    public ClusterReconciler(Servers servers, Pace pace, SettingsReader reader, String nodeImage) {
        this.servers = servers;
        this.pace = pace;
        this.reader = reader;
        this.nodeImage = nodeImage;
    }

    @Override
    public UpdateControl<CoordinationCluster> reconcile(
            CoordinationCluster cluster, Context<CoordinationCluster> context) {
        KubernetesClient client = context.getClient();
        String namespace = cluster.getMetadata().getNamespace();
        boolean paused = cluster.getSpec().paused();
        Certificates certificates = Certificates.of(cluster, client, Instant.now(), !paused);
        Observation seen = Observation.take(
                namespace,
                cluster.getMetadata().getName(),
                certificates.files().map(KeyFiles::context),
                client,
                servers);
        Roster roster = roster(cluster, seen, client);
        if (paused || isTooEarly(certificates, context)) {
            Blueprint untouched = Blueprint.of(cluster, roster, "", Release.VERSION);
            Step step = paused ? next(cluster, untouched, seen, certificates, context) : waiting(certificates);
            return report(cluster, seen, untouched, certificates, Turn.of(step), context);
        }
        if (!Hands.isCurrent(cluster, client)) { // all servers may be about to stop, or claims to go with the cluster
            return UpdateControl.<CoordinationCluster>noUpdate().rescheduleAfter(pace.busy());
        }
        Optional<StatefulSet> made = context.getSecondaryResource(StatefulSet.class);
        MemberSecrets members = MemberSecrets.of(cluster, roster, seen, made, client, Instant.now());
        if (members.problem().isPresent()) {
            Blueprint untouched = Blueprint.of(cluster, roster, "", Release.VERSION);
            Step step = new Step.Wait(members.problem().get());
            return report(cluster, seen, untouched, certificates, Turn.of(step), context);
        }
        Credentials credentials = Credentials.of(cluster, client);
        Blueprint blueprint =
                blueprint(cluster, roster, credentials, certificates, context).withMemberKeys(members.word());
        IntPredicate mayGo = highest -> Hands.mayGo(highest, cluster, seen, client, servers);
        follow(blueprint, mayGo, context);
        Optional<Step> growth = new VolumeGrowth(blueprint, client).follow();
        Step step = new EngineChange(cluster, blueprint, seen, servers, reader)
                .checked(next(cluster, blueprint, seen, certificates, context));
        if (step instanceof Step.Done) step = growth.orElse(step);
        Hands hands = new Hands(cluster, seen, blueprint, credentials, client, servers);
        Roster after = hands.roster(step);
        if (!after.equals(roster)) {
            blueprint = blueprint(cluster, after, credentials, certificates, context)
                    .withMemberKeys(members.word());
            follow(blueprint, mayGo, context);
        }
        prometheus.tell(cluster, blueprint, client);
        return report(cluster, seen, blueprint, certificates, new Turn(step, hands.carryOut(step)), context);
    }

    /** Whether a cluster that is to serve TLS from its first moment has nothing to do it with. */
    private static boolean isTooEarly(Certificates certificates, Context<CoordinationCluster> context) {
        return certificates.asked().isPresent()
                && !certificates.canServe()
                && context.getSecondaryResource(StatefulSet.class).isEmpty();
    }

    private static Step waiting(Certificates certificates) {
        return new Step.Wait("spec.tls.client: " + certificates.message());
    }

    /** With TLS only if servers have all they need for it, or have had: a pod that waits for its volume serves nobody. */
    private Blueprint blueprint(
            CoordinationCluster cluster,
            Roster roster,
            Credentials credentials,
            Certificates certificates,
            Context<CoordinationCluster> context) {
        Blueprint wanted = Blueprint.of(cluster, roster, credentials.word(), Release.VERSION)
                .withNodeImage(nodeImage);
        boolean has = context.getSecondaryResource(StatefulSet.class)
                .map(set -> set.getSpec().getTemplate().getSpec())
                .filter(pod -> PodStates.hasPort(pod, Blueprint.SECURE_CLIENT))
                .isPresent();
        return certificates.canServe() || has ? wanted : wanted.withoutTls();
    }

    private static Roster roster(CoordinationCluster cluster, Observation seen, KubernetesClient client) {
        Roster kept = Rosters.of(cluster, client);
        List<Integer> prepared = seen.pods().entrySet().stream()
                .filter(entry -> PodStates.isPrepared(entry.getValue()))
                .map(entry -> entry.getKey())
                .toList();
        return seen.members()
                .map(committed -> kept.seen(committed, seen.isLedByQuorum(committed)))
                .orElse(kept)
                .knowing(prepared)
                .knowing(seen.reports().keySet());
    }

    /** Has all objects be as the blueprint says. */
    private static void follow(Blueprint blueprint, IntPredicate mayGo, Context<CoordinationCluster> context) {
        Blueprints.put(blueprint, mayGo, context);
        context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
    }

    /** Of a paused cluster, whose objects are as before: whether what they ask for is done. */
    private static Step next(
            CoordinationCluster cluster,
            Blueprint blueprint,
            Observation seen,
            Certificates certificates,
            Context<CoordinationCluster> context) {
        Step step = unpaused(cluster, blueprint, seen, certificates, context);
        return cluster.getSpec().paused() && !(step instanceof Step.Done) ? Planner.PAUSED : step;
    }

    private static Step unpaused(
            CoordinationCluster cluster,
            Blueprint blueprint,
            Observation seen,
            Certificates certificates,
            Context<CoordinationCluster> context) {
        int replicas = cluster.getSpec().replicas();
        if (replicas == 0) {
            return seen.pods().isEmpty() ? new Step.Done() : new Step.Wait("replicas is 0; the members stop");
        }
        Optional<String> revision =
                context.getSecondaryResource(StatefulSet.class).flatMap(ClusterReconciler::revision);
        if (revision.isEmpty()) return new Step.Wait("the StatefulSet controller has not seen the change yet");
        var wanted = new DesiredEnsemble(replicas, cluster.getSpec().observers(), revision.get(), false);
        ObservedEnsemble ensemble = seen.ensemble(blueprint);
        Step step = withPorts(Planner.next(wanted, ensemble), blueprint, ensemble);
        if (!cluster.getSpec().askedToServeWhileLeading()
                && (step instanceof Step.Wait || touchesWhatWorks(step, ensemble))) {
            return new Step.Refuse(
                    "spec.config has leaderServes=no, and the operator is told who leads by the server that does;"
                            + " take the key out");
        }
        if (!certificates.isReady() && touchesWhatWorks(step, ensemble)) return waiting(certificates);
        return step instanceof Step.Restart(int id) && isUnheard(id, seen)
                ? new Step.Wait("member " + id + " is ready and does not answer the operator, so it is left alone;"
                        + " see whether a NetworkPolicy keeps ports 2181, 2281 and 8080 from the operator")
                : step;
    }

    /** Ports are opened before anything else, since members may be about to lose the other one; and closed when all have the other one. */
    private static Step withPorts(Step planned, Blueprint blueprint, ObservedEnsemble seen) {
        var members = blueprint.roster().members();
        if (!blueprint.isClosed() && !members.closed().isEmpty() && seen.hasQuorum()) return new Step.Listen(true);
        boolean closes = blueprint.isClosed() && !members.ids().allMatch(members.closed()::contains);
        return closes && planned instanceof Step.Done ? new Step.Listen(false) : planned;
    }

    /** With a certificate missing or wrong, or a leader that says nothing, things stay as they are. */
    private static boolean touchesWhatWorks(Step step, ObservedEnsemble seen) {
        return switch (step) {
            case Step.Done _, Step.HandOver _ -> true;
            case Step.Listen(boolean openly) -> !openly;
            case Step.Restart(int id) -> seen.serving(id);
            case Step.Wait _,
                    Step.Refuse _,
                    Step.Form _,
                    Step.Start _,
                    Step.AddObserver _,
                    Step.Promote _,
                    Step.Remove _,
                    Step.Stop _ -> false;
        };
    }

    /** One that serves for all that the kubelet knows: restarting what only the operator cannot reach would be an outage. */
    private static boolean isUnheard(int id, Observation seen) {
        return !seen.reports().containsKey(id) && PodStates.isReady(seen.pods().get(id));
    }

    /** The revision that a new pod gets; empty while the controller lags behind the object. */
    private static Optional<String> revision(StatefulSet set) {
        if (set.getStatus() == null || set.getStatus().getObservedGeneration() == null) return Optional.empty();
        boolean current =
                set.getStatus().getObservedGeneration().equals(set.getMetadata().getGeneration());
        return current ? Optional.ofNullable(set.getStatus().getUpdateRevision()) : Optional.empty();
    }

    private UpdateControl<CoordinationCluster> report(
            CoordinationCluster cluster,
            Observation seen,
            Blueprint blueprint,
            Certificates certificates,
            Turn turn,
            Context<CoordinationCluster> context) {
        ClusterStatus before = cluster.getStatus() == null ? ClusterStatus.UNKNOWN : cluster.getStatus();
        Optional<String> wanted = context.getSecondaryResource(StatefulSet.class)
                .map(StatefulSet::getStatus)
                .map(StatefulSetStatus::getUpdateRevision); // for a moment perhaps that of the spec before
        ClusterStatus status = new StatusWriter(cluster, blueprint, now()).of(seen, turn, certificates, wanted);
        if (!status.equals(before)) {
            News.of(before, status, cluster.getSpec().replicas() == 0)
                    .forEach(news -> news.tell(cluster, context.getClient(), now()));
            write(status, cluster, context);
        }
        return UpdateControl.<CoordinationCluster>noUpdate().rescheduleAfter(turn.isOver() ? pace.idle() : pace.busy());
    }

    /** Whole, and only over what was read: the difference to one of a cache may be wrong where another has been written since. */
    private static void write(ClusterStatus status, CoordinationCluster cluster, Context<CoordinationCluster> context) {
        PrimaryUpdateAndCacheUtils.updateStatusAndCacheResource(cluster, context, fresh -> {
            fresh.setStatus(status);
            return fresh;
        });
    }

    /** Where a run fails, nothing is known but that: the status says so, and the run is made again. */
    @Override
    public ErrorStatusUpdateControl<CoordinationCluster> updateErrorStatus(
            CoordinationCluster cluster, Context<CoordinationCluster> context, Exception failure) {
        boolean isStopping = failure instanceof RejectedExecutionException;
        if (isStopping) return ErrorStatusUpdateControl.noStatusUpdate(); // the next operator goes on
        LOG.warn(
                "{}/{}: {}",
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                failure.toString());
        Blueprint blueprint =
                Blueprint.of(cluster, Roster.formed(1), "", Release.VERSION); // only for what never changes
        write(new StatusWriter(cluster, blueprint, now()).failed(failure), cluster, context);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
