package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ensembles of 3 and 5 under faults, one seed each: {@code -Dseed=N} runs that one alone, {@code -Dseeds=N} so many. */
class SimulationTest {
    /** Seeds beyond those that run always which found something once; what they found has a story of its own as well. */
    private static final long[] FOUND_SOMETHING = {};

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        if (one != null) return LongStream.of(one);
        return LongStream.concat(LongStream.range(0, Long.getLong("seeds", 2_000)), LongStream.of(FOUND_SOMETHING));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLost(long seed) {
        ordeal(seed, sim -> {});
    }

    /** Ten seconds of faults, then quiet: it must become live, and all that was promised must be there. */
    static void ordeal(long seed, Consumer<Simulation> plant) {
        Simulation sim = Simulation.servers(seed % 3 == 0 ? 5 : 3, seed).clients(3);
        if (seed % 4 == 0) sim.commitLogCount = 4; // snapshots instead of differences
        boolean isStored = seed % 5 == 1;
        if (isStored) sim.servers.forEach(server -> server.disk = new StoredDisk());
        plant.accept(sim);
        sim.start();
        Optional<Troubles> troubles = isStored ? Optional.of(new Troubles(sim)) : Optional.empty();
        Faults faults = new Faults(sim);
        sim.run(10 * Simulation.SECOND);
        troubles.ifPresent(Troubles::stop);
        faults.stop();
        sim.runUntil(Simulation::isServing, 6 * Simulation.SECOND);
        sim.run(2 * Simulation.SECOND);
        sim.runUntil(Simulation::hasNoOrphans, 6 * Simulation.SECOND);
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 10 * Simulation.SECOND);
        sim.run(50_000_000); // what is on its way to clients arrives
        sim.servers.forEach(sim.oracle::calm);
        sim.clients.stream()
                .filter(SimClient::isOpen)
                .forEach(c -> c.watched.nothingMissed(
                        sim.leader().replica().committed().lastZxid()));
        assertThat(sim.workloads.stream().mapToInt(w -> w.acknowledged.size()).sum())
                .as("%s: acknowledged creates", sim)
                .isGreaterThan(20);
    }

    @Test
    void electsAndServesWithoutFaults() {
        Simulation sim = Simulation.servers(3, 42).clients(2).start();
        sim.runUntil(Simulation::hasEstablishedLeader, Simulation.SECOND);
        sim.run(5 * Simulation.SECOND);
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 5 * Simulation.SECOND);
        assertThat(sim.oracle.commits).isGreaterThan(100);
        assertThat(sim.clients).allMatch(c -> c.sessionsLost == 0);
    }
}
