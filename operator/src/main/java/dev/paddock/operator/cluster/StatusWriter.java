package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.planner.DesiredEnsemble;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.ObservedServer;
import dev.paddock.operator.planner.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The status of a cluster as a pure function of what was seen and decided. The conditions follow kstatus: {@code
 * Reconciling} while something is under way, {@code Stalled} when nothing can be done until the spec changes.
 */
final class StatusWriter {
    /** Why a cluster is ready of which no member is wanted. */
    static final String HIBERNATED = "Hibernated";

    private static final int MESSAGE_MAX = 1000;
    private static final int DIGEST_SHOWN = "sha256:".length() + 12;

    private final CoordinationCluster cluster;
    private final Blueprint blueprint;
    private final ClusterStatus before;
    private final String now;

    /** @param now RFC 3339 */
    StatusWriter(CoordinationCluster cluster, Blueprint blueprint, String now) {
        this.cluster = cluster;
        this.blueprint = blueprint;
        this.before = cluster.getStatus() == null ? ClusterStatus.UNKNOWN : cluster.getStatus();
        this.now = now;
    }

    /**
     * Equal to the one before if nothing changed but the time.
     *
     * @param wanted revision that members are to run, as far as it is known; empty before there is one
     */
    ClusterStatus of(Observation observation, Turn turn, Certificates certificates, Optional<String> wanted) {
        ObservedEnsemble seen = observation.ensemble(blueprint);
        Turn told = turn.obstacle().isEmpty() && isWaiting(turn)
                ? withTroubles(turn, observation)
                : becoming(turn, observation);
        return new ClusterStatus(
                generation(),
                (int) observation.pods().keySet().stream()
                        .filter(id -> !seen.observers().contains(id))
                        .count(), // as HPA counts
                seen.liveVoters() + "/" + seen.voters().size(),
                Labels.selector(cluster.getMetadata().getName()),
                version(),
                blueprint.endpoint(),
                blueprint.secureEndpoint().orElse(null),
                conditions(seen, told, observation, certificates, wanted),
                members(observation, seen),
                ensemble(observation, seen),
                turn.step() instanceof Step.Done ? null : plan(told));
    }

    /** As before, but for what failed. */
    ClusterStatus failed(Exception failure) {
        String why = String.valueOf(Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
        List<Condition> conditions = new ArrayList<>(before.conditions());
        conditions.removeIf(c ->
                Set.of("Reconciling", "Stalled").contains(c.type()) || (c.type().equals("Ready") && isOld(c)));
        conditions.add(condition("Reconciling", true, "Retrying", why));
        conditions.add(condition("Stalled", false, "NotStalled", "it is tried again"));
        if (conditions.stream().noneMatch(c -> c.type().equals("Ready"))) {
            conditions.add(condition("Ready", false, "Retrying", why));
        }
        return new ClusterStatus(
                generation(),
                before.replicas(),
                before.ready(),
                Labels.selector(cluster.getMetadata().getName()),
                before.version(),
                before.endpoint(),
                before.secureEndpoint(),
                conditions,
                before.members(),
                before.ensemble(),
                before.plan());
    }

    /** Of the image that the spec names whole, if it does: its tag, or else what of its digest people can tell apart. */
    private String version() {
        return cluster.getSpec().template().askedImage().map(StatusWriter::tag).orElseGet(blueprint::version);
    }

    private static String tag(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1); // a colon before is that of the registry's port
        String[] parts = name.split("@", 2);
        int colon = parts[0].indexOf(':');
        if (colon >= 0) return parts[0].substring(colon + 1);
        return parts.length == 1 ? "latest" : parts[1].substring(0, Math.min(DIGEST_SHOWN, parts[1].length()));
    }

    private boolean isOld(Condition condition) {
        return condition.observedGeneration() != generation();
    }

    private static boolean isWaiting(Turn turn) {
        return turn.step() instanceof Step.Wait || turn.step() instanceof Step.Start;
    }

