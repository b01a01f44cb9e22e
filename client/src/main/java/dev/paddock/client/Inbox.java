package dev.paddock.client;

import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one way into the event loop thread, in order: many tasks to one wake-up, and one flush after them. What it holds is bounded by the client's
 * {@link Budget}.
 */
final class Inbox {
    private final EventLoop loop;
    private final Runnable afterBatch;
    private final Runnable loopGone;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /**
     * @param afterBatch called on the loop after some tasks
     * @param loopGone called before further tasks once the loop takes none; they run on whatever threads post them, one at a time
     */
    Inbox(EventLoop loop, Runnable afterBatch, Runnable loopGone) {
        this.loop = loop;
        this.afterBatch = afterBatch;
        this.loopGone = loopGone;
    }

    void post(Runnable task) {
        tasks.add(task);
        if (!woken.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(this::drain);
        } catch (RejectedExecutionException e) {
            drainAfterLoop();
        }
    }

    private synchronized void drainAfterLoop() {
        loopGone.run();
        drain();
    }

    /** Under a lock that nobody waits for but at the end: a loop that takes nothing more may still run what it has taken. */
    private synchronized void drain() {
        woken.set(false); // before the first poll: whoever adds after the last one wakes again
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        afterBatch.run();
    }
}
