package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** A disruption budget only for those that can lose a member; see {@link Ensemble#disruptionBudget}. */
public final class BudgetWanted implements Condition<PodDisruptionBudget, CoordinationCluster> {
    @Override
    public boolean isMet(
            DependentResource<PodDisruptionBudget, CoordinationCluster> budget,
            CoordinationCluster cluster,
            Context<CoordinationCluster> context) {
        return Ensemble.canLoseOne(Blueprints.of(context));
    }
}
