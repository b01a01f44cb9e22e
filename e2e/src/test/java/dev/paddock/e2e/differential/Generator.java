package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes streams, each from its seed alone. */
final class Generator {
    /** The folder that streams work in; a player puts one of its own in its place. */
    static final String FOLDER = "/s00000000";

    private static final int SLOTS = 3;
    private static final int STEPS_MAX = 24;
    private static final int BURST_MAX = 14;

    private final Random random;
    private final RandomRequests requests;
    private final int members;
    private final boolean[] connected = new boolean[SLOTS];
    private int sessions;

    private Generator(long seed, int members) {
        this.random = new Random(seed);
        this.requests = new RandomRequests(random, FOLDER, random.nextInt(5) < 2, members > 1);
        this.members = members;
    }

    static List<Step> stream(long seed, int members) {
        return new Generator(seed, members).stream();
    }

    private List<Step> stream() {
        List<Step> steps = new ArrayList<>();
        steps.add(connect(0, Step.Connect.NEW));
        int count = 3 + random.nextInt(STEPS_MAX - 3);
        while (steps.size() < count) steps.add(step());
        return steps;
    }

    private Step step() {
        int slot = random.nextInt(SLOTS);
        int dice = random.nextInt(100);
        if (!connected[slot] || dice < 3) return connect(slot, whichSession());
        if (dice < 6) {
            connected[slot] = false;
            return new Step.Drop(slot);
        }
        if (dice < 10) return new Step.Burst(slot, List.of(requests.closing()));
        if (dice < 14) return new Step.Burst(slot, List.of(requests.auth()));
        List<Ask> asks = new ArrayList<>();
        int count = dice < 30 ? 1 : 1 + random.nextInt(BURST_MAX);
        for (int i = 0; i < count; i++) {
            asks.add(requests.next());
            if (asks.getLast().type() == OpCode.SET_ACL) break; // Apache goes by the old one until it is applied
        }
        return new Step.Burst(slot, asks);
    }

    private int whichSession() {
        int dice = random.nextInt(100);
        if (sessions == 0 || dice < 55) return Step.Connect.NEW;
        return dice < 97 ? random.nextInt(sessions) : Step.Connect.UNKNOWN;
    }

    private Step connect(int slot, int session) {
        connected[slot] = true;
        if (session == Step.Connect.NEW) sessions++;
        return new Step.Connect(slot, random.nextInt(members), session, hello());
    }

    private Step.Hello hello() {
        return new Step.Hello(
                rarely() ? 7 : 0,
                rarely() ? 1_000_000 : random.nextInt(3),
                rarely() ? oddTimeout() : 100_000,
                rarely() ? oddPassword() : Step.Password.RIGHT,
                rarely() ? -1 : rarely() ? 1 : 0);
    }

    private int oddTimeout() {
        return new int[] {-1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 200_000}[random.nextInt(6)];
    }

    private Step.Password oddPassword() {
        return List.of(Step.Password.RIGHT, Step.Password.WRONG, Step.Password.NULL, Step.Password.SHORT)
                .get(random.nextInt(4));
    }

    private boolean rarely() {
        return random.nextInt(20) == 0;
    }

    /** How many requests are in a stream. */
    static int requests(List<Step> stream) {
        int count = 0;
        for (Step step : stream) count += step instanceof Step.Burst(int slot, var asks) ? asks.size() : 1;
        return count;
    }
}
