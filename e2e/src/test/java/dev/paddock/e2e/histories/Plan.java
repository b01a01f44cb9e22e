package dev.paddock.e2e.histories;

import dev.paddock.e2e.histories.Fault.Role;
import dev.paddock.e2e.histories.Fault.Ways;
import dev.paddock.e2e.histories.Servers.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happens to the servers in one history; the same for the same seed.
 *
 * @param cast  servers, 3 to 5
 * @param steps in order
 */
record Plan(Cast cast, Network network, List<Step> steps) {
    private static final int FAULTS = 5;
    private static final List<Ways> WAYS = List.of(Ways.BOTH, Ways.OUT, Ways.IN);
    private static final int[] JUMPS = {3_600, -3_600, 30, -30}; // seconds
    private static final int MILLIS_MIN = 300;
    private static final int MILLIS_MAX = 2_200; // some leaders that stand still are replaced, and some are not

    private static final int MILLIS_MAX_OF_BOTH = 6_500; // likewise: Apache's followers are more patient

    /**
     * One fault.
     *
     * @param afterPercent of the operations that the history is to have
     * @param millis       how long it lasts
     * @param dice         by which servers are chosen where there is a choice
     */
    record Step(int afterPercent, Fault fault, int millis, int dice) {
        @Override
        public String toString() {
            return fault + " for " + millis + " ms";
        }
    }

    /** A plan of what there are means for. */
    static Plan of(long seed, Means means) {
        var random = new Random(seed);
        for (int i = 0; i < 10; i++) random.nextInt(); // neighbours begin alike
        Cast cast = Cast.ofPaddock(seed % 2 == 0 ? 3 : 5);
        Network network = network(seed, means);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            int percent = 100 * (i + 1) / (FAULTS + 1);
            int millis = MILLIS_MIN + random.nextInt(MILLIS_MAX - MILLIS_MIN);
            steps.add(new Step(percent, fault(random, network, means), millis, random.nextInt(1_000)));
        }
        return new Plan(cast, network, steps);
    }

    /** Some members are Apache's, and sometimes one observes. Faults are those that strike both kinds alike. */
    static Plan ofBoth(long seed, Means means) {
        var random = new Random(seed);
        for (int i = 0; i < 10; i++) random.nextInt(); // neighbours begin alike
        Cast cast = castOfBoth(seed, random);
        Network network = network(seed, means);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            int percent = 100 * (i + 1) / (FAULTS + 1);
            int millis = MILLIS_MIN + random.nextInt(MILLIS_MAX_OF_BOTH - MILLIS_MIN);
            steps.add(new Step(percent, faultOfBoth(random, network), millis, random.nextInt(1_000)));
        }
        return new Plan(cast, network, steps);
    }

    /** The two voters with the largest sids, which lead first where all have the same, are of different kinds. */
    private static Cast castOfBoth(long seed, Random random) {
        int voters = seed % 3 == 0 ? 5 : 3;
        Set<Integer> observers = seed % 3 == 1 ? Set.of(voters + 1) : Set.of();
        int size = voters + observers.size();
        Set<Integer> apaches = new TreeSet<>(Set.of(voters - random.nextInt(2)));
        List<Integer> others = new ArrayList<>(Cast.ofPaddock(size).sids());
        others.removeAll(List.of(voters, voters - 1));
        Collections.shuffle(others, random);
        apaches.addAll(others.subList(0, size / 2 - 1 + random.nextInt(2) * (size % 2)));
        return new Cast(size, apaches, observers);
    }

    private static Fault faultOfBoth(Random random, Network network) {
        Role role = random.nextInt(100) < 55 ? Role.LEADER : Role.FOLLOWER;
        int dice = random.nextInt(100);
        if (dice < 25) return new Fault.Kill(role);
        if (dice < 35) return new Fault.KillAll();
        if (dice < 55) return new Fault.Pause(role);
        if (network == Network.LOOPBACK || (network == Network.NAMESPACES && dice < 65)) return new Fault.Remove(role);
        return partition(random, role, dice < 80);
    }

    private static Network network(long seed, Means means) {
        if (seed % 5 == 4) return Network.LOOPBACK;
        return means.hasNamespaces() && seed % 5 != 0 ? Network.NAMESPACES : Network.RELAYED;
    }

    /** Whether somebody fills a disk, which is a small one then. */
    boolean fillsDisks() {
        return steps.stream().anyMatch(step -> step.fault() instanceof Fault.FillDisk);
    }

    /** Whether a clock is set, so that each server has its own. */
    boolean setsClocks() {
        return steps.stream().anyMatch(step -> step.fault() instanceof Fault.SetClock);
    }

    private static Fault fault(Random random, Network network, Means means) {
        Role role = random.nextInt(100) < 55 ? Role.LEADER : Role.FOLLOWER;
        int dice = random.nextInt(100);
        if (dice < 18) return new Fault.Kill(role);
        if (dice < 24) return new Fault.KillAll();
        if (dice < 40) return new Fault.Pause(role);
        if (dice < 47 && means.hasTracer()) return new Fault.BreakDisk(role);
        if (dice < 52 && means.hasTracer()) return new Fault.SlowDisk(role);
        if (dice < 58 && means.hasNamespaces()) return new Fault.FillDisk(role);
        if (dice < 64 && means.hasClocks()) return new Fault.SetClock(role, JUMPS[random.nextInt(JUMPS.length)]);
        if (network == Network.LOOPBACK || (network == Network.NAMESPACES && dice < 72)) return new Fault.Remove(role);
        return partition(random, role, dice < 80);
    }

    private static Fault partition(Random random, Role role, boolean isOfOneLink) {
        if (isOfOneLink) return new Fault.CutLink(role, random.nextBoolean());
        Ways ways = WAYS.get(random.nextInt(WAYS.size()));
        return new Fault.Cut(role, random.nextInt(3) == 0, ways, random.nextBoolean());
    }
}
