package dev.paddock.sidecar.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Consistent hashing by weighted rendezvous (highest random weight): each key ranks all instances in a fixed order of its own, and
 * takes the first that is there. So the same key goes to the same instance from every sidecar, and an instance that leaves moves only
 * its own keys, to wherever each had it ranked next. Load is bounded by the ranks being independent and in proportion to the
 * weights: of n keys an instance whose fair share is p gets n·p, give or take a few times √(n·p). No rule that bounds load more
 * strictly can also move nothing else: it would have to push keys back when an instance leaves. Pure; the same on every machine.
 */
final class Rendezvous {
    private record Ranked(Instance instance, double score) {}

    private Rendezvous() {}

    /**
     * The first {@code count} instances in the key's order.
     *
     * @param instances in any order; those of weight 0 take nothing
     */
    static List<Instance> pick(List<Instance> instances, String key, int count) {
        long keyHash = hash(key);
        var ranked = new ArrayList<Ranked>();
        for (Instance instance : instances) {
            if (instance.weight() > 0) ranked.add(new Ranked(instance, score(keyHash, instance)));
        }
        ranked.sort(Comparator.comparingDouble(Ranked::score)
                .reversed()
                .thenComparing(entry -> entry.instance().id()));
        return ranked.stream().limit(count).map(Ranked::instance).toList();
    }

    /** Weight divided by an exponential variable, which makes the chance to be first proportional to the weight. */
    private static double score(long keyHash, Instance instance) {
        long mixed = mix(keyHash ^ mix(hash(instance.id())));
        double uniform = ((mixed >>> 11) + 0.5) * 0x1p-53; // in (0, 1)
        return -instance.weight() / StrictMath.log(uniform); // StrictMath: the same bits everywhere
    }

    /** FNV-1a, 64 bits, over UTF-8. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        return hash;
    }

    /** The finalizer of SplitMix64: every bit of the input reaches every bit of the output. */
    private static long mix(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
