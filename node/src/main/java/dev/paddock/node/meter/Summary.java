package dev.paddock.node.meter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts, adds up and sorts measurements that are not negative, in at most 5 KiB. Owned by one thread.
 *
 * <p>The sorting is by the exact value below 32, above it into 16 buckets for each power of two, so that a percentile is
 * at most a sixteenth too low.
 */
public final class Summary {
    static final int EXACT = 32;
    static final int PER_POWER = 16;
    static final int POWER_MIN = 5; // 2 to this is EXACT
    static final int POWER_MAX = 40;
    static final int BUCKETS = EXACT + (POWER_MAX - POWER_MIN + 1) * PER_POWER;

    private final boolean sorts;
    private long @Nullable [] buckets; // from the first measurement above 0 on
    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max;

    private Summary(boolean sorts) {
        this.sorts = sorts;
    }

    /** One that knows count, sum, least and greatest. */
    public static Summary basic() {
        return new Summary(false);
    }

    /** One that knows percentiles too. */
    public static Summary sorted() {
        return new Summary(true);
    }

    /** Takes a measurement; one below 0, which only a clock that was set back makes, counts as 0. */
    public void add(long measured) {
        long value = Math.max(0, measured);
        count++;
        min = Math.min(min, value);
        if (value == 0) return;
        sum += value;
        max = Math.max(max, value);
        if (sorts) {
            if (buckets == null) buckets = new long[BUCKETS];
            buckets[bucket(value)]++;
        }
    }

    static int bucket(long value) {
        if (value < EXACT) return (int) value;
        int power = 63 - Long.numberOfLeadingZeros(value);
        if (power > POWER_MAX) return BUCKETS - 1;
        return EXACT + (power - POWER_MIN) * PER_POWER + (int) (value >>> (power - 4) & PER_POWER - 1);
    }

    /** The least value of a bucket. */
    static long floor(int bucket) {
        if (bucket < EXACT) return bucket;
        int power = POWER_MIN + (bucket - EXACT) / PER_POWER;
        return (long) (PER_POWER + (bucket - EXACT) % PER_POWER) << (power - 4);
    }

    /** What was measured so far. */
    public Reading read() {
        return new Reading(
                count, sum, count == 0 ? 0 : min, max, buckets == null ? Reading.NO_BUCKETS : buckets.clone());
    }

    /** Forgets all. */
    public void reset() {
        count = 0;
        sum = 0;
        min = Long.MAX_VALUE;
        max = 0;
        if (buckets != null) Arrays.fill(buckets, 0);
    }
}
