package dev.paddock.operator.config;

/** What one run came to. */
sealed interface Finding {
    /** The keys are as wanted. */
    record Kept(int keys, long zxid, String hash) implements Finding {}

    /** The path is another object's. */
    record Conflicted(String why) implements Finding {}

    /** Something passing is in the way; it is tried again. */
    record Waiting(String why) implements Finding {}

    /** Nothing can be done until this object, or one that it names, changes. */
    record Stalled(String why) implements Finding {}
}
