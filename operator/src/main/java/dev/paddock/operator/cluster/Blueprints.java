package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The blueprint of a cluster, from the run that decided it to the objects that follow it. */
final class Blueprints {
    private static final String KEY = "blueprint";

    private Blueprints() {}

    static void put(Blueprint blueprint, Context<CoordinationCluster> context) {
        context.managedWorkflowAndDependentResourceContext().put(KEY, blueprint);
    }

    static Blueprint of(Context<CoordinationCluster> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(KEY, Blueprint.class);
    }
}
