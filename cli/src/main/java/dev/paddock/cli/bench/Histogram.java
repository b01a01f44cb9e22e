package dev.paddock.cli.bench;

import java.util.Arrays;

/** Counts of durations in nanoseconds, each kept to within 1.6 %. The size is fixed, whatever is recorded. */
final class Histogram {
    private static final int BITS = 6; // of each duration that are kept below its highest one
    private static final int STEPS = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * STEPS];
    private long total;

    void record(long nanos) {
        counts[index(Math.max(0, nanos))]++;
        total++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /** The duration that the given share of all did not exceed, rounded up to what is kept; 0 of nothing. */
    long quantile(double share) {
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length && wanted > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) return last(i);
        }
        return 0;
    }

    /** Below {@link #STEPS} each duration has its own count; above, each power of two has as many. */
    private static int index(long nanos) {
        int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos));
        return shift * STEPS + (int) (nanos >>> shift);
    }

    /** The longest duration that is counted at {@code index}. */
    private static long last(int index) {
        int shift = Math.max(0, index / STEPS - 1);
        int kept = index - shift * STEPS;
        return ((kept + 1L) << shift) - 1;
    }
}
