package dev.paddock.operator.ensemble;

import dev.paddock.crds.Placement;
import dev.paddock.crds.Placement.Spread;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where members may run, and how far apart. Usually that is a wish: an ensemble on one node is better than none. */
final class Placing {
    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";

    private Placing() {}

    /** Spread over hosts is always a wish: with fewer hosts than members, a skew of one would let two share a host. */
    static List<TopologySpreadConstraint> spread(Blueprint blueprint) {
        return List.of(
                spread(blueprint, HOST, Spread.PREFERRED),
                spread(blueprint, ZONE, blueprint.spec().placement().zones()));
    }

    private static TopologySpreadConstraint spread(Blueprint blueprint, String key, Spread asked) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(key)
                .withWhenUnsatisfiable(
                        switch (asked) {
                            case PREFERRED -> "ScheduleAnyway";
                            case REQUIRED -> "DoNotSchedule";
                        })
                .withNewLabelSelector()
                .withMatchLabels(Labels.pods(blueprint.name()))
                .endLabelSelector()
                .build();
    }

    /** Of hosts and labels that are required; null if none is. */
    static @Nullable Affinity affinity(Blueprint blueprint) {
        Placement asked = blueprint.spec().placement();
        if (asked.hosts() == Spread.PREFERRED && asked.nodes().isEmpty()) return null;
        AffinityBuilder affinity = new AffinityBuilder();
        if (!asked.nodes().isEmpty()) {
            affinity.withNewNodeAffinity()
                    .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .addNewNodeSelectorTerm()
                    .withMatchExpressions(
                            asked.nodes().stream().map(Placing::requirement).toList())
                    .endNodeSelectorTerm()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity();
        }
        if (asked.hosts() == Spread.REQUIRED) {
            affinity.withNewPodAntiAffinity()
                    .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .withTopologyKey(HOST)
                    .withNewLabelSelector()
                    .withMatchLabels(Labels.pods(blueprint.name()))
                    .endLabelSelector()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endPodAntiAffinity();
        }
        return affinity.build();
    }

    private static NodeSelectorRequirement requirement(Placement.NodeRequirement asked) {
        return new NodeSelectorRequirementBuilder()
                .withKey(asked.key())
                .withOperator(
                        switch (asked.operator()) {
                            case IN -> "In";
                            case NOT_IN -> "NotIn";
                            case EXISTS -> "Exists";
                            case DOES_NOT_EXIST -> "DoesNotExist";
                        })
                .withValues(asked.values())
                .build();
    }
}
