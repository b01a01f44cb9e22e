package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Finding;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Goal;
import dev.paddock.operator.migration.Member;
import dev.paddock.operator.migration.Migration;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.migration.Quorum;
import dev.paddock.operator.migration.Release;
import dev.paddock.operator.migration.Settings;
import dev.paddock.operator.migration.SettingsReader;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code paddock migrate} checks before it replaces a server is checked here before a roll gives a member another engine. The planner
 * has chosen the member by then, while all serve and are in sync. Who does not serve anyway is replaced without asking the others: the
 * other engine may be what mends it, or the way back. A version whose members the others would not understand is for nobody.
 */
final class EngineChange {
    private static final int OLDEST_MINOR = 4; // of the releases of ZooKeeper that are in use

    private final CoordinationCluster cluster;
    private final Blueprint blueprint;
    private final Observation seen;
    private final Servers servers;
    private final SettingsReader reader;

    EngineChange(
            CoordinationCluster cluster,
            Blueprint blueprint,
            Observation seen,
            Servers servers,
            SettingsReader reader) {
        this.cluster = cluster;
        this.blueprint = blueprint;
        this.seen = seen;
        this.servers = servers;
        this.reader = reader;
    }

    /** What a cluster's members are to run. */
    static Engine wanted(CoordinationCluster cluster) {
        return switch (cluster.getSpec().engine()) {
            case PADDOCK -> Engine.PADDOCK;
            case ZOOKEEPER -> Engine.ZOOKEEPER;
        };
    }

    /** Ids of the members whose pods run something else. */
    static List<Integer> others(CoordinationCluster cluster, Observation seen) {
        boolean paddock = wanted(cluster) == Engine.PADDOCK;
        return seen.pods().entrySet().stream()
                .filter(entry -> PodStates.runsPaddock(entry.getValue()) != paddock)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The step, or why it may not be done, or not yet. */
    Step checked(Step step) {
        if (!(step instanceof Step.Restart(int id))) return step;
        if (!others(cluster, seen).contains(id)) return strange(version()).orElse(step);
        boolean serves = seen.reports().containsKey(id);
        return unfit(wanted(cluster), version())
                .or(() -> serves ? unproven() : Optional.empty())
                .or(() -> serves ? tooWide() : Optional.empty())
                .or(() -> obstacle(serves ? members() : List.of(id)))
                .orElse(step);
    }

    /** Of the image, where the spec does not name the whole of it. */
    private Optional<String> version() {
        boolean isNamed = cluster.getSpec().template().askedImage().isPresent();
        return isNamed ? Optional.empty() : cluster.getSpec().askedVersion();
    }

    /** Why no image of that version is for a member of this ensemble. */
    static Optional<Step> unfit(Engine engine, Optional<String> version) {
        Optional<Release> named = version.flatMap(Release::parse);
        if (named.isEmpty()) return Optional.empty();
        return switch (engine) {
            case PADDOCK ->
                named.filter(release -> release.engine() == Engine.ZOOKEEPER
                                && release.major() == 3
                                && release.minor() >= OLDEST_MINOR)
                        .map(release -> new Step.Refuse("spec.version " + release.number()
                                + " is one of ZooKeeper's; leave it out, or name one of Paddock's"));
            case ZOOKEEPER ->
                named.filter(release -> !release.mayBeMixed() || release.mayLoseWrites())
                        .map(release -> new Step.Refuse("spec.version " + release.number()
                                + " is no ZooKeeper that Paddock's servers can be mixed with; 3.9.5 is one"));
        };
    }

    /** Members keep their TLS while any of them runs, and a ZooKeeper before 3.9 looks up what the address of a pod is called. */
    private Optional<Step> strange(Optional<String> version) {
        boolean speakTls = seen.pods().values().stream().anyMatch(pod -> Ensemble.hasMemberKeys(pod.getSpec()));
        return version.filter(_ -> speakTls && wanted(cluster) == Engine.ZOOKEEPER)
                .flatMap(Release::parse)
                .filter(release -> release.isBefore(3, 9))
                .map(release -> new Step.Refuse("spec.version " + release.number()
                        + " does not understand the TLS that members speak with each other; name a 3.9, or set spec.replicas"
                        + " to 0, and back with that version when all pods are gone"));
    }

    /** A session through each that has changed; its transactions are ones that every member hashes. */
    private Optional<Step> unproven() {
        List<Integer> others = others(cluster, seen);
        return seen.reports().keySet().stream()
                .filter(id -> !others.contains(id))
                .filter(id -> seen.address(id).filter(servers::ring).isEmpty())
                .findFirst()
                .map(id -> new Step.Wait("no session can be had through member " + id));
    }

    private List<Integer> members() {
        Membership members = blueprint.roster().members();
        return Stream.concat(members.voters().stream(), members.observers().stream())
                .toList();
    }

    /** On both ways. */
    private Optional<Step> tooWide() {
        List<String> wider = reader.read(zooCfg()).wider();
        return wider.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step.Refuse("spec.config has Paddock take and write more than ZooKeeper reads: "
                        + String.join(", ", wider) + "; take it out while both kinds are members"));
    }

