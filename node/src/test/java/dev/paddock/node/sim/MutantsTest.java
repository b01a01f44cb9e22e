package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.Invariant;
import java.util.function.Supplier;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The random run is worth something only if it finds what is broken: each planted fault, within some dozens of seeds. */
class MutantsTest {
    private static final int SEEDS_MAX = Integer.getInteger("mutantSeeds", 400);

    enum Mutant {
        ANSWERS_BEFORE_IT_IS_DURABLE,
        SAVES_THE_EPOCH_FIRST,
        LOSES_INSTALLED_SNAPSHOTS,
        FINDS_LESS_THAN_ITS_LOG_HOLDS,
        VOTES_WITHOUT_HISTORY,
        NEEDS_ONE_LESS_FOR_A_QUORUM,
        PASSES_ON_A_HOLE,
        HAS_A_HOLE_IN_MEMORY,
        TAKES_SNAPSHOTS_FOR_MORE_THAN_THEY_HOLD,
        TAKES_SNAPSHOTS_AMID_A_MULTI,
        TELLS_OF_ONE_MORE_THAN_IT_HOLDS,
        FORGETS_THE_END_OF_SESSIONS,
        HAS_TWO_WRITERS,
        CUTS_ITS_LOG_IN_MEMORY_ONLY,
        CUTS_TOO_MUCH,
        FORGETS_WHAT_IT_PROMISED,
        FORCES_NO_FILE,
        FORCES_NO_FOLDER,
        TRUSTS_WHAT_DAMAGE_HAS_LEFT,
        IGNORES_WHAT_A_WATCH_MISSED,
        ASKS_FOR_A_WRITE_TWICE,
        TAKES_WHAT_COMES_LATE,
        HAS_A_CLOCK_THAT_IS_TOO_FAST,
        LETS_NO_SESSION_END,
        TELLS_OBSERVERS_OF_PROPOSALS
    }

    private static void plant(Mutant mutant, Simulation sim) {
        switch (mutant) {
            case ANSWERS_BEFORE_IT_IS_DURABLE -> disks(sim, () -> new Mutants.EarlyDisk(1));
            case SAVES_THE_EPOCH_FIRST -> disks(sim, Mutants.EpochFirstDisk::new);
            case LOSES_INSTALLED_SNAPSHOTS -> disks(sim, Mutants.SnapshotLosingDisk::new);
            case FINDS_LESS_THAN_ITS_LOG_HOLDS -> disks(sim, Mutants.ForgetfulDisk::new);
            case VOTES_WITHOUT_HISTORY -> sim.network.tamper = Mutants.votingWithoutHistory();
            case NEEDS_ONE_LESS_FOR_A_QUORUM -> sim.network.tamper = Mutants.countingSentAsAcked(sim);
            case PASSES_ON_A_HOLE -> sim.network.tamper = BrokenLinks.passingOnAHole(sim);
            case HAS_A_HOLE_IN_MEMORY -> disks(sim, BrokenDisks.HoleInMemoryDisk::new);
            case TAKES_SNAPSHOTS_FOR_MORE_THAN_THEY_HOLD -> disks(sim, BrokenDisks.NamesSnapshotsLateDisk::new);
            case TAKES_SNAPSHOTS_AMID_A_MULTI -> disks(sim, BrokenDisks.HalfMultiDisk::new);
            case TELLS_OF_ONE_MORE_THAN_IT_HOLDS -> sim.network.tamper = BrokenLinks.tellingOneMore();
            case FORGETS_THE_END_OF_SESSIONS -> sim.network.tamper = BrokenLinks.forgettingTheEndOfSessions(sim);
            case HAS_TWO_WRITERS -> disks(sim, BrokenDisks.TwoWritersDisk::new);
            case CUTS_ITS_LOG_IN_MEMORY_ONLY -> disks(sim, BrokenDisks.UncutDisk::new);
            case CUTS_TOO_MUCH -> sim.network.tamper = BrokenLinks.cuttingTooMuch(sim);
            case FORGETS_WHAT_IT_PROMISED -> disks(sim, BrokenDisks.ForgetsPromisesDisk::new);
            case FORCES_NO_FILE -> disks(sim, () -> lying("force"));
            case FORCES_NO_FOLDER -> disks(sim, () -> lying("forceFolder"));
            case TRUSTS_WHAT_DAMAGE_HAS_LEFT -> disks(sim, Mutants.TrustingStoredDisk::new);
            case IGNORES_WHAT_A_WATCH_MISSED -> sim.ignoresMissedEvents = true;
            case ASKS_FOR_A_WRITE_TWICE -> sim.network.tamper = BrokenLinks.askingTwice(sim);
            case TAKES_WHAT_COMES_LATE -> sim.network.tamper = BrokenLinks.takingWhatComesLate(sim);
            case HAS_A_CLOCK_THAT_IS_TOO_FAST -> sim.servers.forEach(server -> server.clock.goes(2));
            case LETS_NO_SESSION_END -> BrokenLinks.keepingSessionsForEver(sim);
            case TELLS_OBSERVERS_OF_PROPOSALS -> {
                sim.withObservers(2);
                sim.network.tap = BrokenLinks.tellingObserversOfProposals(sim);
            }
        }
    }

    private static void disks(Simulation sim, Supplier<SimDisk> disk) {
        sim.disks(disk);
    }

    private static SimDisk lying(String kind) {
        StoredDisk disk = new StoredDisk();
        disk.folder.lyingAbout(kind);
        return disk;
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByWhatClientsSee(Mutant mutant, TestReporter reporter) {
        int seeds = 1;
        while (seeds <= SEEDS_MAX && !isFound(seeds - 1, mutant, reporter)) seeds++;
        assertThat(seeds).as("seeds that %s needs", mutant).isLessThanOrEqualTo(SEEDS_MAX);
        reporter.publishEntry("seeds needed", Integer.toString(seeds));
    }

    private static boolean isFound(long seed, Mutant mutant, TestReporter reporter) {
        try {
            new Ordeal(SimulationTest.class, seed, sim -> {
                        sim.oracle.watchesDisks = false; // that would be too easy
                        plant(mutant, sim);
                    })
                    .run();
            return false;
        } catch (AssertionError | Invariant.Broken found) {
            reporter.publishEntry("found", String.valueOf(found.getMessage()));
            return true;
        }
    }
}
