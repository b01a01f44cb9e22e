package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Database;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One seed: ten seconds of faults, then quiet. It must become live, and all that was promised must be there. Runs once. */
final class Ordeal {
    private static final long PREALLOCATED_BYTES = 64 << 10; // so that some files are filled

    /** A failure may be one of quotas, and counts for ten seconds. */
    private static final long LIMIT_OF_DOUBT_NANOS = 12 * Simulation.SECOND;

    final Simulation sim;
    private FaultPlan plan;
    private @Nullable Faults faults; // null until it runs

    /**
     * @param test  that can run it alone
     * @param plant changes the ensemble before it starts
     */
    Ordeal(Class<?> test, long seed, Consumer<Simulation> plant) {
        sim = Simulation.servers(seed % 3 == 0 ? 5 : 3, seed).clients(3);
        sim.test = test.getSimpleName();
        sim.clientsGoAway = true;
        if (seed % 4 == 0) sim.commitLogCount = 4; // snapshots instead of differences
        if (seed % 11 != 10) store(seed);
        if (seed % 4 == 3) mix(seed);
        if (isHarder(seed)) {
            sim.damageable = _ -> true;
            sim.client().timeoutMillis = 1_000; // it does nothing but ping
        }
        plant.accept(sim);
        boolean isDamaged = (seed % 5 == 1 || seed % 5 == 3) && isStored();
        plan = FaultPlan.of(seed, isDamaged, sim.changeable);
        if (isHarder(seed)) plan = plan.harder(seed, isWatched());
        if (sim.damagesTurnOver) plan = plan.denser(seed);
        FaultPlan.chosen().ifPresent(this::only);
    }

    /** Whether it has the faults that came last: none of those that had found something before. */
    private static boolean isHarder(long seed) {
        return seed % 13 >= 2 && seed % 13 < 7;
    }

    /** The production storage is on all disks. */
    private void store(long seed) {
        long preAllocBytes = seed % 17 < 5 ? PREALLOCATED_BYTES : 0;
        boolean isWatched = isHarder(seed);
        sim.disks(() ->
                isWatched ? new WatchedStoredDisk(preAllocBytes, sim.tally::count) : new StoredDisk(preAllocBytes));
        if (isWatched) sim.tally.count("seeds whose disks are watched for room");
        sim.tally.count(preAllocBytes > 0 ? "seeds whose logs are preallocated" : "seeds whose logs grow");
    }

    private boolean isStored() {
        return sim.servers.stream().allMatch(server -> server.disk instanceof StoredDisk);
    }

    /** Servers look how much room there is on all disks. */
    private boolean isWatched() {
        return sim.servers.stream().allMatch(server -> server.disk.isWatched());
    }

    /** Some servers speak as Apache's do, and some keep no digests; perhaps all of them. */
    private void mix(long seed) {
        SplittableRandom dice = new SplittableRandom(~seed);
        for (SimServer server : sim.servers) {
            if (dice.nextBoolean()) sim.network.apacheAlike.add(server);
            if (dice.nextInt(3) == 0) server.disk.rules(ApacheAlike.WITHOUT_DIGESTS);
        }
        sim.tally.count("seeds with servers of several kinds");
    }

    /** Only these faults of its plan. */
    Ordeal only(Set<Integer> numbers) {
        plan = plan.only(numbers);
        sim.chosen = " -Dfaults=" + FaultPlan.listed(numbers);
        return this;
    }

    /** Fails as soon as anything is seen that must not be. */
    Ordeal run() {
        sim.start();
        Faults harm = new Faults(sim, plan);
        faults = harm;
        sim.run(10 * Simulation.SECOND);
        harm.stop();
        isAllThere(becomesLive());
        sim.tally.ran(sim.nowNanos);
        return this;
    }

    /** The faults that found what they strike. */
    Set<Integer> struck() {
        return faults == null ? Set.of() : faults.struck();
    }

    /** The same in words. */
    List<String> told() {
        return faults == null ? List.of() : faults.told();
    }

    private Set<Members> configurations() {
        return sim.servers.stream()
                .map(server -> server.replica().peer().members())
                .collect(Collectors.toSet());
    }

    /** Returns the zxid at which nothing more was under way; a session may end just after that. */
    private long becomesLive() {
        sim.runUntil(Simulation::isServing, 6 * Simulation.SECOND);
        sim.runUntil(Simulation::takesChanges, LIMIT_OF_DOUBT_NANOS);
        sim.run(2 * Simulation.SECOND);
        sim.runUntil(Simulation::hasNoOrphans, 6 * Simulation.SECOND);
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, 10 * Simulation.SECOND);
        boolean isLedInSilence = sim.servers.stream().anyMatch(s -> s.isLeading() && !s.leaderServes);
        if (isLedInSilence) sim.tally.count("seeds that end under a leader that takes no clients");
        long last = sim.servers
                .getFirst()
                .replica()
                .committed()
                .lastZxid(); // of all; who led may just have ended its epoch
        sim.run(50_000_000); // what is on its way to clients arrives
        sim.runUntil(Simulation::isCalm, Simulation.SECOND);
        return last;
    }

    private static String shownMembers(SimServer server) {
        return new String(server.replica().committed().find(Database.CONFIG).data(), StandardCharsets.UTF_8);
    }

    private void isAllThere(long last) {
        if (sim.changeable)
            assertThat(configurations()).as("%s: configurations", sim).hasSize(1);
        sim.servers.forEach(server -> assertThat(shownMembers(server))
                .as("%s: what server %d shows of its members", sim, server.sid)
                .isEqualTo(server.replica().peer().members().text()));
        sim.servers.forEach(sim.oracle::calm);
        sim.clients.stream().filter(SimClient::isOpen).forEach(client -> client.watched.nothingMissed(last));
        assertThat(sim.workloads.stream().mapToInt(w -> w.acknowledged.size()).sum())
                .as("%s: acknowledged creates", sim)
                .isPositive(); // few where faults left no time; how many there are of all seeds is in the tally
    }
}