    private Optional<Step> obstacle(List<Integer> ids) {
        Engine engine = wanted(cluster);
        Settings settings = engine == Engine.PADDOCK ? reader.read(zooCfg()) : Settings.FINE;
        List<String> ignored = engine == Engine.PADDOCK ? ignored(settings) : List.of();
        if (!ignored.isEmpty()) {
            return Optional.of(new Step.Refuse(
                    "without effect in Paddock: " + String.join(", ", ignored) + "; take that out of spec.config"));
        }
        List<Member> members =
                ids.stream().map(id -> member(id, new Known<>(settings))).toList();
        Optional<Step> silence =
                members.stream().flatMap(member -> silence(member).stream()).findFirst();
        return silence.or(() -> lossy(members))
                .or(() -> Migration.obstacle(new Goal(engine, List.of()), observation(members))
                        .map(EngineChange::told));
    }

    /** What Paddock does not know, and what its pods cannot have. */
    private List<String> ignored(Settings settings) {
        return Stream.concat(settings.ignored().stream(), Ensemble.leftOut(blueprint).keySet().stream())
                .distinct()
                .toList();
    }

    private static Optional<Step> lossy(List<Member> members) {
        return members.stream()
                .filter(member -> member.serving()
                        .filter(s -> s.release().mayLoseWrites())
                        .isPresent())
                .findFirst()
                .map(member ->
                        new Step.Refuse("member " + member.id() + " runs a ZooKeeper that may lose acknowledged writes"
                                + " where members restart one after the other; have spec.version be 3.9.5 first"));
    }

    private dev.paddock.operator.migration.Observation observation(List<Member> members) {
        List<Long> voters =
                members.stream().filter(Member::votes).map(Member::id).toList();
        return new dev.paddock.operator.migration.Observation(
                members, Quorum.majorityOf(voters), seen.committed().orElse(0L));
    }

    private Member member(int id, Finding<Settings> settings) {
        boolean votes = blueprint.roster().members().voters().contains(id);
        Presence presence = Optional.of(id)
                .filter(_ -> seen.reports().containsKey(id))
                .flatMap(seen::address)
                .map(servers::presence)
                .orElseGet(Presence.NotServing::new);
        return new Member(id, votes, presence, settings);
    }

    /** The file that each server starts with, as far as it is the same for all. */
    private String zooCfg() {
        ConfigMap config = Ensemble.configMap(blueprint);
        return config.getData().get("zoo.cfg")
                + config.getData()
                        .get("members")
                        .lines()
                        .filter(line -> line.startsWith("server."))
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    /** In a pod all words are allowed, so an answer that is missing is most likely only late. */
    private static Optional<Step> silence(Member member) {
        return member.serving().stream()
                .flatMap(s -> Stream.<Finding<?>>of(s.membership(), s.mismatches(), s.digests()))
                .<Step>flatMap(finding -> finding instanceof Unknown<?>(String why, String remedy)
                        ? Stream.of(new Step.Wait("member " + member.id() + " " + why + "; " + remedy))
                        : Stream.empty())
                .findFirst();
    }

    private static Step told(dev.paddock.operator.migration.Step.Obstacle obstacle) {
        return switch (obstacle) {
            case dev.paddock.operator.migration.Step.Wait(String why) -> new Step.Wait(why);
            case dev.paddock.operator.migration.Step.Refuse(String why, String remedy) ->
                new Step.Refuse(why + ". What to do: " + remedy);
        };
    }
}
