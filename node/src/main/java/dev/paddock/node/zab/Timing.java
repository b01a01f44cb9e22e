package dev.paddock.node.zab;

/**
 * The ensemble's patience.
 *
 * @param tickNanos length of a tick in nanoseconds ({@code tickTime})
 * @param initLimit ticks a learner may take to connect and synchronize
 * @param syncLimit ticks a learner may stay silent in the broadcast phase
 */
public record Timing(long tickNanos, int initLimit, int syncLimit) {
    long initNanos() {
        return tickNanos * initLimit;
    }

    long syncNanos() {
        return tickNanos * syncLimit;
    }

    long pingNanos() {
        return tickNanos / 2;
    }
}
