package dev.paddock.operator.migration;

import static java.util.Comparator.comparing;

import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Presence.Serving;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Chooses the next step of a migration. The rules, in the order in which they are asked:
 *
 * <ol>
 *   <li>a server alone cannot be replaced while it serves;
 *   <li>no member's files are ones on which nobody could go on, or see how it is;
 *   <li>none makes Paddock write what ZooKeeper cannot read;
 *   <li>every member can be reached: one that may or may not run is neither stopped nor started;
 *   <li>every server speaks 3.9's protocols, none is of a release that loses writes, and every check has an answer;
 *   <li>each server is the member that it is taken for, and goes by the same configuration;
 *   <li>no tree differs from the leader's: one that does must not be voted with;
 *   <li>a member without a process is started, as what is wanted;
 *   <li>while a member does not serve, nobody leads or somebody lags, nothing is touched;
 *   <li>observers first, then followers, the leader last, one at a time, each only while the others are a quorum without it.
 * </ol>
 */
public final class Migration {
    private static final List<BiFunction<Goal, Observation, Optional<Step.Obstacle>>> CHECKS = List.of(
            Migration::refuseFiles,
            Migration::refuseWider,
            Migration::awaitReachable,
            Migration::refuseVersions,
            Migration::refuseLossyVersions,
            Migration::refuseUnchecked,
            Migration::refuseStrangers,
            Migration::refuseOtherTrees);
    private static final List<BiFunction<Goal, Observation, Optional<Step>>> RULES = List.of(
            Migration::refuseOneAlone,
            Migration::check,
            Migration::startMissing,
            Migration::awaitServing,
            Migration::awaitLeader,
            Migration::awaitInSync,
            Migration::replace);

    private Migration() {}

    /** The first step that a rule asks for; {@link Step.Done} if none does. */
    public static Step next(Goal goal, Observation seen) {
        return firstOf(RULES, goal, seen)
                .orElseGet(() -> new Step.Done("all " + seen.members().size() + " members run "
                        + goal.engine().shown() + ", in sync, without a digest mismatch"));
    }

    /**
     * What is in the way of replacing any member that does not run what is wanted, other than who serves, leads and is in sync: for
     * whoever looks at that by rules of its own.
     */
    public static Optional<Step.Obstacle> obstacle(Goal goal, Observation seen) {
        return firstOf(CHECKS, goal, seen)
                .or(() -> first(seen, m -> m.runs(goal.engine()) ? Optional.empty() : objection(goal, m)));
    }

    private static Optional<Step> check(Goal goal, Observation seen) {
        return firstOf(CHECKS, goal, seen).map(obstacle -> obstacle);
    }

    private static <S extends Step> Optional<S> firstOf(
            List<BiFunction<Goal, Observation, Optional<S>>> rules, Goal goal, Observation seen) {
        return rules.stream().flatMap(rule -> rule.apply(goal, seen).stream()).findFirst();
    }

    /** All steps from now on, if each goes well; the last is no {@link Step.Start} or {@link Step.Replace}. */
    public static List<Step> outlook(Goal goal, Observation seen) {
        List<Step> steps = new ArrayList<>();
        Observation at = seen;
        while (true) {
            Step step = next(goal, at);
            steps.add(step);
            switch (step) {
                case Step.Start(long id, Engine engine, String _) -> at = at.supposing(id, engine);
                case Step.Replace(long id, Engine engine, String _) -> at = at.supposing(id, engine);
                case Step.Done _, Step.Wait _, Step.Refuse _ -> {
                    return steps;
                }
            }
        }
    }

    private static Optional<Step> refuseOneAlone(Goal goal, Observation seen) {
        if (seen.voters() > 1 || seen.members().stream().allMatch(m -> m.runs(goal.engine()))) return Optional.empty();
        return Optional.of(new Step.Refuse(
                "only one server votes, so nobody decides while it is replaced",
                "stop it and start " + goal.engine().shown()
                        + " on its files by hand, with that pause; or grow to three voters first"));
    }

    /** Of all members at once: what one cannot go on with would leave the others half way. */
    private static Optional<Step.Obstacle> refuseFiles(Goal goal, Observation seen) {
        return first(
                seen,
                m -> m.settings()
                        .known()
                        .filter(s -> !m.runs(goal.engine()) && !s.refusals().isEmpty())
                        .map(s -> new Step.Refuse(
                                "the files of " + name(m) + " will not do: " + String.join("; ", s.refusals()),
                                "change that first")));
    }

    /** One whose flags could be looked at and do not match has a file that is refused; on the way back there is no JVM to look at yet. */
    private static Optional<Step.Obstacle> refuseWider(Goal goal, Observation seen) {
        boolean isBack = goal.engine() == Engine.ZOOKEEPER;
        return first(seen, m -> {
            List<String> keys = m.runs(Engine.ZOOKEEPER) == isBack ? List.of() : notAccepted(goal, m, Settings::wider);
            if (keys.isEmpty()) return Optional.empty();
            String named = String.join(",", keys);
            return Optional.of(new Step.Refuse(
                    "the zoo.cfg of " + name(m) + " has Paddock take and write more than a ZooKeeper reads that is not"
                            + " started with -D" + named + " too, and whether it is cannot be seen from here",
                    "take the line out while both kinds are members; or start every ZooKeeper with that flag and"
                            + " say so: --accept " + named));
        });
    }

