package dev.paddock.e2e.histories;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Who the members of an ensemble are; their sids are 1 to {@code size}.
 *
 * @param apaches   sids of those that are Apache ZooKeeper's servers; the others are ours
 * @param observers sids of those that do not vote
 */
public record Cast(int size, Set<Integer> apaches, Set<Integer> observers) {
    public Cast {
        apaches = Collections.unmodifiableSet(new TreeSet<>(apaches));
        observers = Collections.unmodifiableSet(new TreeSet<>(observers));
    }

    /** Of ours only, and all of them vote. */
    static Cast ofPaddock(int size) {
        return new Cast(size, Set.of(), Set.of());
    }

    /** Ascending. */
    List<Integer> sids() {
        return IntStream.rangeClosed(1, size).boxed().toList();
    }

    @Override
    public String toString() {
        return size + " servers"
                + (apaches.isEmpty() ? "" : ", Apache's " + apaches)
                + (observers.isEmpty() ? "" : ", observing " + observers);
    }
}
