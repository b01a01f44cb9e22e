package dev.paddock.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the client's user handed in, one at a time and in order, on any executor. Filled by the event loop thread. It holds no more than the
 * client's bounds let be under way, since a request counts until its callback has run.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private final Executor executor;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger(); // whoever raises it from 0 starts the runner

    Callbacks(Executor executor) {
        this.executor = executor;
    }

    void run(Runnable callback) {
        queue.add(callback);
        if (size.getAndIncrement() > 0) {
            return;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            log.warn(
                    "the callback executor takes nothing more; callbacks run on the event loop thread: {}",
                    e.toString());
            drain();
        }
    }

    private void drain() {
        do {
            Runnable callback = queue.remove();
            try {
                callback.run();
            } catch (RuntimeException e) {
                log.error("a callback of the client failed", e);
            }
        } while (size.decrementAndGet() > 0);
    }
}
