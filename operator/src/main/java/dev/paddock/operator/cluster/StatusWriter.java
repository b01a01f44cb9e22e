package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.Step;
import java.util.List;
import java.util.Locale;

/**
 * The status of a cluster as a pure function of what was seen and decided. The conditions follow kstatus: {@code
 * Reconciling} while something is under way, {@code Stalled} when nothing can be done until the spec changes.
 */
final class StatusWriter {
    private final CoordinationCluster cluster;
    private final ClusterStatus before;
    private final String now;

    /** @param now RFC 3339 */
    StatusWriter(CoordinationCluster cluster, String now) {
        this.cluster = cluster;
        this.before = cluster.getStatus() == null ? ClusterStatus.UNKNOWN : cluster.getStatus();
        this.now = now;
    }

    /** Equal to the one before if nothing changed but the time. */
    ClusterStatus of(Observation observation, Step step) {
        ObservedEnsemble seen = observation.ensemble();
        int voters = seen.voters().size();
        return new ClusterStatus(
                generation(),
                observation.pods().size(),
                seen.liveVoters() + "/" + voters,
                Labels.selector(cluster.getMetadata().getName()),
                observation.blueprint().endpoint(),
                conditions(seen, step),
                members(observation, seen),
                new ClusterStatus.Ensemble(
                        List.copyOf(seen.voters()),
                        observation.leader().map(leader -> leader.getKey()).orElse(null),
                        observation
                                .leader()
                                .map(leader -> leader.getValue().epoch())
                                .orElse(null)),
                step instanceof Step.Done ? null : plan(step));
    }

    private List<Condition> conditions(ObservedEnsemble seen, Step step) {
        String live = seen.liveVoters() + " of " + seen.voters().size() + " voters serve";
        boolean done = step instanceof Step.Done;
        boolean refused = step instanceof Step.Refuse;
        boolean paused = cluster.getSpec().paused();
        return List.of(
                condition("Ready", done, done ? "AsWanted" : word(step), done ? live : why(step)),
                condition("Reconciling", !done && !refused && !paused, word(step), done ? "nothing to do" : why(step)),
                condition(
                        "Stalled",
                        refused,
                        refused ? "Refused" : "NotStalled",
                        refused ? why(step) : "nothing refused"),
                condition("QuorumHealthy", seen.hasQuorum(), seen.hasQuorum() ? "Quorum" : "NoQuorum", live),
                condition(
                        "Paused",
                        paused,
                        paused ? "SpecPaused" : "NotPaused",
                        paused ? "spec.paused is true" : "spec.paused is false"));
    }

    private Condition condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        return new Condition(type, status, generation(), now, reason, message).since(before.condition(type));
    }

    private static List<ClusterStatus.Member> members(Observation observation, ObservedEnsemble seen) {
        return observation.pods().entrySet().stream()
                .map(entry -> new ClusterStatus.Member(
                        entry.getKey(),
                        entry.getValue().getMetadata().getName(),
                        observation.role(entry.getKey()).name().toLowerCase(Locale.ROOT),
                        seen.serving(entry.getKey())))
                .toList();
    }

    private ClusterStatus.Plan plan(Step step) {
        ClusterStatus.Plan old = before.plan();
        boolean same =
                old != null && old.step().equals(step.shown()) && old.why().equals(why(step));
        return same ? old : new ClusterStatus.Plan(step.shown(), why(step), now);
    }

    private static String word(Step step) {
        return step.getClass().getSimpleName();
    }

    private static String why(Step step) {
        return switch (step) {
            case Step.Wait(String why) -> why;
            case Step.Refuse(String why) -> why;
            case Step.Start(int id) -> "member " + id + " has no pod; the StatefulSet controller makes it";
            case Step.Restart(int id) -> "member " + id + " runs an old configuration";
            case Step.Done _,
                    Step.Form _,
                    Step.HandOver _,
                    Step.AddObserver _,
                    Step.Promote _,
                    Step.Remove _,
                    Step.Stop _ -> step.shown();
        };
    }

    private long generation() {
        Long generation = cluster.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }
}
