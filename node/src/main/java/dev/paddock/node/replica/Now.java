package dev.paddock.node.replica;

/**
 * The time of one step.
 *
 * @param nanos monotonic, for deadlines; never below that of the step before
 * @param wallMillis for ctime, mtime and new session ids
 */
public record Now(long nanos, long wallMillis) {}
