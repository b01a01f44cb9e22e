package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** {@link Ensemble#disruptionBudget}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public final class DisruptionBudget extends CRUDKubernetesDependentResource<PodDisruptionBudget, CoordinationCluster> {
    @Override
    protected PodDisruptionBudget desired(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Ensemble.disruptionBudget(Blueprints.of(context));
    }
}
