package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** {@link Ensemble#serviceAccount}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public final class ServerAccount extends CRUDKubernetesDependentResource<ServiceAccount, CoordinationCluster> {
    @Override
    protected ServiceAccount desired(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Ensemble.serviceAccount(Blueprints.of(context));
    }
}
