package dev.paddock.node.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which sessions have been silent for longer than their timeout. Time is cut into ticks, as Apache ZooKeeper
 * does: a session expires at the first end of a tick after its timeout, so never early and at most one tick late. A new
 * leader starts with a new one of these, so every session begins again in full.
 *
 * <p>Touching is one lookup and one store: a session stays in the bucket where it was, and moves to the one where it
 * belongs when that is due. Owned by the core thread.
 */
public final class SessionExpiry {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long tickNanos;
    private final Map<Long, Tracked> sessions = new HashMap<>(); // by id; iterated only to be shown
    private final TreeMap<Long, List<Tracked>> buckets = new TreeMap<>(); // number of the tick that a bucket ends

    private static final class Tracked {
        final long sessionId;
        int timeoutMillis;
        long endTick;
        boolean gone;

        Tracked(long sessionId, int timeoutMillis, long endTick) {
            this.sessionId = sessionId;
            this.timeoutMillis = timeoutMillis;
            this.endTick = endTick;
        }
    }

    /** Starts with no session. */
    public SessionExpiry(int tickMillis) {
        if (tickMillis <= 0) throw new IllegalArgumentException("a tick of " + tickMillis + " ms");
        this.tickNanos = tickMillis * NANOS_PER_MILLI;
    }

    /** Begins to track a session, or gives it another timeout; either way it was heard from now. */
    public void track(long sessionId, int timeoutMillis, long nowNanos) {
        Tracked old = sessions.get(sessionId);
        if (old != null && timeoutMillis >= old.timeoutMillis) {
            old.timeoutMillis = timeoutMillis;
            touch(sessionId, nowNanos);
            return;
        }
        if (old != null) old.gone = true; // its bucket may be too late for a shorter timeout
        var tracked = new Tracked(sessionId, timeoutMillis, endTick(nowNanos, timeoutMillis));
        sessions.put(sessionId, tracked);
        file(tracked);
    }

    /** Notes that a session was heard from; false if it is not tracked. */
    public boolean touch(long sessionId, long nowNanos) {
        Tracked tracked = sessions.get(sessionId);
        if (tracked == null) return false;
        tracked.endTick = Math.max(tracked.endTick, endTick(nowNanos, tracked.timeoutMillis));
        return true;
    }

    /** Forgets a session that was closed. */
    public void remove(long sessionId) {
        Tracked tracked = sessions.remove(sessionId);
        if (tracked != null) tracked.gone = true;
    }

    /** Takes out the sessions that are due, by ascending id. The caller closes each by a transaction. */
    public long[] expire(long nowNanos) {
        long[] due = new long[8];
        int count = 0;
        while (!buckets.isEmpty() && buckets.firstKey() * tickNanos - nowNanos <= 0) {
            var bucket = buckets.pollFirstEntry();
            for (Tracked tracked : bucket.getValue()) {
                if (tracked.gone) continue;
                if (tracked.endTick > bucket.getKey()) {
                    file(tracked);
                    continue;
                }
                sessions.remove(tracked.sessionId);
                tracked.gone = true;
                if (count == due.length) due = Arrays.copyOf(due, 2 * count);
                due[count++] = tracked.sessionId;
            }
        }
        long[] expired = Arrays.copyOf(due, count);
        Arrays.sort(expired);
        return expired;
    }

    /** When {@link #expire} may have something to do next, in monotonic nanoseconds; Long.MAX_VALUE if never. */
    public long nextDueNanos() {
        return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey() * tickNanos;
    }

    /** Whether a session is tracked. */
    public boolean tracks(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    /** How many sessions are tracked. */
    public int size() {
        return sessions.size();
    }

    private void file(Tracked tracked) {
        buckets.computeIfAbsent(tracked.endTick, tick -> new ArrayList<>()).add(tracked);
    }

    /** The end of the tick in which the timeout runs out, counted in ticks. */
    private long endTick(long nowNanos, int timeoutMillis) {
        return Math.floorDiv(nowNanos + timeoutMillis * NANOS_PER_MILLI, tickNanos) + 1;
    }

    /** What {@link #forEach} calls. */
    public interface Visitor {
        /**
         * Takes one session.
         *
         * @param endMillis monotonic time at which it expires unless it is heard from
         */
        void session(long sessionId, long endMillis);
    }

    /** Visits all sessions, in no order. */
    public void forEach(Visitor visitor) {
        long tickMillis = tickNanos / NANOS_PER_MILLI;
        sessions.values().forEach(tracked -> visitor.session(tracked.sessionId, tracked.endTick * tickMillis));
    }
}
