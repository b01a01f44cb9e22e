package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** {@link Ensemble#configMap}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public final class ServerConfig extends CRUDKubernetesDependentResource<ConfigMap, CoordinationCluster> {
    @Override
    protected ConfigMap desired(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Ensemble.configMap(Blueprints.of(context));
    }
}
