package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Service comes back in bounded time, sessions live as long as they are heard from, and no longer. */
class LivenessTest {
    private static final double NANOS_PER_MILLI = 1e6;

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {3, 5})
    void anotherLeaderServesSoonAfterACrash(int servers) {
        double[] millis = LongStream.range(0, 200)
                .mapToDouble(seed -> failoverMillis(servers, seed))
                .sorted()
                .toArray();
        assertThat(millis[millis.length * 99 / 100])
                .as(
                        "99 of 100 within; median %.0f ms, most %.0f ms",
                        millis[millis.length / 2], millis[millis.length - 1])
                .isLessThan(500);
    }

    private static double failoverMillis(int servers, long seed) {
        Simulation sim = Simulation.servers(servers, seed).clients(1).start();
        sim.runUntil(Simulation::isServing, 5 * Simulation.SECOND);
        sim.run((long) (sim.random.nextDouble() * Simulation.SECOND));
        sim.leader().crash();
        long crashed = sim.nowNanos;
        sim.runUntil(Simulation::hasEstablishedLeader, 10 * Simulation.SECOND);
        return (sim.nowNanos - crashed) / NANOS_PER_MILLI;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noSessionIsLostWhileAQuorumServes(long seed) {
        Simulation sim = Simulation.servers(3, seed).clients(4);
        sim.clients.forEach(c -> c.timeoutMillis = 1_000); // the shortest there is
        sim.start();
        for (int i = 0; i < 12; i++) {
            sim.runUntil(Simulation::isServing, 5 * Simulation.SECOND);
            sim.run((long) (sim.random.nextDouble() * 2 * Simulation.SECOND));
            SimServer victim = i % 3 == 0 ? sim.leader() : sim.server(sim.anySid());
            victim.crash();
            sim.run((long) (sim.random.nextDouble() * Simulation.SECOND));
            victim.boot();
        }
        assertThat(sim.clients).allMatch(c -> c.sessionsLost == 0);
    }

    @Test
    void aSilentSessionEndsInTimeAndTakesItsEphemeralsAlong() {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        SimClient silent = story.at(1);
        silent.ask(new Request.Create("/e", new byte[0], Acl.OPEN_UNSAFE, 1), a -> {});
        story.run(500);
        assertThat(story.has(2, "/e")).isTrue();
        silent.die();
        long died = story.sim.nowNanos;
        story.run(9_000); // its timeout is ten seconds
        assertThat(story.has(2, "/e")).isTrue();
        story.sim.runUntil(s -> !story.has(2, "/e"), Script.LIMIT);
        assertThat(story.sim.nowNanos - died).isLessThan(12 * Simulation.SECOND); // and two ticks
        story.calm();
    }

    @Test
    void aSessionOutlivesTheLeaderWithItsWholeTimeout() {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        SimClient silent = story.at(1);
        silent.ask(new Request.Create("/e", new byte[0], Acl.OPEN_UNSAFE, 1), a -> {});
        story.run(500);
        silent.die();
        story.run(8_000);
        story.crash(3);
        story.awaitLeader(2);
        story.run(9_000); // the new leader knows nothing of the eight seconds
        assertThat(story.has(2, "/e")).isTrue();
        story.run(3_000);
        assertThat(story.has(2, "/e")).isFalse();
        story.calm();
    }
}
