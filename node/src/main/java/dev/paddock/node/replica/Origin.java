package dev.paddock.node.replica;

/** By which way a request reached the leader; at any time a session may be served by one of them only. */
sealed interface Origin {
    /** Through a learner. */
    record Learner(long link) implements Origin {}

    /** By a client of the leader's own. */
    record Local(Attachment at) implements Origin {}
}
