package dev.paddock.e2e.histories;

import dev.paddock.e2e.histories.Fault.Role;
import dev.paddock.e2e.histories.Fault.Ways;
import dev.paddock.e2e.histories.Servers.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What happens to the servers in one history; the same for the same seed.
 *
 * @param size  servers, 3 or 5
 * @param steps in order
 */
record Plan(int size, Network network, List<Step> steps) {
    private static final int FAULTS = 5;
    private static final List<Ways> WAYS = List.of(Ways.BOTH, Ways.OUT, Ways.IN);
    private static final int MILLIS_MIN = 300;
    private static final int MILLIS_MAX = 2_200; // some leaders that stand still are replaced, and some are not

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

    static Plan of(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 10; i++) random.nextInt(); // neighbours begin alike
        int size = seed % 2 == 0 ? 3 : 5;
        Network network = seed % 5 == 4 ? Network.DIRECT : Network.RELAYED;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            int percent = 100 * (i + 1) / (FAULTS + 1);
            int millis = MILLIS_MIN + random.nextInt(MILLIS_MAX - MILLIS_MIN);
            steps.add(new Step(percent, fault(random, network), millis, random.nextInt(1_000)));
        }
        return new Plan(size, network, steps);
    }

    private static Fault fault(Random random, Network network) {
        Role role = random.nextInt(100) < 55 ? Role.LEADER : Role.FOLLOWER;
        int dice = random.nextInt(100);
        if (dice < 25) return new Fault.Kill(role);
        if (dice < 32) return new Fault.KillAll();
        if (dice < 55) return new Fault.Pause(role);
        if (network == Network.DIRECT) return new Fault.Remove(role);
        if (dice < 65) return new Fault.CutLink(role, random.nextBoolean());
        Ways ways = WAYS.get(random.nextInt(WAYS.size()));
        return new Fault.Cut(role, random.nextInt(3) == 0, ways, random.nextBoolean());
    }
}
