package dev.paddock.operator.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private static final Abilities ALL = new Abilities(true, true);

    @Test
    void anEmptyFolderBecomesAnEnsembleOfThree() {
        World world = new World(Abilities.NONE);
        assertThat(steps(world))
                .containsExactly(
                        "form an ensemble of members 1, 2, 3", "start member 1", "start member 2", "start member 3");
    }

    @Test
    void whatDiedIsStartedAgain() {
        World world = settled(Abilities.NONE, 3);
        world.crash(2);
        assertThat(steps(world)).containsExactly("start member 2");
    }

    @Test
    void growingIsRefusedInOneLineWhileThereIsNoReconfig() {
        World world = settled(Abilities.NONE, 3);
        world.wanted = new DesiredEnsemble(5, "r1", false);
        assertThat(world.next())
                .isEqualTo(new Step.Refuse("replicas 5 is not possible yet: a running ensemble cannot change its"
                        + " members in this version; it goes on with 3"));
        world.crash(1);
        assertThat(world.next()).as("it goes on").isEqualTo(new Step.Start(1));
    }

    @Test
    void growingIsOneMemberAtATime() {
        World world = settled(ALL, 1);
        world.wanted = new DesiredEnsemble(3, "r1", false);
        assertThat(steps(world))
                .containsExactly(
                        "start member 2",
                        "give member 2 a vote", // an observer could not agree to it
                        "start member 3",
                        "add member 3 as observer",
                        "give member 3 a vote");
    }

    @Test
    void observersJoinLastAndVotersThatAreToObserveLoseTheirVote() {
        World world = settled(ALL, 1);
        world.wanted = new DesiredEnsemble(3, 1, "r1", false);
        assertThat(steps(world)).endsWith("give member 3 a vote", "start member 4", "add member 4 as observer");
        world.wanted = new DesiredEnsemble(1, 2, "r1", false);
        world.stumble(1); // so that member 2 leads
        world.progressAll();
        world.progressAll();
        assertThat(steps(world))
                .containsExactly(
                        "remove member 4",
                        "stop member 4",
                        "add member 3 as observer",
                        "hand leadership from member 2 to member 1",
                        "add member 2 as observer");
        world.wanted = new DesiredEnsemble(3, 2, "r1", false);
        assertThat(steps(world))
                .containsExactly(
                        "remove member 2", // as an observer it would not be asked
                        "give member 2 a vote",
                        "give member 3 a vote",
                        "start member 4",
                        "add member 4 as observer",
                        "start member 5",
                        "add member 5 as observer");
    }

    @Test
    void shrinkingHandsOverThenRemovesThenStopsOneByOne() {
        World world = settled(ALL, 3);
        world.wanted = new DesiredEnsemble(1, "r1", false);
        world.stumble(1);
        world.stumble(2); // so that member 3 leads
        world.progressAll();
        world.progressAll();
        assertThat(steps(world))
                .containsExactly(
                        "hand leadership from member 3 to member 1",
                        "remove member 3",
                        "stop member 3",
                        "remove member 2",
                        "stop member 2");
    }

    @Test
    void shrinkingWaitsWhileItWouldCostTheQuorum() {
        World world = settled(ALL, 5);
        world.wanted = new DesiredEnsemble(3, "r1", false);
        world.stumble(1);
        world.stumble(2);
        assertThat(world.next())
                .isEqualTo(new Step.Wait(
                        "removing member 5 would leave fewer live voters than a quorum;" + " waiting for 1, 2"));
    }

    @Test
    void rollingTakesTheLeaderLast() {
        World world = settled(Abilities.NONE, 3);
        world.wanted = new DesiredEnsemble(3, "r2", false);
        assertThat(steps(world)).containsExactly("restart member 2", "restart member 3", "restart member 1");
    }

    @Test
    void rollingWaitsForThoseThatCatchUp() {
        World world = settled(ALL, 3);
        world.wanted = new DesiredEnsemble(3, "r2", false);
        world.stumble(3);
        world.progress(3);
        assertThat(world.seen().serving(3)).isTrue();
        assertThat(world.next()).isEqualTo(new Step.Wait("member 3 is catching up"));
        world.progress(3);
        assertThat(world.next()).isEqualTo(new Step.Restart(2));
    }

    @Test
    void rollingTakesObserversFirst() {
        World world = settled(ALL, 3);
        world.wanted = new DesiredEnsemble(3, 2, "r1", false);
        steps(world);
        world.wanted = new DesiredEnsemble(3, 2, "r2", false);
        assertThat(steps(world)).startsWith("restart member 4", "restart member 5", "restart member 2");
    }

    @Test
    void rollingHandsLeadershipOverWhereServersCan() {
        World world = settled(ALL, 3);
        world.wanted = new DesiredEnsemble(3, "r2", false);
        assertThat(steps(world))
                .containsExactly(
                        "restart member 2", "restart member 3",
                        "hand leadership from member 1 to member 2", "restart member 1");
    }

    @Test
    void aBadRevisionStopsAfterOneServerAndIsMendedThere() {
        World world = settled(Abilities.NONE, 3);
        world.wanted = new DesiredEnsemble(3, "bad", false);
        assertThat(world.turn()).isEqualTo(new Step.Restart(2));
        assertThat(world.turn()).isEqualTo(new Step.Wait("member 2 is not serving yet"));
        world.wanted = new DesiredEnsemble(3, "mended", false);
        assertThat(world.turn()).isEqualTo(new Step.Restart(2));
    }

    @Test
    void aPairIsNotRolledIntoAnOutage() {
        World world = settled(Abilities.NONE, 2);
        world.wanted = new DesiredEnsemble(2, "r2", false);
        assertThat(world.next())
                .isEqualTo(new Step.Refuse("members 1, 2 are on an old configuration, and an ensemble of 2 cannot"
                        + " lose one and keep a quorum; restart by hand (on Kubernetes by another value of the annotation"
                        + " paddock.dev/restartedAt), or grow to 3 replicas"));
    }

    @Test
    void oneAndTwoAreRestartedWherePeopleAskedForIt() {
        World pair = settled(ALL, 2);
        pair.askForRestart();
        assertThat(steps(pair))
                .containsExactly("restart member 2", "hand leadership from member 1 to member 2", "restart member 1");
        World single = settled(ALL, 1);
        single.askForRestart();
        assertThat(steps(single)).containsExactly("restart member 1");
        single.wanted = new DesiredEnsemble(1, "r2", false);
        assertThat(single.next()).as("that was for once").isInstanceOf(Step.Refuse.class);
    }

    /** However often people ask. */
    @Test
    void threeAreNotRestartedIntoAnOutage() {
        World world = settled(ALL, 3);
        world.askForRestart();
        world.crash(3);
        assertThat(world.turn()).isEqualTo(new Step.Start(3));
        assertThat(world.next()).isEqualTo(new Step.Wait("member 3 is not serving yet"));
    }

    @Test
    void whoLostItsVolumeLeavesAndJoinsAnew() {
        World world = settled(ALL, 3);
        world.wipe(2);
        assertThat(steps(world)).containsExactly("remove member 2", "add member 2 as observer", "give member 2 a vote");
    }

    @Test
    void withoutAQuorumOfWholeVolumesNobodyIsTakenOut() {
        World world = settled(ALL, 3);
        world.wipe(2);
        world.crash(3);
        assertThat(world.turn()).isEqualTo(new Step.Start(3));
        assertThat(world.turn())
                .isEqualTo(new Step.Wait("member 2 lost the data volume; waiting for a quorum of the others"));
    }

    @Test
    void aLeaderThatCannotHandOverRestartsBeforeItGoes() {
        World world = settled(new Abilities(true, false), 5);
        world.wanted = new DesiredEnsemble(3, "r1", false);
        for (int id = 1; id <= 4; id++) world.stumble(id);
        world.progressAll();
        world.progressAll();
        assertThat(steps(world))
                .containsExactly(
                        "restart member 5", "remove member 5", "stop member 5", "remove member 4", "stop member 4");
    }

    @Test
    void pausedTouchesNothing() {
        World world = settled(ALL, 3);
        world.wanted = new DesiredEnsemble(5, "r2", true);
        world.crash(1);
        assertThat(world.next()).isInstanceOf(Step.Wait.class);
    }

    private static World settled(Abilities abilities, int replicas) {
        World world = new World(abilities);
        world.wanted = new DesiredEnsemble(replicas, "r1", false);
        steps(world);
        return world;
    }

    /** What is done until nothing is left, time passing between; waiting is left out. */
    private static List<String> steps(World world) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Step step = world.turn();
            if (step instanceof Step.Done) return shown;
            if (!(step instanceof Step.Wait)) shown.add(step.shown());
            world.progressAll();
            world.progressAll();
        }
        throw new AssertionError("never done: " + shown);
    }
}
