package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.Release;
import dev.paddock.operator.ensemble.Blueprint;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The blueprint of a cluster as this run sees it. */
final class Blueprints {
    private Blueprints() {}

    static Blueprint of(CoordinationCluster cluster, Context<CoordinationCluster> context) {
        return Blueprint.of(cluster, context.getSecondaryResource(StatefulSet.class), Release.VERSION);
    }
}
