package dev.paddock.operator.planner;

/** What a server says it is. */
public enum Role {
    LEADER,
    FOLLOWER,
    OBSERVER,
    /** Alive and without a leader. */
    LOOKING,
    /** It did not say. */
    UNKNOWN
}