    private static Optional<Step.Obstacle> awaitReachable(Goal goal, Observation seen) {
        return first(
                seen,
                m -> m.presence() instanceof Presence.Unreachable(String why)
                        ? Optional.of(new Step.Wait(name(m) + " " + why + ": whether it runs is not known"))
                        : Optional.empty());
    }

    private static Optional<Step.Obstacle> refuseVersions(Goal goal, Observation seen) {
        return firstServing(
                seen,
                (m, s) -> s.release().mayBeMixed()
                        ? Optional.empty()
                        : Optional.of(new Step.Refuse(
                                name(m) + " runs " + s.release().shown()
                                        + ", and Paddock speaks to its peers as ZooKeeper 3.9 does",
                                "bring all members to ZooKeeper 3.9 first, one by one as its release notes say")));
    }

    private static Optional<Step.Obstacle> refuseLossyVersions(Goal goal, Observation seen) {
        return firstServing(seen, (m, s) -> {
            String number = s.release().number();
            return !s.release().mayLoseWrites() || goal.accepted().contains(number)
                    ? Optional.empty()
                    : Optional.of(new Step.Refuse(
                            name(m) + " runs " + s.release().shown()
                                    + ", which may lose acknowledged writes where members"
                                    + " restart one after the other and one of them then leads (ZOOKEEPER-4925)",
                            "bring all members to ZooKeeper 3.9.5 first, while writes rest if they can; or say that you"
                                    + " take the risk: --accept " + number));
        });
    }

    private static Optional<Step.Obstacle> refuseUnchecked(Goal goal, Observation seen) {
        return firstServing(
                seen,
                (m, s) -> Stream.of(s.membership(), s.mismatches(), s.digests())
                        .flatMap(finding -> unknown(m, finding).stream())
                        .findFirst());
    }

    private static Optional<Step.Obstacle> unknown(Member member, Finding<?> finding) {
        return finding instanceof Unknown<?>(String why, String remedy)
                ? Optional.of(new Step.Refuse("a check cannot be made: " + name(member) + " " + why, remedy))
                : Optional.empty();
    }

    private static Optional<Step.Obstacle> refuseStrangers(Goal goal, Observation seen) {
        return firstServing(
                seen,
                (m, s) -> s.membership().known().flatMap(said -> {
                    if (said.self() != m.id()) {
                        return Optional.of(new Step.Refuse(
                                "where " + name(m) + " is looked for, server " + said.self() + " answers",
                                "give the client address of " + name(m)));
                    }
                    if (said.voters().equals(seen.ids(true)) && said.observers().equals(seen.ids(false))) {
                        return Optional.empty();
                    }
                    return Optional.of(new Step.Refuse(
                            name(m) + " goes by a configuration with the voters "
                                    + Observation.listed(said.voters())
                                    + " and the observers [" + Observation.listed(said.observers())
                                    + "], and not "
                                    + Observation.listed(seen.ids(true)) + " and ["
                                    + Observation.listed(seen.ids(false)) + "]",
                            "let a change of members end first; give configuration files that say what the"
                                    + " servers go by"));
                }));
    }

    private static Optional<Step.Obstacle> refuseOtherTrees(Goal goal, Observation seen) {
        Optional<Step.Obstacle> counted = firstServing(
                seen,
                (m, s) -> s.mismatches()
                        .known()
                        .filter(count -> count > 0)
                        .map(count -> new Step.Refuse(
                                name(m) + " counts " + count
                                        + " digest mismatches: its tree is not what its leader's was",
                                "look where its log says 'Digests are not matching': ZooKeeper counts some now and"
                                        + " then while it reads its own folder after a kill, between 'Reading snapshot'"
                                        + " and 'Snapshot loaded' or right after. If it says so nowhere else, restart it when it has"
                                        + " written a newer snapshot. Else, or if it counts again, find out which holds"
                                        + " what was acknowledged (paddock snapshot diff), and have the other copy it:"
                                        + " stop it, empty its version-2 folders, start it again; that sets the count"
                                        + " back")));
        return counted.isPresent() ? counted : differingDigest(seen);
    }

