package dev.paddock.node.sim;

import java.util.Map;
import java.util.TreeMap;

/** Counts what runs did and went through. */
final class Tally {
    private static final String SIMULATED_MILLIS = "simulated milliseconds";
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        add(what, 1);
    }

    void ran(long nanos) {
        add(SIMULATED_MILLIS, nanos / 1_000_000);
    }

    private void add(String what, long count) {
        counts.merge(what, count, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** One line for each thing that was counted. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, count) -> {
            if (!what.equals(SIMULATED_MILLIS)) text.append(String.format("%n%,15d %s", count, what));
        });
        return text.append(String.format("%n%,15.1f simulated hours", of(SIMULATED_MILLIS) / MILLIS_PER_HOUR))
                .toString();
    }
}
