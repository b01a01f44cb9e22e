package dev.paddock.cli.bench;

import org.jspecify.annotations.Nullable;

/** What came of the requests since the last {@link #clear}. Owned by the thread of the load. */
final class Tally {
    private final Histogram latencies = new Histogram();
    private long answered;
    private long errors;
    private @Nullable String firstError;

    /** A reply as it should be. */
    void answered(long nanos) {
        answered++;
        latencies.record(nanos);
    }

    /** A reply that says no, or breaks the protocol. */
    void failed(String what) {
        errors++;
        if (firstError == null) firstError = what;
    }

    void clear() {
        latencies.clear();
        answered = 0;
        errors = 0;
        firstError = null;
    }

    long answered() {
        return answered;
    }

    long errors() {
        return errors;
    }

    /** The first error of all; empty if there was none. */
    String firstError() {
        return firstError == null ? "" : firstError;
    }

    Histogram latencies() {
        return latencies;
    }
}
