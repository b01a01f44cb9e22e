package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** {@link Ensemble#statefulSet}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public final class ServerStatefulSet extends CRUDKubernetesDependentResource<StatefulSet, CoordinationCluster> {
    @Override
    protected StatefulSet desired(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Ensemble.statefulSet(Blueprints.of(context), context.getSecondaryResource(StatefulSet.class));
    }
}
