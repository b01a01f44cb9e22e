package dev.paddock.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the client shows of itself. Written by the event loop thread, read by any. */
final class Status {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Callbacks callbacks;
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private volatile ConnectionState state = ConnectionState.CONNECTING;
    private volatile Optional<Session> session;
    private volatile int timeoutMillis;
    private volatile long deadlineNanos = System.nanoTime();
    private volatile long lastZxid;
    private long confirmedNanos = deadlineNanos; // start of the newest exchange that went through the leader
    private boolean ending; // the session is being closed: its deadline has passed

    Status(Callbacks callbacks, Optional<Session> session, int timeoutMillis, long lastZxid) {
        this.callbacks = callbacks;
        this.session = session;
        this.timeoutMillis = timeoutMillis;
        this.lastZxid = lastZxid;
    }

    ConnectionState state() {
        return state;
    }

    Optional<Session> session() {
        return session;
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    long timeoutNanos() {
        return timeoutMillis * NANOS_PER_MILLI;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long confirmedNanos() {
        return confirmedNanos;
    }

    long lastZxid() {
        return lastZxid;
    }

    void addListener(ConnectionListener listener) {
        listeners.add(listener);
        var now = new ConnectionListener.StateChange(state, System.nanoTime(), deadlineNanos);
        callbacks.run(() -> listener.changed(now));
    }

    void removeListener(ConnectionListener listener) {
        listeners.remove(listener);
    }

    void change(ConnectionState next) {
        state = next;
        var change = new ConnectionListener.StateChange(next, System.nanoTime(), deadlineNanos);
        for (ConnectionListener listener : listeners) {
            callbacks.run(() -> listener.changed(change));
        }
    }

    /** A handshake started at this instant gave or confirmed the session. */
    void attached(Session attached, int grantedMillis, long startNanos) {
        session = Optional.of(attached);
        timeoutMillis = grantedMillis;
        confirmed(startNanos);
    }

    /** An exchange started at this instant went through the leader. Called with instants in order. */
    void confirmed(long startNanos) {
        confirmedNanos = startNanos;
        if (!ending) {
            deadlineNanos = startNanos + timeoutNanos();
        }
    }

    /** From now on nothing may rely on the session. */
    void sessionEnding() {
        ending = true;
        long now = System.nanoTime();
        if (deadlineNanos - now > 0) {
            deadlineNanos = now;
        }
    }

    void seen(long zxid) {
        if (zxid > lastZxid) {
            lastZxid = zxid;
        }
    }
}
