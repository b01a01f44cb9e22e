package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.Effect;
import org.junit.jupiter.api.Test;

/** Three servers that vote, and two hundred that observe. */
class ManyLearnersTest {
    private static final int VOTERS = 3;
    private static final int OBSERVERS = 200;
    private static final int MESSAGES = 60; // of an observer and to it, from looking for a leader until it serves
    private static final long SOON = 3 * Simulation.SECOND; // what an ensemble of three may take as well

    private final Script story = new Script(VOTERS + OBSERVERS);
    private final Simulation sim = story.sim.observed(VOTERS);
    private long sent; // by all, to all
    private long notified; // thereof votes

    private void boot() {
        sim.network.tamper = (from, effect) -> {
            sent++;
            if (effect instanceof Effect.Notify) notified++;
            return effect;
        };
        sim.start();
        sim.runUntil(Simulation::isServing, SOON);
    }

    private void writesReachAll(String name) {
        long leader = sim.leader().sid;
        story.write(leader, name, 20);
        sim.runUntil(
                s -> s.servers.stream()
                        .filter(SimServer::isServing)
                        .allMatch(server -> story.has(server.sid, "/" + name + 19)),
                Simulation.SECOND);
    }

    @Test
    void allJoinAndSynchronizeSoonAndSayLittle() {
        boot();
        assertThat(sent).isLessThan((long) OBSERVERS * MESSAGES);
        assertThat(sim.leader().replica().peer().syncedObservers()).isEqualTo(OBSERVERS);
        writesReachAll("a");
        for (SimServer server : sim.servers) {
            if (server.sid > VOTERS)
                assertThat(server.replica().peer().role().name()).isEqualTo("OBSERVING");
        }
        story.calm();
    }

    @Test
    void anotherLeaderTakesThemAllOver() {
        boot();
        writesReachAll("a");
        sent = 0;
        notified = 0;
        story.crash(sim.leader().sid);
        sim.runUntil(Simulation::hasEstablishedLeader, SOON);
        long voters =
                sim.servers.stream().filter(s -> s.sid <= VOTERS && s.isUp()).count();
        sim.runUntil(s -> s.servers.stream().filter(SimServer::isServing).count() == voters + OBSERVERS, SOON);
        assertThat(notified).isLessThan((long) OBSERVERS * MESSAGES);
        assertThat(sent).isLessThan(2L * OBSERVERS * MESSAGES);
        writesReachAll("b");
        story.calm();
    }

    /** Half of them come back with nothing but what they had, while the others go on. */
    @Test
    void halfOfThemGoAndComeBack() {
        sim.commitLogCount = 4; // they need snapshots
        boot();
        for (long sid = VOTERS + 1; sid <= VOTERS + OBSERVERS; sid += 2) story.crash(sid);
        writesReachAll("a");
        long leader = sim.leader().sid;
        for (long sid = VOTERS + 1; sid <= VOTERS + OBSERVERS; sid += 2) story.boot(sid);
        sim.runUntil(Simulation::isServing, SOON);
        assertThat(sim.leader().sid).isEqualTo(leader);
        writesReachAll("b");
        story.calm();
    }
}
