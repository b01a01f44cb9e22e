package dev.paddock.node.meter;

/** How often each {@link Tally} was counted. Owned by one thread, or, once copied, by nobody. */
@SuppressWarnings("EnumOrdinal") // an EnumMap would make garbage with every answer to a client
public final class Tallies {
    private static final int SIZE = Tally.values().length;

    private final long[] counts = new long[SIZE];

    /** One more. */
    public void count(Tally tally) {
        counts[tally.ordinal()]++;
    }

    /** So many more. */
    public void add(Tally tally, long more) {
        counts[tally.ordinal()] += more;
    }

    /** How often so far. */
    public long of(Tally tally) {
        return counts[tally.ordinal()];
    }

    /** Both together. */
    public Tallies plus(Tallies other) {
        var sum = new Tallies();
        for (int i = 0; i < SIZE; i++) sum.counts[i] = counts[i] + other.counts[i];
        return sum;
    }

    /** As they are now. */
    public Tallies read() {
        return plus(new Tallies());
    }

    /** Begins to count again. */
    public void reset() {
        for (int i = 0; i < SIZE; i++) counts[i] = 0;
    }
}