    /** Each digest is held against that of the first member that knows one of the same transaction. */
    private static Optional<Step.Obstacle> differingDigest(Observation seen) {
        SortedMap<Long, Member> first = new TreeMap<>();
        SortedMap<Long, Long> digests = new TreeMap<>();
        for (Member member : seen.members()) {
            var said = member.serving().flatMap(s -> s.digests().known());
            if (said.isEmpty()) continue;
            for (var entry : said.get().byZxid().entrySet()) {
                long zxid = entry.getKey();
                Long other = digests.putIfAbsent(zxid, entry.getValue());
                Member who = first.computeIfAbsent(zxid, _ -> member);
                if (other == null || other.equals(entry.getValue())) continue;
                return Optional.of(new Step.Refuse(
                        "the trees of members " + who.id() + " and " + member.id() + " differed after transaction 0x"
                                + Long.toHexString(zxid),
                        "compare their files (paddock snapshot diff) before anything else"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Step> startMissing(Goal goal, Observation seen) {
        return first(
                seen,
                m -> m.presence() instanceof Presence.Down
                        ? objection(goal, m)
                                .<Step>map(obstacle -> obstacle)
                                .or(() -> Optional.of(new Step.Start(
                                        m.id(),
                                        goal.engine(),
                                        "it has no process, and its files are as the last one left them")))
                        : Optional.empty());
    }

    private static Optional<Step> awaitServing(Goal goal, Observation seen) {
        return first(
                seen,
                m -> m.presence() instanceof Presence.NotServing
                        ? Optional.of(new Step.Wait(name(m) + " looks for a leader or catches up"))
                        : Optional.empty());
    }

    private static Optional<Step> awaitLeader(Goal goal, Observation seen) {
        return seen.leader().isPresent() ? Optional.empty() : Optional.of(new Step.Wait("no leader yet"));
    }

    private static Optional<Step> awaitInSync(Goal goal, Observation seen) {
        return firstServing(
                seen,
                (m, s) -> seen.isInSync(m)
                        ? Optional.empty()
                        : Optional.of(new Step.Wait(name(m) + " has applied 0x" + Long.toHexString(s.zxid())
                                + ", and the leader 0x" + Long.toHexString(seen.committed()))));
    }

    /** Here every member serves and is in sync. */
    private static Optional<Step> replace(Goal goal, Observation seen) {
        return seen.members().stream()
                .filter(m -> !m.runs(goal.engine()))
                .min(comparing(Member::leads).thenComparing(Member::votes).thenComparingLong(Member::id))
                .map(m -> objection(goal, m).<Step>map(obstacle -> obstacle).orElseGet(() -> replacing(m, goal, seen)));
    }

    private static Step replacing(Member member, Goal goal, Observation seen) {
        if (!seen.hasQuorumWithout(member.id())) {
            return new Step.Refuse(
                    "without " + name(member) + " no quorum of the " + seen.voters() + " voters would live",
                    "grow to three voters first; or stop all and start "
                            + goal.engine().shown() + " on their files, with that pause");
        }
        String left = seen.inSyncVotersWithout(member.id()) + " of " + seen.voters()
                + " voters stay in sync, which is a quorum";
        String role = member.leads()
                ? "it leads, so it is the last"
                : member.votes() ? "it follows" : "it observes, so nobody misses its vote";
        return new Step.Replace(member.id(), goal.engine(), role + "; " + left);
    }

    /** Why that member's files are not for what is wanted. Settings are ZooKeeper's own, so only Paddock may not know some. */
    private static Optional<Step.Obstacle> objection(Goal goal, Member member) {
        boolean toPaddock = goal.engine() == Engine.PADDOCK;
        Optional<Step.Obstacle> unknown = toPaddock ? unknown(member, member.settings()) : Optional.empty();
        return unknown.or(() -> toPaddock ? ignored(goal, member).or(() -> lost(goal, member)) : Optional.empty());
    }

    private static Optional<Step.Obstacle> ignored(Goal goal, Member member) {
        List<String> keys = notAccepted(goal, member, Settings::ignored);
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step.Refuse(
                        "these settings of " + name(member) + " have no effect in Paddock: " + String.join(", ", keys),
                        "say that you can do without them: --accept " + String.join(",", keys)));
    }

    private static Optional<Step.Obstacle> lost(Goal goal, Member member) {
        List<String> flags = notAccepted(goal, member, Settings::lost);
        return flags.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step.Refuse(
                        "the JVM of " + name(member)
                                + " has flags that its zoo.cfg has not, so Paddock would go without: "
                                + String.join(", ", flags),
                        "write them into that file, each as it is without -D, where ZooKeeper does not mind them; or"
                                + " say that you can do without: --accept " + String.join(",", flags)));
    }

    private static List<String> notAccepted(Goal goal, Member member, Function<Settings, List<String>> which) {
        return member.settings().known().stream()
                .flatMap(settings -> which.apply(settings).stream())
                .filter(key -> !goal.accepted().contains(key))
                .toList();
    }

    private static <S extends Step> Optional<S> first(Observation seen, Function<Member, Optional<S>> rule) {
        return seen.members().stream().flatMap(m -> rule.apply(m).stream()).findFirst();
    }

    private static <S extends Step> Optional<S> firstServing(
            Observation seen, BiFunction<Member, Serving, Optional<S>> rule) {
        return first(seen, m -> m.serving().flatMap(s -> rule.apply(m, s)));
    }

    private static String name(Member member) {
        return "member " + member.id();
    }
}
