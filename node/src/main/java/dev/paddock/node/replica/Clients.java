package dev.paddock.node.replica;

import dev.paddock.node.front.Delivery;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which clients are connected here, by session: those that are served, those whose session is new, and those that came
 * back to one and wait for the leader's word. Says to the client loops what becomes of them. Looked up only, never
 * iterated. Owned by the core thread.
 */
final class Clients {
    private final ReplicaOut out;
    private final Map<Long, Attachment> attached = new HashMap<>();
    private final Map<Long, Attachment> creating = new HashMap<>(); // the session is not committed yet
    private final Map<Long, Attachment> returning = new HashMap<>(); // the leader has not answered
    private final Map<Long, Integer> agreed = new HashMap<>(); // timeouts that were asked for as they came back

    Clients(ReplicaOut out) {
        this.out = out;
    }

    /** Where the client of a session is served; null if not here. */
    @Nullable
    Attachment at(long sessionId) {
        return attached.get(sessionId);
    }

    boolean isServed(long sessionId, Attachment at) {
        return at.equals(attached.get(sessionId));
    }

    /** A client waits for its new session. */
    void creates(long sessionId, Attachment at) {
        creating.put(sessionId, at);
    }

    /** The session is committed; returns who waited for it here, null if nobody. */
    @Nullable
    Attachment created(long sessionId) {
        return creating.remove(sessionId);
    }

    /** A client has come back: one that the session had before is served no longer, and what it still sends is too late. */
    void leavesOld(long sessionId) {
        Attachment old = attached.remove(sessionId);
        if (old != null) detach(old, sessionId);
    }

    /** A client has come back to its session elsewhere: none is served here, or about to be. */
    void leaves(long sessionId) {
        leavesOld(sessionId);
        Attachment waiting = returning.remove(sessionId);
        if (waiting != null) detach(waiting, sessionId);
        agreed.remove(sessionId);
    }

    /** It waits for the leader's word; of two that came back at once the later one wins. */
    void returns(long sessionId, Attachment at, int timeoutMillis) {
        Attachment before = returning.put(sessionId, at);
        if (before != null) detach(before, sessionId);
        agreed.put(sessionId, timeoutMillis);
    }

    /** The leader has answered; returns who waited for it, null if nobody does any more. */
    @Nullable
    Attachment returned(long sessionId) {
        return returning.remove(sessionId);
    }

    /** The timeout that a client agreed on when it came back, else {@code stored}, which is that of the session. */
    int timeoutMillis(long sessionId, int stored) {
        return agreed.getOrDefault(sessionId, stored);
    }

    /** The client is served from now on. */
    void opened(long sessionId, Attachment at, int timeoutMillis) {
        attached.put(sessionId, at);
        out.toLoop(at.loop(), new Delivery.SessionOpened(at.connection(), sessionId, timeoutMillis));
    }

    void refused(Attachment at) {
        out.toLoop(at.loop(), new Delivery.SessionRefused(at.connection()));
    }

    /** The session is no more. */
    void closed(long sessionId) {
        attached.remove(sessionId);
        agreed.remove(sessionId);
    }

    /** The connection is no more. */
    void disconnected(long sessionId, Attachment gone) {
        attached.remove(sessionId, gone);
        creating.remove(sessionId, gone);
        returning.remove(sessionId, gone);
        boolean isElsewhere = !attached.containsKey(sessionId) && !returning.containsKey(sessionId);
        if (isElsewhere) agreed.remove(sessionId);
    }

    void forgetAll() {
        attached.clear();
        creating.clear();
        returning.clear();
        agreed.clear();
    }

    private void detach(Attachment at, long sessionId) {
        out.toLoop(at.loop(), new Delivery.Detach(at.connection(), sessionId));
    }
}
