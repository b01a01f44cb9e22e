package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.planner.DesiredEnsemble;
import dev.paddock.operator.planner.Planner;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: the objects, one look, one step, the status. Every run starts from what it sees, so it may end anywhere. */
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(type = PeerService.class),
            @Dependent(type = ClientService.class),
            @Dependent(type = ServerConfig.class, name = ClusterReconciler.CONFIG),
            @Dependent(type = ServerStatefulSet.class, dependsOn = ClusterReconciler.CONFIG),
            @Dependent(type = DisruptionBudget.class, reconcilePrecondition = BudgetWanted.class)
        })
@ControllerConfiguration(name = "coordinationcluster", fieldManager = "paddock")
public final class ClusterReconciler implements Reconciler<CoordinationCluster> {
    static final String CONFIG = "server-config";
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReconciler.class);
    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Probe probe;

    public ClusterReconciler(Probe probe) {
        this.probe = probe;
    }

    @Override
    public UpdateControl<CoordinationCluster> reconcile(
            CoordinationCluster cluster, Context<CoordinationCluster> context) {
        if (!cluster.getSpec().paused()) {
            context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
        }
        Blueprint blueprint = Blueprints.of(cluster, context);
        Observation seen = Observation.take(blueprint, context.getClient(), probe);
        Step step = next(cluster, seen, context);
        carryOut(step, seen, context.getClient());
        return report(cluster, seen, step);
    }

    private static Step next(CoordinationCluster cluster, Observation seen, Context<CoordinationCluster> context) {
        boolean paused = cluster.getSpec().paused();
        Optional<String> revision =
                context.getSecondaryResource(StatefulSet.class).flatMap(ClusterReconciler::revision);
        if (revision.isEmpty() && !paused)
            return new Step.Wait("the StatefulSet controller has not seen the change yet");
        return Planner.next(
                new DesiredEnsemble(cluster.getSpec().replicas(), revision.orElse(""), paused), seen.ensemble());
    }

    /** The revision that a new pod gets; empty while the controller lags behind the object. */
    private static Optional<String> revision(StatefulSet set) {
        if (set.getStatus() == null || set.getStatus().getObservedGeneration() == null) return Optional.empty();
        boolean current =
                set.getStatus().getObservedGeneration().equals(set.getMetadata().getGeneration());
        return current ? Optional.ofNullable(set.getStatus().getUpdateRevision()) : Optional.empty();
    }

    private static void carryOut(Step step, Observation seen, KubernetesClient client) {
        switch (step) {
            case Step.Done _, Step.Wait _, Step.Refuse _ -> {}
            case Step.Start _ -> {} // the StatefulSet controller does it
            case Step.Restart(int id) -> delete(seen.pods().get(id), client);
            case Step.Form _, Step.HandOver _, Step.AddObserver _, Step.Promote _, Step.Remove _, Step.Stop _ ->
                throw new IllegalStateException("not within what the servers were said to be able to do: " + step);
        }
    }

    /** Deletes exactly what was seen: if the pod has changed since, nothing happens and the next run looks again. */
    private static void delete(Pod pod, KubernetesClient client) {
        LOG.info(
                "deleting pod {}/{} to restart it",
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName());
        client.resource(pod)
                .lockResourceVersion(pod.getMetadata().getResourceVersion())
                .delete();
    }

    private static UpdateControl<CoordinationCluster> report(CoordinationCluster cluster, Observation seen, Step step) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ClusterStatus status = new StatusWriter(cluster, now).of(seen, step);
        Duration again = step instanceof Step.Done || step instanceof Step.Refuse ? IDLE : BUSY;
        if (status.equals(cluster.getStatus())) {
            return UpdateControl.<CoordinationCluster>noUpdate().rescheduleAfter(again);
        }
        cluster.setStatus(status);
        return UpdateControl.patchStatus(cluster).rescheduleAfter(again);
    }
}
