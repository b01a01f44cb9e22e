package dev.paddock.node.zab;

/**
 * Whom this server tried to follow in vain. A candidate may tell its vote, which is the best, and be out of reach itself, as
 * behind a firewall that was set up wrongly: all would elect it for ever. So who was tried in vain gets no vote of ours in the next
 * search, for a while. That costs no safety: an election only proposes who begins. Owned by the core thread.
 */
final class Attempts {
    private static final int MAX = 3; // a candidate that is about to lead may send us away once

    private long sid = -1; // whom we tried last
    private int count; // so often in a row

    /** The role of a follower of {@code leader} ended. */
    void ended(long leader, boolean wasActive, boolean wasReached) {
        if (wasActive) {
            sid = -1;
            return;
        }
        if (sid != leader) count = 0;
        sid = leader;
        count = wasReached ? count + 1 : MAX;
    }

    /** sid of who gets no vote of ours for now, -1 if none. */
    long shunned() {
        return sid >= 0 && count >= MAX ? sid : -1;
    }
}