    /** Waiting for a pod that does not start is waiting for somebody to mend that. */
    private static Turn withTroubles(Turn turn, Observation observation) {
        String troubles = observation.pods().entrySet().stream()
                .flatMap(entry ->
                        PodStates.trouble(entry.getValue())
                                .map(why -> "member " + entry.getKey() + ": " + why)
                                .stream())
                .collect(Collectors.joining("; "));
        return troubles.isEmpty() ? turn : Turn.of(new Step.Wait(turn.why() + " (" + troubles + ")"));
    }

    /** A restart by which a member gets another engine says so. */
    private Turn becoming(Turn turn, Observation observation) {
        List<Integer> others = EngineChange.others(cluster, observation);
        return turn.step() instanceof Step.Restart(int id) && others.contains(id)
                ? new Turn(
                        turn.step(),
                        turn.obstacle(),
                        Optional.of("member " + id + " becomes "
                                + EngineChange.wanted(cluster).shown()))
                : turn;
    }

    private List<Condition> conditions(
            ObservedEnsemble seen,
            Turn turn,
            Observation observation,
            Certificates certificates,
            Optional<String> wanted) {
        int voters = seen.voters().size();
        String live = seen.liveVoters() + " of " + voters + " voters serve";
        boolean hibernates = cluster.getSpec().replicas() == 0;
        boolean done = turn.step() instanceof Step.Done;
        boolean refused = turn.step() instanceof Step.Refuse;
        boolean paused = cluster.getSpec().paused();
        boolean scaling = !hibernates && !isSized(seen);
        return List.of(
                condition("Ready", done, done && hibernates ? HIBERNATED : turn.word(), done ? live : turn.why()),
                condition("Reconciling", !done && !refused && !paused, turn.word(), turn.why()),
                condition(
                        "Stalled",
                        refused,
                        refused ? "Refused" : "NotStalled",
                        refused ? turn.why() : "nothing refused"),
                condition("QuorumHealthy", seen.hasQuorum(), seen.hasQuorum() ? "Quorum" : "NoQuorum", live),
                available(seen),
                condition("Scaling", scaling, scaling ? turn.word() : hibernates ? HIBERNATED : "Sized", sizes(seen)),
                upgrading(seen, turn, observation, wanted),
                condition("CertificatesReady", certificates.isReady(), certificates.reason(), certificates.message()),
                ignored(observation),
                condition(
                        "Paused",
                        paused,
                        paused ? "SpecPaused" : "NotPaused",
                        paused ? "spec.paused is true" : "spec.paused is false"));
    }

    /** Of a cluster that is paused, the pods know how members speak with each other. */
    private Condition ignored(Observation observation) {
        boolean speakTls = observation.pods().values().stream().anyMatch(pod -> Ensemble.hasMemberKeys(pod.getSpec()));
        Map<String, String> keys = Ensemble.leftOut(speakTls ? blueprint.withMemberKeys("some") : blueprint);
        String named = keys.entrySet().stream()
                .map(key -> key.getKey() + " (" + key.getValue() + ")")
                .collect(Collectors.joining(", "));
        return keys.isEmpty()
                ? condition("ConfigIgnored", false, "AllUsed", "no key of spec.config is left out")
                : condition(
                        "ConfigIgnored",
                        true,
                        "KeysLeftOut",
                        "members do not get what spec.config says of " + named + "; take it out");
    }

    private Condition available(ObservedEnsemble seen) {
        Optional<Integer> leader = seen.leader().map(server -> server.id());
        boolean available = leader.isPresent() && seen.hasQuorum();
        return condition(
                "Available",
                available,
                available ? "Serving" : "NotServing",
                available ? "member " + leader.get() + " leads a quorum" : "nobody leads a quorum; no write is taken");
    }

    private boolean isSized(ObservedEnsemble seen) {
        var spec = cluster.getSpec();
        var wanted = new DesiredEnsemble(Math.max(1, spec.replicas()), spec.observers(), "", false);
        return seen.voters().equals(wanted.voters()) && seen.observers().equals(wanted.observing());
    }

