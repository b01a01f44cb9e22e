package dev.paddock.e2e.differential;

import dev.paddock.wire.Request;
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
    private static final int DEEP_BURST_MAX = 300;

    private final Random random;
    private final RandomRequests requests;
    private final int members;
    private final int burstMax;
    private final boolean hasQuotas;
    private final boolean hasHardQuotas;
    private final boolean hasLogins;
    private final boolean[] connected = new boolean[SLOTS];
    private int sessions;

    private Generator(long seed, Arena arena) {
        int members = arena.size();
        this.random = new Random(seed);
        boolean isOpen = random.nextInt(5) < 2;
        boolean isDeep = random.nextInt(3) == 0;
        this.hasQuotas = random.nextInt(6) == 0;
        this.hasLogins = arena.hasLogins() && random.nextInt(4) == 0;
        this.hasHardQuotas = hasQuotas && arena.enforcesQuotas();
        this.requests = new RandomRequests(random, FOLDER, isOpen, isDeep, hasQuotas, members > 1);
        this.members = members;
        this.burstMax = isDeep ? DEEP_BURST_MAX : BURST_MAX;
    }

    static List<Step> stream(long seed, Arena arena) {
        return new Generator(seed, arena).stream();
    }

    /** A stream whose one burst has so many requests of all kinds, while two sessions watch. */
    static List<Step> pipeline(long seed, Arena arena, int count) {
        return new Generator(seed, arena).pipeline(count);
    }

    private List<Step> pipeline(int count) {
        var hello = new Step.Hello(0, 0, 100_000, Step.Password.RIGHT, 0);
        Ask watch = Ask.of(1, new Request.AddWatch(FOLDER, 1));
        List<Ask> asks = new ArrayList<>();
        while (asks.size() < count) {
            Ask next = requests.next();
            if (!requests.isLast()) asks.add(next);
        }
        return List.of(
                new Step.Connect(0, 0, Step.Connect.NEW, hello),
                new Step.Connect(1, members - 1, Step.Connect.NEW, hello),
                new Step.Burst(0, List.of(watch)),
                new Step.Burst(1, List.of(watch)),
                new Step.Burst(0, asks));
    }

    private List<Step> stream() {
        List<Step> steps = new ArrayList<>();
        steps.add(connect(0, Step.Connect.NEW));
        if (hasQuotas) steps.add(new Step.Burst(0, requests.quota()));
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
        if (dice == 14) return new Step.Burst(slot, List.of(requests.token()));
        if (dice < 22 && hasLogins) return requests.login(slot);
        if (dice < 24 && hasQuotas) return new Step.Burst(slot, requests.quota());
        List<Ask> asks = new ArrayList<>();
        int count = dice < 30 ? 1 : 1 + random.nextInt(burstMax);
        int proofAt = random.nextInt(6) == 0 ? random.nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
            if (i == proofAt) asks.add(requests.proof());
            asks.add(requests.next());
            boolean isLast = requests.isLast()
                    || (hasHardQuotas && RandomRequests.isWrite(asks.getLast().type()));
            if (isLast) break; // Apache charges a quota when a write is applied, and asks it before
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
