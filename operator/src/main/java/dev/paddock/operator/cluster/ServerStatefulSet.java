package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Ensemble#statefulSet}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public final class ServerStatefulSet extends CRUDKubernetesDependentResource<StatefulSet, CoordinationCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStatefulSet.class);
    private static final int TRIES_MAX = 5; // its controller writes the status of the same object

    @Override
    protected StatefulSet desired(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Ensemble.statefulSet(Blueprints.of(context), context.getSecondaryResource(StatefulSet.class));
    }

    /**
     * Changes the one object in the one state that was just read, since a cache may be old, and an operator that does not lead any more
     * may not know: the API server refuses where it is another one by then.
     */
    @Override
    public StatefulSet update(
            StatefulSet cached,
            StatefulSet desired,
            CoordinationCluster cluster,
            Context<CoordinationCluster> context) {
        for (int tries = 1; ; tries++) {
            StatefulSet now = context.getClient().resource(desired).get();
            if (now == null) return create(desired, cluster, context);
            try {
                return super.update(now, over(now, desired, context), cluster, context);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == TRIES_MAX) throw e;
                LOG.debug(
                        "the StatefulSet {} changed meanwhile; looking again",
                        cluster.getMetadata().getName());
            }
        }
    }

    /** What is desired, of exactly this object; with its pods where nobody says that they may go. */
    private static StatefulSet over(StatefulSet now, StatefulSet desired, Context<CoordinationCluster> context) {
        int replicas = desired.getSpec().getReplicas();
        boolean fewer = now.getSpec().getReplicas() > replicas;
        boolean stays = fewer && !Blueprints.mayGo(context).test(replicas); // asked after that read
        return new StatefulSetBuilder(desired)
                .editMetadata()
                .withUid(now.getMetadata().getUid())
                .withResourceVersion(now.getMetadata().getResourceVersion())
                .endMetadata()
                .editSpec()
                .withReplicas(stays ? now.getSpec().getReplicas() : Integer.valueOf(replicas))
                .endSpec()
                .build();
    }
}
