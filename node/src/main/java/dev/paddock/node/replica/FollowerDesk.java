package dev.paddock.node.replica;

import dev.paddock.node.front.Submission;
import dev.paddock.wire.SessionTouch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a learner has asked its leader and got no answer to: for its own clients and, where observers hang on it, for theirs. The
 * leader answers syncs, and revalidations, in the order asked. Owned by the core thread.
 */
final class FollowerDesk {
    private static final long OURSELVES = -1; // in place of an observer's link

    private final Map<Long, Integer> touched = new TreeMap<>(); // session to timeout, for the next PING
    private final Deque<Sync> syncs = new ArrayDeque<>();
    private final Deque<Revalidation> revalidations = new ArrayDeque<>();
    private final Map<Long, Long> ways = new TreeMap<>(); // session that came through an observer to whose it is

    /** Who waits for an answer to a sync. */
    sealed interface Sync {
        record OfClient(Submission.Submit request) implements Sync {}

        record OfObserver(long link) implements Sync {}
    }

    private record Revalidation(long sessionId, long link) {}

    void touched(long sessionId, int timeoutMillis) {
        touched.put(sessionId, timeoutMillis);
    }

    /** All that were touched since this was asked last. */
    List<SessionTouch> takeTouches() {
        List<SessionTouch> touches = new ArrayList<>(touched.size());
        touched.forEach((id, timeoutMillis) -> touches.add(new SessionTouch(id, timeoutMillis)));
        touched.clear();
        return touches;
    }

    void asks(Sync sync) {
        syncs.addLast(sync);
    }

    /** Who waited longest; null if nobody does. */
    @Nullable
    Sync synced() {
        return syncs.pollFirst();
    }

    /** A client of ours came back to its session. */
    void returnsHere(long sessionId) {
        ways.computeIfPresent(sessionId, (_, _) -> OURSELVES);
        revalidations.addLast(new Revalidation(sessionId, OURSELVES));
    }

    /** A client of an observer did. */
    void returnsThrough(long sessionId, long link) {
        ways.put(sessionId, link);
        revalidations.addLast(new Revalidation(sessionId, link));
    }

    /** A client of an observer opens a session. */
    void opensThrough(long sessionId, long link) {
        ways.put(sessionId, link);
    }

    /** Link of the observer that asked for this answer of the leader; -1 if we did ourselves. */
    long answered(long sessionId) {
        Revalidation oldest = revalidations.peekFirst();
        if (oldest == null || oldest.sessionId() != sessionId) return OURSELVES; // Apache's leaders leave none out
        return revalidations.removeFirst().link();
    }

    /** Whether what comes of a session through an observer does so by an old way. */
    boolean hasLeft(long sessionId, long link) {
        Long way = ways.get(sessionId);
        return way != null && way != link;
    }

    /** The session is no more. */
    void closed(long sessionId) {
        ways.remove(sessionId);
    }

    /** The observer is gone; what was asked for it is still answered. */
    void gone(long link) {
        ways.values().removeIf(way -> way == link);
    }

    void forgetAll() {
        touched.clear();
        syncs.clear();
        revalidations.clear();
        ways.clear();
    }
}