    private String sizes(ObservedEnsemble seen) {
        var spec = cluster.getSpec();
        if (spec.replicas() == 0) return seen.voters().size() + " voters, none of whom is to run";
        String voters = seen.voters().size() + " voters, " + spec.replicas() + " wanted";
        return spec.observers() == 0 && seen.observers().isEmpty()
                ? voters
                : voters + "; " + seen.observers().size() + " observers, " + spec.observers() + " wanted";
    }

    /** A roll is over when the last one serves again: until then, whoever does not is on its way back from it. */
    private Condition upgrading(ObservedEnsemble seen, Turn turn, Observation observation, Optional<String> wanted) {
        boolean hibernates = cluster.getSpec().replicas() == 0; // nobody is restarted: all wake as wanted
        List<Integer> old = hibernates ? List.of() : old(seen, observation, wanted);
        boolean wasRolling =
                before.condition("Upgrading").filter(Condition::holds).isPresent();
        long away = hibernates || (old.isEmpty() && !wasRolling)
                ? 0
                : Stream.concat(seen.voters().stream(), seen.observers().stream())
                        .filter(id -> !old.contains(id) && !seen.serving(id))
                        .count();
        boolean becomes = old.stream().anyMatch(EngineChange.others(cluster, observation)::contains);
        String message = old.size()
                + (old.size() == 1 ? " member is to " : " members are to ")
                + (becomes ? "become " + EngineChange.wanted(cluster).shown() : "be restarted")
                + (away > 0 ? ", " + away + " on the way back" : "");
        boolean rolls = !old.isEmpty() || away > 0;
        return condition("Upgrading", rolls, rolls ? turn.word() : "UpToDate", message);
    }

    /** Members whose pods are of another revision, or run another engine. */
    private List<Integer> old(ObservedEnsemble seen, Observation observation, Optional<String> wanted) {
        List<Integer> others = EngineChange.others(cluster, observation);
        return seen.servers().stream()
                .filter(server -> seen.isMember(server.id()))
                .filter(server -> others.contains(server.id())
                        || wanted.filter(revision -> !revision.equals(server.revision()))
                                .isPresent())
                .map(ObservedServer::id)
                .toList();
    }

    private Condition condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        return new Condition(type, status, generation(), now, reason, cut(message)).since(before.condition(type));
    }

    /** What people read of a failure may be as long as it likes; what is kept of it is not. */
    static String cut(String message) {
        return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX);
    }

    private static List<ClusterStatus.Member> members(Observation observation, ObservedEnsemble seen) {
        return observation.pods().entrySet().stream()
                .map(entry -> new ClusterStatus.Member(
                        entry.getKey(),
                        entry.getValue().getMetadata().getName(),
                        observation.role(entry.getKey()).name().toLowerCase(Locale.ROOT),
                        seen.serving(entry.getKey()),
                        observation.lag(entry.getKey()).orElse(null),
                        PodStates.trouble(entry.getValue()).orElse(null)))
                .toList();
    }

    private ClusterStatus.Ensemble ensemble(Observation observation, ObservedEnsemble seen) {
        return new ClusterStatus.Ensemble(
                List.copyOf(seen.voters()),
                List.copyOf(seen.observers()),
                Long.toHexString(blueprint.roster().members().version()),
                observation.leader().orElse(null),
                observation.committed().map(zxid -> zxid >>> 32).orElse(null),
                observation
                        .committed()
                        .map(zxid -> "0x" + Long.toHexString(zxid))
                        .orElse(null));
    }

    private ClusterStatus.Plan plan(Turn turn) {
        ClusterStatus.Plan old = before.plan();
        String step = turn.step().shown();
        String target = turn.target().map(id -> "member " + id).orElse(null);
        boolean same = old != null && old.step().equals(step) && old.why().equals(turn.why());
        return same ? old : new ClusterStatus.Plan(step, target, turn.why(), now);
    }

    private long generation() {
        Long generation = cluster.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }
}
