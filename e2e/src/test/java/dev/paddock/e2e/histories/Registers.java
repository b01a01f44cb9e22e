package dev.paddock.e2e.histories;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The znodes that clients share, and a guess at their versions, so that many conditional writes succeed, and some of them at the same
 * time want the same. Any thread may ask and tell.
 */
final class Registers {
    /** Their names. */
    static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4");

    private static final int DELETABLE = 3; // the first ones; a znode that stays tells more of what was lost

    private final Map<String, Integer> versions = new ConcurrentHashMap<>();

    String any(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    boolean mayDelete(String key) {
        return KEYS.indexOf(key) < DELETABLE;
    }

    /** Of the newest state that somebody was told of; -1 if there is none. */
    int version(String key) {
        return versions.getOrDefault(key, -1);
    }

    void told(String key, Verb verb, Result result, @Nullable Seen seen) {
        if (result == Result.NONE || (verb == Verb.DELETE && result == Result.OK)) versions.put(key, -1);
        else if (seen != null) versions.put(key, seen.version());
    }
}
