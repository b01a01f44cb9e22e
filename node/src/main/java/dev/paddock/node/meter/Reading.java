package dev.paddock.node.meter;

/**
 * What a {@link Summary} held at one moment, or several together.
 *
 * @param min     0 if there was none
 * @param buckets how many of each value there were, those of 0 left out; empty if all were 0 or they were not sorted
 */
public record Reading(long count, long sum, long min, long max, long[] buckets) {
    static final long[] NO_BUCKETS = {};

    /** Of no measurement. */
    public static final Reading NONE = new Reading(0, 0, 0, 0, NO_BUCKETS);

    /** Both together. */
    public Reading plus(Reading other) {
        if (count == 0) return other;
        if (other.count == 0) return this;
        return new Reading(
                count + other.count,
                sum + other.sum,
                Math.min(min, other.min),
                Math.max(max, other.max),
                plus(buckets, other.buckets));
    }

    private static long[] plus(long[] a, long[] b) {
        if (a.length == 0) return b;
        if (b.length == 0) return a;
        long[] both = a.clone();
        for (int i = 0; i < both.length; i++) both[i] += b[i];
        return both;
    }

    /** With four decimals at most, as Apache ZooKeeper shows it. */
    public double mean() {
        return count == 0 ? 0 : Math.round(sum * 10_000.0 / count) / 10_000.0;
    }

    /** What that share of the measurements did not exceed, at most a sixteenth too low; 0 if there was none. */
    public long percentile(double share) {
        long rank = (long) Math.ceil(share * count);
        long above = count - rank; // so many may be greater
        long seen = 0;
        for (int i = buckets.length - 1; i >= 0; i--) {
            seen += buckets[i];
            if (seen > above) return Math.max(min, Summary.floor(i));
        }
        return 0;
    }
}
