package dev.paddock.client;

/**
 * Hears one change of one znode. It is set by the reply of the call that it was given to ({@link Reply.Ok}), and then hears exactly one event,
 * before any reply that shows the new state. It outlives lost connections: a change made meanwhile is heard after the reconnect.
 */
@FunctionalInterface
public interface Watcher {
    /** Called on the client's callback thread; must not block. */
    void changed(WatchEvent event);
}
