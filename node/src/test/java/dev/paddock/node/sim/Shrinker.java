package dev.paddock.node.sim;

import dev.paddock.node.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Makes a failure small: leaves out faults, first half of them at once, in the end one by one, as long as the rest still
 * breaks the same promise.
 */
final class Shrinker {
    private static final int RUNS_MAX = 300; // some ten seconds

    private final Supplier<Ordeal> ordeal;
    private final String place;
    private Failure smallest;
    private int runs;

    /**
     * A run that failed.
     *
     * @param told its faults in words
     */
    record Failure(Throwable cause, Set<Integer> faults, List<String> told, String run) {
        /** Where it was noticed, which tells one broken promise from another. */
        String place() {
            return Arrays.stream(cause.getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith("dev.paddock."))
                    .filter(frame -> !frame.getClassName().equals(Invariant.class.getName()))
                    .filter(frame -> !frame.getClassName().equals(Simulation.class.getName()))
                    .findFirst()
                    .map(StackTraceElement::toString)
                    .orElse(cause.getClass().getName());
        }
    }

    private Shrinker(Supplier<Ordeal> ordeal, Failure first) {
        this.ordeal = ordeal;
        this.place = first.place();
        this.smallest = first;
    }

    /** Runs it; how it failed, if it did. */
    static Optional<Failure> failure(Ordeal ordeal) {
        try {
            ordeal.run();
            return Optional.empty();
        } catch (Error | RuntimeException e) {
            return Optional.of(new Failure(e, new TreeSet<>(ordeal.struck()), ordeal.told(), ordeal.sim.toString()));
        }
    }

    /**
     * Runs a seed. If it fails, it is run again with fewer faults, until none of them can be spared.
     *
     * @param ordeal makes the same run again and again
     * @return the run, which did not fail
     * @throws AssertionError that tells the smallest schedule and how to replay it
     */
    static Ordeal run(Supplier<Ordeal> ordeal) {
        Ordeal first = ordeal.get();
        Optional<Failure> failure = failure(first);
        if (failure.isPresent()) throw told(failure.get(), shrunk(ordeal, failure.get()));
        return first;
    }

    /** A failure of the same kind with as few faults as were found to be enough. */
    static Failure shrunk(Supplier<Ordeal> ordeal, Failure first) {
        Shrinker shrinker = new Shrinker(ordeal, first);
        shrinker.tries(Set.of());
        int piece = Math.max(1, first.faults().size() / 2);
        while (piece > 0 && !shrinker.smallest.faults().isEmpty()) {
            boolean isSmaller = shrinker.leavesOut(piece);
            if (!isSmaller || piece > 1) piece /= 2;
        }
        return shrinker.smallest;
    }

    /** Leaves out each piece of so many faults that can be spared. */
    private boolean leavesOut(int piece) {
        List<Integer> numbers = new ArrayList<>(smallest.faults());
        boolean isSmaller = false;
        for (int from = 0; from < numbers.size(); from += piece) {
            Set<Integer> rest = new TreeSet<>(smallest.faults());
            if (!rest.removeAll(numbers.subList(from, Math.min(from + piece, numbers.size())))) continue;
            isSmaller |= tries(rest);
        }
        return isSmaller;
    }

    private boolean tries(Set<Integer> numbers) {
        if (runs++ >= RUNS_MAX) return false;
        Optional<Failure> failure = failure(ordeal.get().only(numbers));
        boolean isSame = failure.isPresent() && failure.get().place().equals(place);
        if (isSame) smallest = failure.get();
        return isSame;
    }

    private static AssertionError told(Failure first, Failure shrunk) {
        StringBuilder text = new StringBuilder(shrunk.run());
        text.append("\nfails: ").append(shrunk.cause().getMessage());
        text.append("\nat ").append(shrunk.place());
        text.append("\nwith ").append(shrunk.faults().size()).append(" of ");
        text.append(first.faults().size()).append(" faults:");
        shrunk.told().forEach(line -> text.append("\n  ").append(line));
        text.append("\nAll of them: ").append(first.run());
        return new AssertionError(text.toString(), shrunk.cause());
    }
}
