package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * All servers lose power at once, and of what was not forced any sectors reach the disks, later ones without earlier ones. What
 * that leaves may look like damage. Such a server does not vote, so where it happens to a majority nobody leads; but nothing
 * that was acknowledged is missing wherever somebody does.
 */
class PowerLossTest {
    private static final int RUNS = 100;

    private int live;
    private int waiting; // for a person
    private long all; // servers that could not tell

    @Test
    void losesNothingWhereSectorsComeInAnyOrder() {
        long[] seeds = Seeds.chosen(RUNS).toArray(); // -Dseed=N runs that one alone
        for (long seed : seeds) losePower(seed);
        assertThat(live + waiting).isEqualTo(seeds.length);
        if (seeds.length >= RUNS)
            assertThat(live).as("%d wait for a person", waiting).isGreaterThan(seeds.length / 2);
        System.out.println("all lost power: " + live + " ensembles served again, " + waiting + " wait for a person; "
                + all + " servers could not tell");
    }

    private static long unsure(Simulation sim) {
        return sim.servers.stream().filter(s -> !s.disk.isComplete()).count();
    }

    private void losePower(long seed) {
        Simulation sim = Simulation.servers(3, seed).clients(6);
        sim.forceSpanNanos = 60_000_000; // much waits for each force
        for (SimServer server : sim.servers) {
            StoredDisk disk = new StoredDisk();
            disk.losesOrder = () -> true;
            disk.losesOrderOnceIn = 1;
            server.disk = disk;
        }
        sim.start();
        sim.run(3 * Simulation.SECOND);
        assertThat(sim.workloads).anyMatch(workload -> !workload.acknowledged.isEmpty());
        sim.servers.forEach(SimServer::crash);
        sim.servers.forEach(SimServer::boot);
        long unsure = unsure(sim);
        all += unsure;
        sim.run(8 * Simulation.SECOND);
        if (!sim.isServing()) {
            assertThat(unsure).as("%s: servers that cannot tell", sim).isGreaterThanOrEqualTo(2);
            assertThat(sim.hasEstablishedLeader()).isFalse();
            waiting++;
            return;
        }
        live++;
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 10 * Simulation.SECOND);
        sim.servers.forEach(sim.oracle::calm);
    }
}
