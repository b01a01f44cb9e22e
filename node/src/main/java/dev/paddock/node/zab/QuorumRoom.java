package dev.paddock.node.zab;

import java.util.function.Consumer;

/**
 * Whether what this leader takes fits on the disks of a quorum. Whoever says nothing has room, as Apache's servers. Owned
 * by the core thread.
 */
final class QuorumRoom {
    private static final long MOVE_NANOS = 10_000_000_000L; // between two hand-overs for lack of room

    private final Membership members;
    private final Learners learners;
    private boolean isShort; // our own disk
    private boolean refuses;
    private long moveAtNanos; // not before does another lead instead

    /** @param isShort whether our disk has no room for more */
    QuorumRoom(Membership members, Learners learners, boolean isShort) {
        this.members = members;
        this.learners = learners;
        this.isShort = isShort;
    }

    /** Our own disk has room for more, or has none. */
    void own(boolean isEnough) {
        isShort = !isEnough;
    }

    /** Whether changes are refused, since no quorum of us has room for them. */
    boolean refuses() {
        return refuses;
    }

    /** From now on we lead; who has no room has said so by {@code nanos}. */
    void waitUntil(long nanos) {
        moveAtNanos = nanos;
    }

    /** Looks at the disks again; returns whether the learners are to hear of it. */
    boolean judge(Consumer<Effect> out) {
        boolean all = members.isQuorum(sid -> sid == members.self() ? !isShort : learners.hasRoom(sid));
        boolean now = isShort || (learners.isAnyShort() && !all);
        if (now == refuses) return false;
        refuses = now;
        out.accept(new Effect.Note(now ? "no quorum has room on its disks: writes are refused" : "writes are taken"));
        return true;
    }

    /** Whether another is to lead now, since we have no room and a quorum without us has; not again for a while. */
    boolean isToMove(long nowNanos) {
        if (!isShort || nowNanos < moveAtNanos) return false;
        if (!members.isQuorum(sid -> sid != members.self() && learners.hasRoom(sid))) return false;
        moveAtNanos = nowNanos + MOVE_NANOS;
        return true;
    }
}
