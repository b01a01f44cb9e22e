package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Ensembles of 3 and 5 under faults, one seed each: {@code -Dseed=N} runs that one alone, {@code -Dseeds=N} so many. */
class SimulationTest {
    private static final long SEEDS = 5_000;
    private static final Duration USUAL_MAX = Duration.ofMinutes(10); // on two processors

    /** Seeds beyond those that run always which found something once; what they found has a story of its own as well. */
    private static final long[] FOUND_SOMETHING = {
        5_806, 6_739, 7_309, 7_866, 12_126, 16_093, 19_584, 22_922, 29_180, 43_824, 87_298
    };

    private static final List<String> MUST_BE_SEEN = List.of(
            "synchronizations by DIFF",
            "synchronizations by SNAP",
            "synchronizations by TRUNC",
            "crashes of servers that look for a leader",
            "crashes of learners that wait for an epoch",
            "crashes of learners that take over history",
            "crashes of learners that wait for UPTODATE",
            "crashes of learners that serve",
            "crashes of leaders that wait for learners",
            "crashes of leaders that wait for their epoch to be promised",
            "crashes of leaders that wait for acks of NEWLEADER",
            "crashes of leaders that serve",
            "crashes amid appends",
            "crashes amid forces of the log",
            "crashes amid saves of epochs",
            "crashes amid installations of snapshots",
            "crashes amid snapshots",
            "crashes amid purges",
            "crashes amid starts",
            "sessions that moved to another server",
            "pings that the newest leader is known to have heard itself",
            "pings that the newest leader is known to have heard from a follower",
            "sessions that ended while their clients were away",
            "power losses that leave sectors in any order",
            "starts of servers that lack what they acknowledged",
            Damages.LEARNED,
            "damages of the notes on snapshots",
            "writes refused for want of room",
            "reserves given up for what had to be written",
            "waits of logs for room",
            "crashes amid waits for room",
            "leaders whose disks fill up",
            "disks that have room again",
            "seeds that end under a leader that takes no clients",
            "answers to writes compared with the state before them");

    /** How often, of so many seeds as there usually are; a fourth of what was seen last, or less. */
    private static final Map<String, Integer> SEEN_AT_LEAST = Map.of(
            "crashes amid cuts of the log",
            15,
            struck(Fault.Kind.FILE_IS_OLD),
            200,
            struck(Fault.Kind.FILE_IS_LOST),
            200,
            struck(Fault.Kind.FILES_ARE_SWAPPED),
            150,
            struck(Fault.Kind.FILE_IS_CUT),
            200,
            struck(Fault.Kind.SECTOR_IS_UNREADABLE),
            200,
            struck(Fault.Kind.BIT_FLIPS),
            250,
            struck(Fault.Kind.WRITE_GOES_ELSEWHERE),
            150,
            struck(Fault.Kind.READ_FAILS),
            100,
            struck(Fault.Kind.READ_LIES),
            150);

    private static String struck(Fault.Kind kind) {
        return "faults: " + kind.words;
    }

    private static boolean isUsual() {
        return Long.getLong("seeds") == null && Long.getLong("soak.seeds") == null;
    }

    private static long[] seeds() {
        long count = Long.getLong("seeds", Long.getLong("soak.seeds", SEEDS));
        return LongStream.concat(LongStream.range(0, count), LongStream.of(FOUND_SOMETHING))
                .toArray();
    }

    @Test
    void nothingAcknowledgedIsLost() throws InterruptedException, ExecutionException {
        Long one = Long.getLong("seed");
        if (one != null) replay(one);
        else if (isUsual()) assertTimeoutPreemptively(USUAL_MAX, () -> runAll(seeds()));
        else runAll(seeds());
    }

    static Ordeal ordeal(long seed) {
        return new Ordeal(SimulationTest.class, seed, sim -> {
            if (isDenser(seed)) denser(sim);
            if (seed % 7 == 1) observe(sim);
            if (seed % 7 == 4) changeMembers(sim); // none of those that had found something before
        });
    }

    /** Whether it has the faults that came last: none of those that had found something before. */
    private static boolean isDenser(long seed) {
        long rest = seed % 13;
        return rest == 0 || rest == 5 || rest == 6 || rest == 9 || rest == 11;
    }

    /** Files are damaged again and again; on half of the seeds some server, or each, takes no clients while it leads. */
    private static void denser(Simulation sim) {
        sim.damagesTurnOver = true;
        int choice = (int) (sim.seed % 4);
        if (choice % 2 == 0) return;
        for (SimServer server : sim.servers) if (choice == 3 || server.sid == 1) server.leaderServes = false;
        sim.tally.count("seeds with servers that take no clients while they lead");
    }

    /** Some more servers observe, and hang on followers. */
    private static void observe(Simulation sim) {
        sim.withObservers(2);
        sim.tally.count("seeds with observer masters");
    }

    /** Clients change the members; all of them are servers of ours. */
    private static void changeMembers(Simulation sim) {
        sim.changeable(3).network.apacheAlike.clear();
        sim.tally.count("seeds whose members change");
    }

    private static void runAll(long[] seeds) throws InterruptedException, ExecutionException {
        Tally all = Seeds.run(seeds, SimulationTest::ordeal);
        System.out.println("The simulator ran" + all);
        assertThat(all.of("seeds")).isEqualTo(seeds.length);
        if (seeds.length < SEEDS) return; // which need not see everything
        for (Fault.Kind kind : Fault.Kind.values()) {
            assertThat(all.of(struck(kind))).as(kind.words).isGreaterThan(seeds.length / 50L);
        }
        assertThat(all.of("operations answered")).isGreaterThan(100L * seeds.length);
        for (String what : MUST_BE_SEEN) assertThat(all.of(what)).as(what).isPositive();
        SEEN_AT_LEAST.forEach((what, least) -> assertThat(all.of(what)).as(what).isGreaterThanOrEqualTo(least));
        assertThat(all.of("changes of members")).isGreaterThan(2 * all.of("seeds whose members change"));
        assertThat(all.of("links to observer masters")).isGreaterThan(all.of("seeds with observer masters"));
    }

    private static void replay(long seed) {
        Ordeal ordeal = ordeal(seed);
        boolean isFailure = Shrinker.failure(ordeal).isPresent();
        System.out.println(String.join("\n", ordeal.told()) + "\n" + ordeal.sim);
        if (isFailure) Shrinker.run(() -> ordeal(seed));
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
