package dev.paddock.client;

/** Hears every change of a client's state, in order, starting with the state when it was added. */
@FunctionalInterface
public interface ConnectionListener {
    /** Called on the client's callback thread; must not block. */
    void changed(StateChange change);

    /**
     * One change.
     *
     * @param state the new state
     * @param atNanos when, in {@link System#nanoTime()}
     * @param sessionDeadlineNanos {@link Client#sessionDeadlineNanos()} at that time
     */
    record StateChange(ConnectionState state, long atNanos, long sessionDeadlineNanos) {}
}
