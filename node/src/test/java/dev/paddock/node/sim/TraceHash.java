package dev.paddock.node.sim;

import java.util.Arrays;

/** Sums up a run: each event in its order. Two runs that differ anywhere have different sums, but for bad luck. */
final class TraceHash {
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L; // no even factor: no bit is lost

    private long sum;
    private long events;

    void add(long value) {
        sum = Long.rotateLeft((sum ^ value) * ODD, 29);
        events++;
    }

    void add(String text) {
        add(text.hashCode());
    }

    void add(byte[] bytes) {
        add(Arrays.hashCode(bytes));
    }

    /** So many things were summed up. */
    long events() {
        return events;
    }

    @Override
    public String toString() {
        return String.format("%016x", sum);
    }
}
