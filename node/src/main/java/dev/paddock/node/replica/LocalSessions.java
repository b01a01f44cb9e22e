package dev.paddock.node.replica;

import dev.paddock.node.session.SessionExpiry;
import java.util.HashMap;
import java.util.Map;

/**
 * Sessions that only this server knows: no transaction tells of them, they are silent for too long by this server's clock,
 * and they end when it changes its role. Owned by the core thread.
 */
final class LocalSessions {
    private final int tickMillis;
    private final Map<Long, Integer> timeouts = new HashMap<>(); // looked up, never iterated
    private SessionExpiry expiry;

    LocalSessions(int tickMillis) {
        this.tickMillis = tickMillis;
        this.expiry = new SessionExpiry(tickMillis);
    }

    void open(long sessionId, int timeoutMillis, Now now) {
        timeouts.put(sessionId, timeoutMillis);
        expiry.track(sessionId, timeoutMillis, now.nanos());
    }

    boolean has(long sessionId) {
        return timeouts.containsKey(sessionId);
    }

    /** The timeout of a session in milliseconds, -1 if it is unknown. */
    int timeoutMillis(long sessionId) {
        Integer timeoutMillis = timeouts.get(sessionId);
        return timeoutMillis == null ? -1 : timeoutMillis;
    }

    /** Notes that a session was heard from; false if it is none of these. */
    boolean touch(long sessionId, Now now) {
        return expiry.touch(sessionId, now.nanos());
    }

    /** Forgets a session, which is closed or global from now on; returns its timeout in milliseconds, -1 if it is unknown. */
    int remove(long sessionId) {
        int timeoutMillis = timeoutMillis(sessionId);
        expiry.remove(sessionId);
        timeouts.remove(sessionId);
        return timeoutMillis;
    }

    /** Takes out the sessions that were silent for too long, by ascending id. */
    long[] expire(Now now) {
        long[] due = expiry.expire(now.nanos());
        for (long sessionId : due) timeouts.remove(sessionId);
        return due;
    }

    void clear() {
        timeouts.clear();
        expiry = new SessionExpiry(tickMillis);
    }

    int size() {
        return timeouts.size();
    }
}
