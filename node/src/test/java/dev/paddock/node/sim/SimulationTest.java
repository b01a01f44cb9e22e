package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ensembles of 3 and 5 under faults, one seed each: {@code -Dseed=N} runs that one alone, {@code -Dseeds=N} so many. */
class SimulationTest {
    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("seeds", 600));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLost(long seed) {
        Simulation sim =
                Simulation.servers(seed % 3 == 0 ? 5 : 3, seed).clients(3).start();
        Faults faults = new Faults(sim);
        sim.run(12 * Simulation.SECOND);
        faults.stop();
        sim.run(5 * Simulation.SECOND); // a quiet phase must become live
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 20 * Simulation.SECOND);
        for (SimServer server : sim.servers) {
            sim.oracle.calm(server);
        }
        assertThat(sim.workloads.stream().mapToInt(w -> w.acknowledged.size()).sum())
                .as("%s: acknowledged creates", sim)
                .isGreaterThan(50);
    }

    @Test
    void electsAndServesWithoutFaults() {
        Simulation sim = Simulation.servers(3, 42).clients(2).start();
        sim.runUntil(Simulation::hasEstablishedLeader, Simulation.SECOND);
        sim.run(5 * Simulation.SECOND);
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 5 * Simulation.SECOND);
        assertThat(sim.oracle.commits).isGreaterThan(300);
        assertThat(sim.clients).allMatch(c -> c.sessionsLost == 0);
    }
}
