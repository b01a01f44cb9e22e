package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.function.IntPredicate;

/** The blueprint of a cluster, from the run that decided it to the objects that follow it. */
final class Blueprints {
    private static final String KEY = "blueprint";
    private static final String MAY_GO = "may-go";

    private Blueprints() {}

    /** @param mayGo asks whether the pods above a number may go */
    static void put(Blueprint blueprint, IntPredicate mayGo, Context<CoordinationCluster> context) {
        context.managedWorkflowAndDependentResourceContext().put(KEY, blueprint);
        context.managedWorkflowAndDependentResourceContext().put(MAY_GO, mayGo);
    }

    static Blueprint of(Context<CoordinationCluster> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(KEY, Blueprint.class);
    }

    static IntPredicate mayGo(Context<CoordinationCluster> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(MAY_GO, IntPredicate.class);
    }
}
