package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.Invariant;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The random run is worth something only if it finds what is broken: each planted fault, within some dozens of seeds. */
class MutantsTest {
    private static final int SEEDS_MAX = 100;

    enum Mutant {
        ANSWERS_BEFORE_IT_IS_DURABLE,
        SAVES_THE_EPOCH_FIRST,
        LOSES_INSTALLED_SNAPSHOTS,
        FINDS_LESS_THAN_ITS_LOG_HOLDS,
        VOTES_WITHOUT_HISTORY,
        NEEDS_ONE_LESS_FOR_A_QUORUM
    }

    private static void plant(Mutant mutant, Simulation sim) {
        switch (mutant) {
            case ANSWERS_BEFORE_IT_IS_DURABLE -> disks(sim, () -> new Mutants.EarlyDisk(1));
            case SAVES_THE_EPOCH_FIRST -> disks(sim, Mutants.EpochFirstDisk::new);
            case LOSES_INSTALLED_SNAPSHOTS -> disks(sim, Mutants.SnapshotLosingDisk::new);
            case FINDS_LESS_THAN_ITS_LOG_HOLDS -> disks(sim, Mutants.ForgetfulDisk::new);
            case VOTES_WITHOUT_HISTORY -> sim.network.tamper = Mutants.votingWithoutHistory();
            case NEEDS_ONE_LESS_FOR_A_QUORUM -> sim.network.tamper = Mutants.countingSentAsAcked(sim);
        }
    }

    private static void disks(Simulation sim, Supplier<SimDisk> disk) {
        sim.servers.forEach(server -> server.disk = disk.get());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByWhatClientsSee(Mutant mutant) {
        long seed = 0;
        while (seed < SEEDS_MAX && !isFound(seed, mutant)) seed++;
        assertThat(seed).as("seeds that %s survived", mutant).isLessThan(SEEDS_MAX);
    }

    private static boolean isFound(long seed, Mutant mutant) {
        try {
            SimulationTest.ordeal(seed, sim -> {
                sim.oracle.watchesDisks = false; // that would be too easy
                plant(mutant, sim);
            });
            return false;
        } catch (AssertionError | Invariant.Broken found) {
            return true;
        }
    }
}
