package dev.paddock.operator.planner;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What is wanted of an ensemble.
 *
 * @param replicas voting members, at least 1; their ids are 1 to {@code replicas}
 * @param observers members without a vote; their ids follow those of the voters
 * @param revision names the configuration and image that every server shall run; compared for equality only
 * @param paused nothing shall be changed
 */
public record DesiredEnsemble(int replicas, int observers, String revision, boolean paused) {

    public DesiredEnsemble {
        if (replicas < 1) throw new IllegalArgumentException("replicas " + replicas);
        if (observers < 0) throw new IllegalArgumentException("observers " + observers);
    }

    /** Of voters only. */
    public DesiredEnsemble(int replicas, String revision, boolean paused) {
        this(replicas, 0, revision, paused);
    }

    /** Ids of all members wanted, ascending. */
    public NavigableSet<Integer> members() {
        return ids(1, replicas + observers);
    }

    /** Ids of those that are to vote, ascending. */
    public NavigableSet<Integer> voters() {
        return ids(1, replicas);
    }

    /** Ids of those that are to observe, ascending. */
    public NavigableSet<Integer> observing() {
        return ids(replicas + 1, replicas + observers);
    }

    private static NavigableSet<Integer> ids(int first, int last) {
        TreeSet<Integer> ids = new TreeSet<>();
        IntStream.rangeClosed(first, last).forEach(ids::add);
        return Collections.unmodifiableNavigableSet(ids);
    }
}
