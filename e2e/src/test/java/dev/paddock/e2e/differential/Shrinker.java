package dev.paddock.e2e.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a stream that shows a difference as short as it can be: delta debugging over steps, then over the requests of each. */
final class Shrinker {
    private static final int PLAYS_MAX = 600;

    private final Duel duel;
    private int plays;

    Shrinker(Duel duel) {
        this.duel = duel;
    }

    List<Step> shrunk(List<Step> stream) throws IOException, InterruptedException {
        List<Step> shortest = stream;
        boolean shorter = true;
        while (shorter && plays < PLAYS_MAX) {
            int before = Generator.requests(shortest);
            shortest = withoutSteps(shortest);
            for (int i = 0; i < shortest.size(); i++) shortest = withoutRequests(shortest, i);
            shorter = Generator.requests(shortest) < before;
        }
        return shortest;
    }

    private List<Step> withoutSteps(List<Step> stream) throws IOException, InterruptedException {
        List<Step> left = stream;
        for (int size = Math.max(1, left.size() / 2); ; size /= 2) {
            for (int from = left.size() - size; from >= 0; from -= size) {
                List<Step> fewer = without(left, from, size);
                if (differs(fewer)) {
                    left = fewer;
                    from = Math.min(from, left.size());
                }
            }
            if (size == 1) return left;
        }
    }

    private List<Step> withoutRequests(List<Step> stream, int at) throws IOException, InterruptedException {
        List<Step> left = stream;
        if (!(stream.get(at) instanceof Step.Burst(int slot, List<Ask> asks))) return left;
        List<Ask> needed = asks;
        for (int i = asks.size() - 1; i >= 0 && needed.size() > 1; i--) {
            List<Ask> fewer = without(needed, i, 1);
            List<Step> changed = new ArrayList<>(left);
            changed.set(at, new Step.Burst(slot, fewer));
            if (differs(changed)) {
                left = changed;
                needed = fewer;
            }
        }
        return left;
    }

    private static <T> List<T> without(List<T> all, int from, int count) {
        List<T> left = new ArrayList<>(all);
        left.subList(from, Math.min(all.size(), from + count)).clear();
        return left;
    }

    private boolean differs(List<Step> stream) throws IOException, InterruptedException {
        if (stream.isEmpty() || ++plays > PLAYS_MAX) return false;
        Optional<Difference> difference = duel.play(stream);
        return difference.isPresent();
    }
}
