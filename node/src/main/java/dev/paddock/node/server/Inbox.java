package dev.paddock.node.server;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Letters to one thread. Any thread puts them; the owner, asked to come once for all that came meanwhile, takes them in order. */
final class Inbox<T> {
    private final Executor owner;
    private final Runnable coming;
    private final ConcurrentLinkedQueue<T> letters = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isAsked = new AtomicBoolean(); // the owner has yet to begin

    /**
     * @param owner  runs what it is given on the owner's thread
     * @param coming what it is given: calls {@link #begin}, then takes, then calls {@link #again}
     */
    Inbox(Executor owner, Runnable coming) {
        this.owner = owner;
        this.coming = coming;
    }

    /**
     * Puts a letter; from any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the owner has ended; nobody will read it
     */
    void put(T letter) {
        letters.add(letter);
        ask();
    }

    private void ask() {
        if (!isAsked.getAndSet(true)) owner.execute(coming);
    }

    /** Before the owner takes: for what is put from now on it is asked again. */
    void begin() {
        isAsked.set(false);
    }

    /** Takes the first letter; null if there is none. By the owner. */
    @Nullable
    T take() {
        return letters.poll();
    }

    /** After the owner has taken some: it comes again if it left any. */
    void again() {
        if (!letters.isEmpty()) ask();
    }

    int size() {
        return letters.size();
    }
}
