package dev.paddock.node.server;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is asked of one thread, in order. It may end meanwhile: each errand is either taken by it or refused. */
final class Errands<T> {
    private final LinkedBlockingQueue<T> waiting =
            new LinkedBlockingQueue<>(); // bounded by what those who ask may have open
    private final Consumer<T> refused;
    private volatile boolean isOver;

    /** @param refused takes what nobody will do; from any thread */
    Errands(Consumer<T> refused) {
        this.refused = refused;
    }

    /** Asks; from any thread. */
    void put(T errand) {
        waiting.add(errand);
        if (isOver) refuseAll(); // whoever ended may have looked before
    }

    /** Takes the first errand, waiting for one that long; null if none has come. By the owner. */
    @Nullable
    T poll(long millis) throws InterruptedException {
        return waiting.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Takes all that wait. By the owner. */
    void drainTo(Collection<? super T> taken) {
        waiting.drainTo(taken);
    }

    /** Whatever waits or comes is refused; from any thread, once the owner has ended or is given up. */
    void end() {
        isOver = true;
        refuseAll();
    }

    private void refuseAll() {
        for (T errand = waiting.poll(); errand != null; errand = waiting.poll()) refused.accept(errand);
    }
}
