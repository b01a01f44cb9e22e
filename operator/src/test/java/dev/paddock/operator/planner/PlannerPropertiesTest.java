package dev.paddock.operator.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random walks: edits of the spec, crashes, stumbles and recoveries between the planner's steps. */
final class PlannerPropertiesTest {
    private static final int STEPS_TO_SETTLE_MAX = 400;

    /** One thing that happens; {@code id} or {@code replicas} is {@code number}. */
    record Event(Kind kind, int number) {}

    enum Kind {
        TURN,
        PROGRESS,
        PROGRESS_ALL,
        CRASH,
        STUMBLE,
        WIPE,
        SCALE,
        OBSERVE,
        NEW_REVISION,
        ASK_FOR_RESTART,
        PAUSE,
        RESUME
    }

    @Provide
    Arbitrary<List<Event>> walks() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, Kind.TURN),
                net.jqwik.api.Tuple.of(6, Kind.PROGRESS),
                net.jqwik.api.Tuple.of(4, Kind.PROGRESS_ALL),
                net.jqwik.api.Tuple.of(2, Kind.CRASH),
                net.jqwik.api.Tuple.of(2, Kind.STUMBLE),
                net.jqwik.api.Tuple.of(1, Kind.WIPE),
                net.jqwik.api.Tuple.of(2, Kind.SCALE),
                net.jqwik.api.Tuple.of(1, Kind.OBSERVE),
                net.jqwik.api.Tuple.of(1, Kind.NEW_REVISION),
                net.jqwik.api.Tuple.of(1, Kind.ASK_FOR_RESTART),
                net.jqwik.api.Tuple.of(1, Kind.PAUSE),
                net.jqwik.api.Tuple.of(1, Kind.RESUME));
        return Combinators.combine(kinds, Arbitraries.integers().between(1, 9))
                .as(Event::new)
                .list()
                .ofMaxSize(120);
    }

    @Property(tries = 2000)
    void neverBelowAQuorumAndAlwaysThere(@ForAll("walks") List<Event> walk) {
        World world = walked(new World(new Abilities(true, true)), walk);
        Step last = settle(world);
        assertThat(world.seen().voters()).isEqualTo(world.wanted.voters());
        assertThat(world.seen().observers()).isEqualTo(world.wanted.observing());
        assertThat(world.seen().servers()).hasSize(world.wanted.members().size());
        assertThat(world.seen().servers()).noneMatch(ObservedServer::asked);
        if (last instanceof Step.Refuse) {
            assertThat(world.wanted.replicas()).as("only these cannot roll").isLessThan(3);
        } else {
            assertThat(world.seen().servers()).allMatch(s -> s.revision().equals(world.wanted.revision()));
        }
    }

    @Property(tries = 2000)
    void withoutReconfigMembershipStaysAsItWasFormed(@ForAll("walks") List<Event> walk) {
        World world = new World(Abilities.NONE);
        world.turn();
        var formed = world.seen().voters();
        walked(world, walk.stream().filter(e -> e.kind() != Kind.WIPE).toList());
        Step last = settle(world);
        assertThat(world.seen().voters()).isEqualTo(formed);
        boolean isAsFormed = world.wanted.voters().equals(formed) && world.wanted.observers() == 0;
        assertThat(last).isInstanceOf(isAsFormed ? Step.Done.class : Step.Refuse.class);
        assertThat(world.seen().servers()).allMatch(ObservedServer::serving);
    }

    /** As with ZooKeeper's servers: a leader that has to go restarts, and another leads. */
    @Property(tries = 1000)
    void withoutHandOverItGetsThereToo(@ForAll("walks") List<Event> walk) {
        World world = walked(new World(new Abilities(true, false)), walk);
        Step last = settle(world);
        if (last instanceof Step.Refuse) {
            assertThat(world.wanted.replicas()).as("only these cannot").isLessThan(3);
        } else {
            assertThat(world.seen().voters()).isEqualTo(world.wanted.voters());
            assertThat(world.seen().observers()).isEqualTo(world.wanted.observing());
        }
    }

    private static World walked(World world, List<Event> walk) {
        for (Event event : walk) {
            DesiredEnsemble was = world.wanted;
            switch (event.kind()) {
                case TURN -> world.turn();
                case PROGRESS -> world.progress(event.number());
                case PROGRESS_ALL -> world.progressAll();
                case CRASH -> world.crash(event.number());
                case STUMBLE -> world.stumble(event.number());
                case WIPE -> world.wipe(event.number());
                case SCALE -> world.wanted = sized(event.number(), was.observers(), was);
                case OBSERVE -> world.wanted = sized(was.replicas(), event.number() % 4, was);
                case NEW_REVISION -> world.wanted = revised(was, event.number());
                case ASK_FOR_RESTART -> world.askForRestart();
                case PAUSE -> world.wanted = paused(was, true);
                case RESUME -> world.wanted = paused(was, false);
            }
        }
        return world;
    }

    private static DesiredEnsemble sized(int replicas, int observers, DesiredEnsemble was) {
        return new DesiredEnsemble(replicas, observers, was.revision(), was.paused());
    }

    /** What people asked for stays in it. */
    private static DesiredEnsemble revised(DesiredEnsemble was, int number) {
        String revision = was.revision().replaceFirst("^r\\d+", "r" + number);
        return new DesiredEnsemble(was.replicas(), was.observers(), revision, was.paused());
    }

    private static DesiredEnsemble paused(DesiredEnsemble was, boolean paused) {
        return new DesiredEnsemble(was.replicas(), was.observers(), was.revision(), paused);
    }

    /** Nothing breaks any more: the planner gets there in a bounded number of steps. */
    private static Step settle(World world) {
        world.wanted = paused(world.wanted, false);
        Step last = new Step.Wait("");
        for (int i = 0; i < STEPS_TO_SETTLE_MAX; i++) {
            world.progressAll();
            last = world.turn();
            if (last instanceof Step.Done || last instanceof Step.Refuse) return last;
        }
        throw new AssertionError("not there after " + STEPS_TO_SETTLE_MAX + " steps: " + last + " of " + world.seen()
                + " for " + world.wanted);
    }
}
