package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.Consumer;

/** One seed: ten seconds of faults, then quiet. It must become live, and all that was promised must be there. */
final class Ordeal {
    final Simulation sim;
    private final boolean isStored; // on the production storage

    /**
     * @param test  that can run it alone
     * @param plant changes the ensemble before it starts
     */
    Ordeal(Class<?> test, long seed, Consumer<Simulation> plant) {
        sim = Simulation.servers(seed % 3 == 0 ? 5 : 3, seed).clients(3);
        sim.test = test.getSimpleName();
        if (seed % 4 == 0) sim.commitLogCount = 4; // snapshots instead of differences
        isStored = seed % 5 == 1;
        if (isStored) sim.servers.forEach(server -> server.disk = new StoredDisk());
        plant.accept(sim);
    }

    /** Fails as soon as anything is seen that must not be. */
    Ordeal run() {
        sim.start();
        Optional<Troubles> troubles = isStored ? Optional.of(new Troubles(sim)) : Optional.empty();
        Faults faults = new Faults(sim);
        sim.run(10 * Simulation.SECOND);
        troubles.ifPresent(Troubles::stop);
        faults.stop();
        becomesLive();
        isAllThere();
        sim.tally.ran(sim.nowNanos);
        return this;
    }

    private void becomesLive() {
        sim.runUntil(Simulation::isServing, 6 * Simulation.SECOND);
        sim.run(2 * Simulation.SECOND);
        sim.runUntil(Simulation::hasNoOrphans, 6 * Simulation.SECOND);
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 10 * Simulation.SECOND);
        sim.run(50_000_000); // what is on its way to clients arrives
    }

    private void isAllThere() {
        sim.servers.forEach(sim.oracle::calm);
        long last = sim.leader().replica().committed().lastZxid();
        sim.clients.stream().filter(SimClient::isOpen).forEach(client -> client.watched.nothingMissed(last));
        assertThat(sim.workloads.stream().mapToInt(w -> w.acknowledged.size()).sum())
                .as("%s: acknowledged creates", sim)
                .isGreaterThan(20);
    }
}
