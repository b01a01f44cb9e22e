package dev.paddock.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.migration.Finding.Known;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Random walks: crashes, lag, a change of mind and interrupted steps between the planner's steps. */
final class MigrationPropertiesTest {
    private static final int STEPS_TO_SETTLE_MAX = 200;

    /** One thing that happens; {@code member} is meant modulo how many there are. */
    record Event(Kind kind, int member) {}

    enum Kind {
        TURN,
        /** The step's stop is done, then whoever carries it out is interrupted. */
        HALF_A_TURN,
        TIME,
        CRASH,
        LAG,
        STUMBLE,
        CHANGE_OF_MIND
    }

    @Provide
    Arbitrary<List<Event>> walks() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(12, Kind.TURN),
                Tuple.of(3, Kind.HALF_A_TURN),
                Tuple.of(10, Kind.TIME),
                Tuple.of(2, Kind.CRASH),
                Tuple.of(2, Kind.LAG),
                Tuple.of(2, Kind.STUMBLE),
                Tuple.of(1, Kind.CHANGE_OF_MIND));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 8))
                .as(Event::new)
                .list()
                .ofMaxSize(100);
    }

    private Goal goal = new Goal(Engine.PADDOCK, List.of());

    @Property(tries = 3000)
    void noStopCostsTheQuorumAndTheEndIsReached(
            @ForAll @IntRange(min = 3, max = 7) int voters,
            @ForAll @IntRange(max = 2) int observers,
            @ForAll("walks") List<Event> walk) {
        Herd herd = new Herd(voters, observers, Engine.ZOOKEEPER);
        for (Event event : walk) happens(herd, event);
        for (int i = 0; i < STEPS_TO_SETTLE_MAX; i++) {
            herd.settle();
            herd.settle();
            if (turn(herd, true) instanceof Step.Done) {
                assertThat(herd.servers).allMatch(s -> s.isInSync() && s.engine == goal.engine());
                return;
            }
        }
        throw new AssertionError("not there after " + STEPS_TO_SETTLE_MAX + " steps: " + herd.seen());
    }

    private void happens(Herd herd, Event event) {
        Herd.Server one = herd.servers.get(event.member() % herd.servers.size());
        switch (event.kind()) {
            case TURN -> turn(herd, true);
            case HALF_A_TURN -> turn(herd, false);
            case TIME -> herd.settle();
            case CRASH -> herd.crash(one.id);
            case LAG -> one.lags = one.id != herd.leader;
            case STUMBLE -> herd.start(one.id, one.engine);
            case CHANGE_OF_MIND ->
                goal = new Goal(goal.engine() == Engine.PADDOCK ? Engine.ZOOKEEPER : Engine.PADDOCK, List.of());
        }
    }

    /** Carries the next step out, or the first half of it, and holds it against the promises. */
    private Step turn(Herd herd, boolean whole) {
        Step step = Migration.next(goal, herd.seen());
        switch (step) {
            case Step.Replace(long id, Engine engine, String _) -> {
                long left = herd.servers.stream()
                        .filter(s -> s.id != id && s.votes && s.isInSync())
                        .count();
                assertThat(left).as("%s of %s", step, herd.seen()).isGreaterThan(herd.voters / 2);
                assertThat(herd.servers).as("nobody else is down or behind").allMatch(Herd.Server::isInSync);
                assertThat(herd.server(id).engine).isNotEqualTo(goal.engine());
                if (id == herd.leader) {
                    assertThat(herd.servers).as("the last").allMatch(s -> s.id == id || s.engine == engine);
                }
                herd.crash(id);
                assertThat(herd.leader).as("a quorum goes on").isNotZero();
                if (whole) herd.start(id, engine);
            }
            case Step.Start(long id, Engine engine, String _) -> {
                assertThat(herd.server(id).runs).isFalse();
                if (whole) herd.start(id, engine);
            }
            case Step.Done _, Step.Wait _ -> {}
            case Step.Refuse _ -> throw new AssertionError(step + " of " + herd.seen());
        }
        return step;
    }

    /** Whatever is unknown or wrong about any one member, nothing is stopped. */
    @Property(tries = 500)
    void oneDoubtIsEnough(
            @ForAll @IntRange(min = 3, max = 7) int voters,
            @ForAll @IntRange(max = 8) int chosen,
            @ForAll @IntRange(max = 4) int doubt) {
        Herd herd = new Herd(voters, 1, Engine.ZOOKEEPER);
        Observation fine = herd.seen();
        long id = 1L + chosen % (voters + 1);
        List<Member> members = fine.members().stream()
                .map(m -> m.id() == id ? doubted(m, doubt) : m)
                .toList();
        Observation doubted = new Observation(members, fine.quorum(), fine.committed());
        assertThat(Migration.next(goal, doubted)).isInstanceOfAny(Step.Refuse.class, Step.Wait.class);
        boolean isOfWhoServes = doubt == 1 || doubt == 4; // somebody else may ask that
        assertThat(Migration.obstacle(goal, doubted).isPresent()).isNotEqualTo(isOfWhoServes);
    }

    private static Member doubted(Member member, int doubt) {
        Presence.Serving s = member.serving().orElseThrow();
        Presence presence = switch (doubt) {
            case 0 -> new Presence.Unreachable("does not answer");
            case 1 -> new Presence.NotServing();
            case 2 ->
                new Presence.Serving(s.release(), s.role(), s.zxid(), new Known<>(1L), s.digests(), s.membership());
            case 3 ->
                new Presence.Serving(
                        s.release(),
                        s.role(),
                        s.zxid(),
                        s.mismatches(),
                        new Finding.Unknown<>("has no hash", "allow it"),
                        s.membership());
            default ->
                new Presence.Serving(s.release(), s.role(), s.zxid() - 1, s.mismatches(), s.digests(), s.membership());
        };
        return new Member(member.id(), member.votes(), presence, member.settings());
    }
}
