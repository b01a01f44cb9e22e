package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.Invariant;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The random run is worth something only if it finds what is broken: each planted fault, within some dozens of seeds. */
class MutantsTest {
    private static final int SEEDS_MAX = Integer.getInteger("mutantSeeds", 400);

    private static final String LOST = "leads without what was shown to clients before";
    private static final String DIFFERS = "differs at";
    private static final String HOLE = "committed .* after .*, another after";
    private static final String OUT_OF_ORDER = "appended out of order";

    /** With what each is found by, as patterns of messages; whatever else is seen does not count. */
    enum Mutant {
        ANSWERS_BEFORE_IT_IS_DURABLE(LOST),
        SAVES_THE_EPOCH_FIRST(LOST),
        LOSES_INSTALLED_SNAPSHOTS(DIFFERS),
        FINDS_LESS_THAN_ITS_LOG_HOLDS(OUT_OF_ORDER, DIFFERS),
        VOTES_WITHOUT_HISTORY(LOST),
        NEEDS_ONE_LESS_FOR_A_QUORUM(LOST, "wrote before what was known when it asked"),
        PASSES_ON_A_HOLE(HOLE),
        HAS_A_HOLE_IN_MEMORY(HOLE, DIFFERS),
        TAKES_SNAPSHOTS_FOR_MORE_THAN_THEY_HOLD(DIFFERS),
        TAKES_SNAPSHOTS_AMID_A_MULTI(DIFFERS),
        TELLS_OF_ONE_MORE_THAN_IT_HOLDS(HOLE, "not reached in time; .*broke the protocol: proposed"),
        FORGETS_THE_END_OF_SESSIONS("differs at \\w+: sessions"),
        HAS_TWO_WRITERS(OUT_OF_ORDER),
        CUTS_ITS_LOG_IN_MEMORY_ONLY(DIFFERS),
        CUTS_TOO_MUCH(DIFFERS),
        FORGETS_WHAT_IT_PROMISED("epoch \\d+ led by"),
        FORCES_NO_FILE(LOST, "not reached in time; .*LOOKING"), // who knows what it lacks elects nobody
        FORCES_NO_FOLDER(LOST),
        TRUSTS_WHAT_DAMAGE_HAS_LEFT(LOST),
        IGNORES_WHAT_A_WATCH_MISSED("was not told of the change"),
        ASKS_FOR_A_WRITE_TWICE("was done at \\w+ and again at"),
        TAKES_WHAT_COMES_LATE("happened at \\w+, not between those asked before and after it"),
        HAS_A_CLOCK_THAT_IS_TOO_FAST("milliseconds after which the session"),
        KEEPS_PINGS_TO_ITSELF("was to end though its leader had heard of a ping"),
        LETS_NO_SESSION_END("not reached in time; servers:\nserver 1: \\w+ \\d+, serving"), // and yet it does not end
        TELLS_OBSERVERS_OF_PROPOSALS(LOST);

        private final Pattern shown;

        Mutant(String... shown) {
            this.shown = Pattern.compile(String.join("|", shown), Pattern.DOTALL);
        }

        boolean isShownBy(Throwable failure) {
            return shown.matcher(String.valueOf(failure.getMessage())).find();
        }
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
            case KEEPS_PINGS_TO_ITSELF -> sim.network.tamper = BrokenLinks.keepingPingsBack();
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
            boolean isShown = mutant.isShownBy(found);
            reporter.publishEntry(isShown ? "found" : "something else", String.valueOf(found.getMessage()));
            return isShown;
        }
    }
}
