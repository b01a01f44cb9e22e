package dev.paddock.e2e.histories;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Registers in one thread and in made-up time, that tell clients the truth, but for one lie where one is asked for. Each operation
 * takes effect at one instant, some time after its call and before its end, or, when nobody hears of its end, at any time or never.
 */
final class HonestRegisters {
    private static final int CLIENTS = 8;
    private static final int GAP =
            100; // between the instants of two operations; each may begin and end this many before and after
    private static final int REACH = 400;

    private final Random random;
    private final Map<String, Seen> now = new HashMap<>();
    private final List<Map<String, Seen>> states = new ArrayList<>(); // by instant
    private final List<Operation> history = new ArrayList<>();
    private final long[] freeFrom = new long[CLIENTS];
    private final int[] session = new int[CLIENTS];
    private final int[] floor = new int[CLIENTS]; // the oldest state that a session may be shown
    private final Map<Long, Operation> late = new HashMap<>(); // by instant: what is open and takes effect only then
    private int instant;
    private int writes;

    HonestRegisters(long seed) {
        this.random = new Random(seed);
    }

    /** Lets clients ask so often, and tells what they were told, in the order of the effects. */
    List<Operation> ask(int times) {
        for (int i = 0; i < times; i++) step(null);
        return history;
    }

    /** One operation of some client, the given one or any. */
    Operation step(@Nullable Operation wanted) {
        instant++;
        long at = (long) instant * GAP;
        Operation due = late.remove((long) instant);
        if (due != null) {
            apply(due);
            states.add(Map.copyOf(now));
            instant++;
            at += GAP;
        }
        int client = idle(at);
        long call = Math.max(freeFrom[client] + 1, at - random.nextInt(REACH));
        long end = at + random.nextInt(REACH);
        freeFrom[client] = end;
        Operation what = wanted == null ? any() : wanted;
        Operation asked = new Operation(
                client,
                session[client],
                what.verb(),
                what.key(),
                what.value(),
                what.version(),
                call,
                end,
                Result.OPEN,
                null);
        Operation told = random.nextInt(40) == 0 ? unheard(asked) : answered(asked);
        states.add(Map.copyOf(now));
        history.add(told);
        return told;
    }

    private int idle(long at) {
        int client = random.nextInt(CLIENTS);
        while (freeFrom[client] >= at) client = (client + 1) % CLIENTS;
        return client;
    }

    private Operation any() {
        String key = Registers.KEYS.get(random.nextInt(3));
        Seen seen = now.get(key);
        int version = seen == null ? 0 : Math.max(0, seen.version() - random.nextInt(4) / 3);
        int dice = random.nextInt(100);
        if (dice < 15 || (seen == null && dice < 50)) return question(Verb.CREATE, key, "v" + writes++, -1);
        if (dice < 35) return question(Verb.SET, key, "v" + writes++, -1);
        if (dice < 60) return question(Verb.SET, key, "v" + writes++, version);
        if (dice < 75) return question(Verb.READ, key, "", -1);
        if (dice < 92 || key.equals("k2")) return question(Verb.PEEK, key, "", -1);
        return question(Verb.DELETE, key, "", dice < 96 ? -1 : version);
    }

    static Operation question(Verb verb, String key, String value, int version) {
        return new Operation(0, 0, verb, key, value, version, 0, 0, Result.OPEN, null);
    }

    private Operation unheard(Operation asked) {
        session[asked.client()]++;
        floor[asked.client()] = 0;
        switch (random.nextInt(3)) {
            case 0 -> apply(asked);
            case 1 -> late.put((long) instant + 1 + random.nextInt(200), asked);
            default -> {} // it never happens
        }
        return asked;
    }

    private Operation answered(Operation asked) {
        if (asked.verb() == Verb.PEEK) {
            int since = Math.max(floor[asked.client()], instant - 1 - random.nextInt(10));
            floor[asked.client()] = since;
            Seen old = since == 0 ? null : states.get(since - 1).get(asked.key());
            return asked.ending(old == null ? Result.NONE : Result.OK, old);
        }
        floor[asked.client()] = instant;
        boolean isFull = asked.verb().isWrite() && random.nextInt(50) == 0;
        Result result = isFull ? Result.FULL : apply(asked);
        Seen after = now.get(asked.key());
        if (result != Result.OK || asked.verb() == Verb.DELETE || after == null) return asked.ending(result, null);
        return asked.ending(result, asked.verb() == Verb.READ ? after : withoutValue(after));
    }

    private static Seen withoutValue(Seen seen) {
        return new Seen("", seen.version(), seen.czxid(), seen.mzxid());
    }

    private Result apply(Operation o) {
        Seen seen = now.get(o.key());
        if (o.verb() == Verb.CREATE) {
            if (seen != null) return Result.EXISTS;
            now.put(o.key(), new Seen(o.value(), 0, instant, instant));
            return Result.OK;
        }
        if (seen == null) return Result.NONE;
        if (o.verb().isWrite() && o.version() != -1 && o.version() != seen.version()) return Result.VERSION;
        if (o.verb() == Verb.SET) now.put(o.key(), new Seen(o.value(), seen.version() + 1, seen.czxid(), instant));
        if (o.verb() == Verb.DELETE) now.remove(o.key());
        return Result.OK;
    }

    /** A lie: what a key holds is from now on what it held before. */
    void forget(String key, Seen before) {
        now.put(key, before);
    }

    /** What a key holds; null if nothing. */
    @Nullable
    Seen holds(String key) {
        return now.get(key);
    }
}
