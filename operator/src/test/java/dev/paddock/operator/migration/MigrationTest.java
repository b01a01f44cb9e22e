package dev.paddock.operator.migration;

import static dev.paddock.operator.migration.Engine.PADDOCK;
import static dev.paddock.operator.migration.Engine.ZOOKEEPER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.migration.Presence.Serving;
import dev.paddock.operator.planner.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class MigrationTest {
    private static final Goal THERE = new Goal(PADDOCK, List.of());
    private static final Goal BACK = new Goal(ZOOKEEPER, List.of());

    private final Herd herd = new Herd(3, 1, ZOOKEEPER);

    /** The same ensemble with one member that serves otherwise. */
    private Observation where(long id, UnaryOperator<Serving> change) {
        Observation seen = herd.seen();
        return new Observation(
                seen.members().stream()
                        .map(m -> m.id() != id
                                ? m
                                : new Member(
                                        id, m.votes(), change.apply(m.serving().orElseThrow()), m.settings()))
                        .toList(),
                seen.quorum(),
                seen.committed());
    }

    private static Serving with(Serving s, Release release) {
        return new Serving(release, s.role(), s.zxid(), s.mismatches(), s.digests(), s.membership());
    }

    private static Serving counting(Serving s, Finding<Long> mismatches) {
        return new Serving(s.release(), s.role(), s.zxid(), mismatches, s.digests(), s.membership());
    }

    private static Serving hashing(Serving s, Map<Long, Long> digests) {
        return new Serving(
                s.release(),
                s.role(),
                s.zxid(),
                s.mismatches(),
                new Known<>(new Digests(new TreeMap<>(digests))),
                s.membership());
    }

    private static Serving being(Serving s, Membership membership) {
        return new Serving(s.release(), s.role(), s.zxid(), s.mismatches(), s.digests(), new Known<>(membership));
    }

    private static Serving at(Serving s, Role role, long zxid) {
        return new Serving(s.release(), role, zxid, s.mismatches(), s.digests(), s.membership());
    }

    @Test
    void observersFirstThenFollowersTheLeaderLast() {
        assertThat(herd.leader).isEqualTo(3);
        assertThat(Migration.outlook(THERE, herd.seen()))
                .containsExactly(
                        new Step.Replace(
                                4,
                                PADDOCK,
                                "it observes, so nobody misses its vote; 3 of 3 voters stay in sync, which is a"
                                        + " quorum"),
                        new Step.Replace(1, PADDOCK, "it follows; 2 of 3 voters stay in sync, which is a quorum"),
                        new Step.Replace(2, PADDOCK, "it follows; 2 of 3 voters stay in sync, which is a quorum"),
                        new Step.Replace(
                                3,
                                PADDOCK,
                                "it leads, so it is the last; 2 of 3 voters stay in sync, which is a quorum"),
                        new Step.Done("all 4 members run Paddock, in sync, without a digest mismatch"));
        assertThat(Migration.next(BACK, herd.seen())).isInstanceOf(Step.Done.class);
    }

    @Test
    void whatWasStoppedAndNotStartedIsTheFirstToDo() {
        herd.server(2).engine = PADDOCK;
        herd.crash(1);
        assertThat(Migration.next(THERE, herd.seen()))
                .isEqualTo(
                        new Step.Start(1, PADDOCK, "it has no process, and its files are as the last one left them"));
        assertThat(Migration.outlook(BACK, herd.seen()))
                .extracting(Step::getClass)
                .as("back: that one as ZooKeeper, then member 2")
                .isEqualTo(List.of(Step.Start.class, Step.Replace.class, Step.Done.class));
    }

    @Test
    void nothingIsTouchedWhileAMemberCatchesUp() {
        herd.start(1, PADDOCK);
        assertThat(Migration.next(THERE, herd.seen()))
                .isEqualTo(new Step.Wait("member 1 looks for a leader or catches up"));
        herd.settle();
        herd.server(1).lags = true;
        assertThat(Migration.next(THERE, herd.seen()))
                .isEqualTo(new Step.Wait("member 1 has applied 0x3000000ff, and the leader 0x300000100"));
    }

    @Test
    void aLeaderOfAnOlderEpochIsNone() {
        Observation seen = where(3, s -> at(s, Role.LEADER, 0x2_0000_0001L));
        assertThat(Migration.next(THERE, seen)).isEqualTo(new Step.Wait("no leader yet"));
    }

    @Test
    void oneThatMayRunIsNotReplacedAround() {
        Observation seen = herd.seen();
        var members = new TreeMap<Long, Member>();
        seen.members().forEach(m -> members.put(m.id(), m));
        members.put(2L, new Member(2, true, new Presence.Unreachable("does not answer"), new Known<>(Settings.FINE)));
        assertThat(Migration.next(
                        THERE, new Observation(List.copyOf(members.values()), seen.quorum(), seen.committed())))
                .isEqualTo(new Step.Wait("member 2 does not answer: whether it runs is not known"));
    }

    @Test
    void onlyNextToZooKeeper39() {
        for (String version : List.of("3.4.14-4c25d48", "3.5.10, built on", "3.8.4", "3.10.0-SNAPSHOT", "4.0.0")) {
            Observation seen = where(2, s -> with(s, Release.parse(version).orElseThrow()));
            assertThat(Migration.next(THERE, seen)).as(version).isInstanceOf(Step.Refuse.class);
        }
        assertThat(Release.parse("3.9.5-73ff6c6, built on 2026-01-31")).hasValueSatisfying(release -> {
            assertThat(release.shown()).isEqualTo("Apache ZooKeeper 3.9.5");
            assertThat(release.mayBeMixed()).isTrue();
        });
        assertThat(Release.parse("3.9.5-paddock-0.1.0, built on 2026-01-01 00:00 UTC"))
                .contains(new Release(PADDOCK, 3, 9, "0.1.0"));
        assertThat(Release.parse("whatever")).isEmpty();
    }

    @Test
    void aReleaseThatLosesWritesHasToBeAccepted() {
        Observation seen =
                where(2, s -> with(s, Release.parse("3.9.3-c26634f, built on").orElseThrow()));
        assertThat(Migration.next(THERE, seen).why())
                .startsWith("member 2 runs Apache ZooKeeper 3.9.3, which may lose acknowledged writes");
        assertThat(Migration.next(new Goal(PADDOCK, List.of("3.9.3")), seen)).isInstanceOf(Step.Replace.class);
        for (String other : List.of("3.9.2", "3.9.4", "3.9.3-paddock-3.9.3")) {
            Observation fine = where(2, s -> with(s, Release.parse(other).orElseThrow()));
            assertThat(Migration.next(THERE, fine)).as(other).isInstanceOf(Step.Replace.class);
        }
        assertThat(Release.parse("3.9.4-x").orElseThrow().isTested()).isFalse();
        assertThat(Release.parse("3.9.5-x").orElseThrow().isTested()).isTrue();
    }

    @Test
    void aCheckThatCannotBeMadeStopsAll() {
        Observation seen = where(2, s -> counting(s, new Unknown<>("does not answer mntr", "put it on the whitelist")));
        assertThat(Migration.next(THERE, seen))
                .isEqualTo(new Step.Refuse(
                        "a check cannot be made: member 2 does not answer mntr", "put it on the whitelist"));
        assertThat(Migration.next(BACK, seen)).isInstanceOf(Step.Refuse.class);
    }

    @Test
    void aTreeThatDiffersStopsAll() {
        assertThat(Migration.next(THERE, where(1, s -> counting(s, new Known<>(2L))))
                        .why())
                .startsWith("member 1 counts 2 digest mismatches");
        Observation seen = herd.seen();
        Observation differing = new Observation(
                seen.members().stream()
                        .map(m -> new Member(
                                m.id(),
                                m.votes(),
                                hashing(m.serving().orElseThrow(), Map.of(0x80L, 7L, 0x100L, m.id() == 3 ? 8L : 9L)),
                                m.settings()))
                        .toList(),
                seen.quorum(),
                seen.committed());
        assertThat(Migration.next(THERE, differing).why())
                .isEqualTo("the trees of members 1 and 3 differed after transaction 0x100");
    }

    @Test
    void strangersAndOtherConfigurationsStopAll() {
        assertThat(Migration.next(THERE, where(1, s -> being(s, herd.membership(2))))
                        .why())
                .isEqualTo("where member 1 is looked for, server 2 answers");
        var voters = new TreeSet<>(List.of(1L, 2L, 3L, 4L));
        Observation seen = where(2, s -> being(s, new Membership(2, voters, new TreeSet<>())));
        assertThat(Migration.next(THERE, seen).why())
                .isEqualTo("member 2 goes by a configuration with the voters 1, 2, 3, 4 and the observers [],"
                        + " and not 1, 2, 3 and [4]");
    }

    @Test
    void settingsWithoutEffectHaveToBeAccepted() {
        herd.server(4).settings =
                new Known<>(new Settings(List.of(), List.of("audit.enable", "x"), List.of(), List.of()));
        assertThat(Migration.next(THERE, herd.seen()))
                .isEqualTo(new Step.Refuse(
                        "these settings of member 4 have no effect in Paddock: audit.enable, x",
                        "say that you can do without them: --accept audit.enable,x"));
        assertThat(Migration.next(new Goal(PADDOCK, List.of("x", "audit.enable")), herd.seen()))
                .isInstanceOf(Step.Replace.class);
        herd.server(4).settings =
                new Known<>(new Settings(List.of("no currentEpoch"), List.of("x"), List.of(), List.of()));
        for (Goal goal : List.of(THERE, BACK)) {
            herd.server(4).engine = goal.equals(THERE) ? ZOOKEEPER : PADDOCK;
            assertThat(Migration.next(goal, herd.seen()).why())
                    .isEqualTo("the files of member 4 will not do: no currentEpoch");
        }
        herd.server(4).engine = ZOOKEEPER;
        herd.server(4).settings = new Unknown<>("has a zoo.cfg that was not given", "give it");
        assertThat(Migration.next(THERE, herd.seen()).why()).contains("member 4 has a zoo.cfg that was not given");
    }

    @Test
    void flagsThatPaddockWouldGoWithoutHaveToBeAccepted() {
        herd.server(4).settings =
                new Known<>(new Settings(List.of(), List.of("x"), List.of("jute.maxbuffer", "y"), List.of()));
        assertThat(Migration.next(THERE, herd.seen()).why())
                .contains("no effect")
                .endsWith(": x");
        assertThat(Migration.next(new Goal(PADDOCK, List.of("x", "y")), herd.seen()))
                .isEqualTo(new Step.Refuse(
                        "the JVM of member 4 has flags that its zoo.cfg has not, so Paddock would go without:"
                                + " jute.maxbuffer",
                        "write them into that file, each as it is without -D, where ZooKeeper does not mind them; or"
                                + " say that you can do without: --accept jute.maxbuffer"));
        assertThat(Migration.next(new Goal(PADDOCK, List.of("x", "y", "jute.maxbuffer")), herd.seen()))
                .isInstanceOf(Step.Replace.class);
        herd.server(4).engine = PADDOCK;
        assertThat(Migration.next(BACK, herd.seen()))
                .as("ZooKeeper gets its own flags by its own command")
                .isInstanceOf(Step.Replace.class);
    }

    @Test
    void whatZooKeeperMayNotReadHasToBeAcceptedBothWays() {
        Settings wide = new Settings(List.of(), List.of(), List.of(), List.of("jute.maxbuffer"));
        herd.server(3).settings = new Known<>(wide);
        assertThat(Migration.next(THERE, herd.seen()))
                .isEqualTo(new Step.Refuse(
                        "the zoo.cfg of member 3 has Paddock take and write more than a ZooKeeper reads that is not"
                                + " started with -Djute.maxbuffer too, and whether it is cannot be seen from here",
                        "take the line out while both kinds are members; or start every ZooKeeper with that flag and say"
                                + " so: --accept jute.maxbuffer"));
        List<String> accepted = List.of("jute.maxbuffer");
        assertThat(Migration.next(new Goal(PADDOCK, accepted), herd.seen())).isInstanceOf(Step.Replace.class);
        herd.crash(3);
        assertThat(Migration.next(THERE, herd.seen()))
                .as("what was seen of its JVM is gone with it")
                .isInstanceOf(Step.Start.class);

        Herd ours = new Herd(3, 0, PADDOCK);
        ours.server(3).settings = new Known<>(wide);
        assertThat(Migration.next(BACK, ours.seen()).why()).contains("than a ZooKeeper reads");
        assertThat(Migration.next(new Goal(ZOOKEEPER, accepted), ours.seen())).isInstanceOf(Step.Replace.class);
        assertThat(Migration.next(THERE, ours.seen())).isInstanceOf(Step.Done.class);
    }

    /** For who chooses the member by other rules, the settings of all that are to change count, whoever is next. */
    @Test
    void anObstacleIsSeenBeforeTheFirstIsReplaced() {
        assertThat(Migration.obstacle(THERE, herd.seen())).isEmpty();
        herd.server(3).settings = new Known<>(new Settings(List.of(), List.of("audit.enable"), List.of(), List.of()));
        assertThat(Migration.next(THERE, herd.seen())).isInstanceOf(Step.Replace.class);
        assertThat(Migration.obstacle(THERE, herd.seen()))
                .get()
                .extracting(Step::why)
                .isEqualTo("these settings of member 3 have no effect in Paddock: audit.enable");
        herd.server(3).engine = PADDOCK;
        assertThat(Migration.obstacle(THERE, herd.seen()))
                .as("it has them already")
                .isEmpty();
    }

    @Test
    void filesThatWillNotDoAreSaidBeforeTheFirstIsReplacedAndBeforeAnyWait() {
        herd.server(3).settings =
                new Known<>(new Settings(List.of("digest.enabled is false"), List.of(), List.of(), List.of()));
        Step refusal =
                new Step.Refuse("the files of member 3 will not do: digest.enabled is false", "change that first");
        assertThat(Migration.next(THERE, herd.seen())).isEqualTo(refusal);
        assertThat(Migration.obstacle(THERE, herd.seen())).contains((Step.Obstacle) refusal);
        herd.server(3).serves = false;
        for (Goal goal : List.of(THERE, BACK)) {
            assertThat(Migration.next(goal, herd.seen())).isEqualTo(refusal);
        }
        herd.server(3).serves = true;
        herd.server(3).engine = PADDOCK;
        assertThat(Migration.next(THERE, herd.seen())).as("it has them already").isInstanceOf(Step.Replace.class);
    }

    @Test
    void onTheWayBackZooKeeperTakesItsOwnSettings() {
        Herd ours = new Herd(3, 0, PADDOCK);
        ours.server(1).settings = new Unknown<>("has a zoo.cfg that was not given", "give it");
        assertThat(Migration.next(BACK, ours.seen())).isInstanceOf(Step.Replace.class);
    }

    @Test
    void oneOrTwoVotersAreNotReplacedWhileTheyServe() {
        assertThat(Migration.next(THERE, new Herd(1, 0, ZOOKEEPER).seen()).why())
                .isEqualTo("only one server votes, so nobody decides while it is replaced");
        assertThat(Migration.next(THERE, new Herd(2, 0, ZOOKEEPER).seen()).why())
                .isEqualTo("without member 1 no quorum of the 2 voters would live");
        assertThat(Migration.next(THERE, new Herd(1, 0, PADDOCK).seen())).isInstanceOf(Step.Done.class);
    }

    @Test
    void aQuorumIsWhatTheEnsembleSaysItIs() {
        Observation seen = herd.seen();
        Quorum onlyWithTheFirst = in -> in.test(1);
        Observation weighted = new Observation(
                seen.members().stream().filter(Member::votes).toList(), onlyWithTheFirst, seen.committed());
        assertThat(weighted.hasQuorumWithout(1)).isFalse();
        assertThat(weighted.hasQuorumWithout(2)).isTrue();
    }
}
