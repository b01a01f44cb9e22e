package dev.paddock.operator.planner;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What is wanted of an ensemble.
 *
 * @param replicas voting members, at least 1; their ids are 1 to {@code replicas}
 * @param revision names the configuration and image that every server shall run; compared for equality only
 * @param paused nothing shall be changed
 */
public record DesiredEnsemble(int replicas, String revision, boolean paused) {

    public DesiredEnsemble {
        if (replicas < 1) throw new IllegalArgumentException("replicas " + replicas);
    }

    /** Ids of the members wanted, ascending. */
    public NavigableSet<Integer> members() {
        TreeSet<Integer> ids = new TreeSet<>();
        IntStream.rangeClosed(1, replicas).forEach(ids::add);
        return Collections.unmodifiableNavigableSet(ids);
    }
}
