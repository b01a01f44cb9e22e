package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Threads that post to an {@link Inbox}, the turns of the event loop and its end, in all orders of their steps: each task runs,
 * one at a time, and is flushed.
 */
@Tag("lincheck")
final class TasksInterleavingTest {
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(8, 400);

    @Test
    void everyTaskRunsAndIsFlushed() {
        OPTIONS.check(Posted.class);
    }

    @Test
    void aLoopThatIsNotWokenAgainIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(PostedToTheForgetful.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("left lying");
    }

    /** What the inbox sees of an event loop: one that ends runs what it has taken, and refuses the rest meanwhile. */
    static final class Turns {
        private final Queue<Runnable> taken = new ConcurrentLinkedQueue<>();
        private volatile boolean isOver;

        void execute(Runnable task) {
            taken.add(task);
            if (isOver && taken.remove(task)) throw new RejectedExecutionException();
        }

        void runOne() {
            Runnable task = taken.poll();
            if (task != null) task.run();
        }

        void end() {
            isOver = true;
            for (Runnable task = taken.poll(); task != null; task = taken.poll()) task.run();
        }

        @SuppressWarnings("ReferenceEquality") // the loop is equal to itself alone
        EventLoop loop() {
            return (EventLoop) Proxy.newProxyInstance(
                    EventLoop.class.getClassLoader(),
                    new Class<?>[] {EventLoop.class},
                    (loop, method, given) -> switch (method.getName()) {
                        case "execute" -> {
                            execute((Runnable) given[0]);
                            yield null;
                        }
                        case "equals" -> loop == given[0]; // asked by Lincheck, as is the other
                        case "hashCode" -> hashCode();
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }
    }

    /** The class itself. */
    public static class Posted {
        private final Turns turns = new Turns();
        private final Consumer<Runnable> inbox;
        private final AtomicInteger posted = new AtomicInteger();
        private final AtomicBoolean isBusy = new AtomicBoolean();
        private volatile boolean overlapped;
        private final AtomicInteger run = new AtomicInteger();
        private volatile int flushed;

        public Posted() {
            inbox = new Inbox(turns.loop(), this::flush, () -> {})::post;
        }

        Posted(Function<Posted, Consumer<Runnable>> other) {
            inbox = other.apply(this);
        }

        void flush() {
            flushed = run.get();
        }

        private void task() {
            if (isBusy.getAndSet(true)) overlapped = true;
            run.incrementAndGet();
            isBusy.set(false);
        }

        @Operation
        public void post() {
            posted.incrementAndGet();
            inbox.accept(this::task);
        }

        @Operation(nonParallelGroup = "loop")
        public void turn() {
            turns.runOne();
        }

        @Operation(nonParallelGroup = "loop")
        public void end() {
            turns.end();
        }

        @Validate
        public void allRan() {
            turns.end();
            if (overlapped) throw new IllegalStateException("two tasks at once");
            if (run.get() != posted.get()) throw new IllegalStateException("a task is left lying");
            if (flushed != run.get()) throw new IllegalStateException("a task is not flushed");
        }
    }

    /** A mutant: the loop may be woken again only when it has run everything, and does not look then. */
    public static class PostedToTheForgetful extends Posted {
        public PostedToTheForgetful() {
            super(posted -> {
                Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
                var isWoken = new AtomicBoolean();
                return task -> {
                    tasks.add(task);
                    if (isWoken.getAndSet(true)) return;
                    posted.turns.taken.add(() -> {
                        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) next.run();
                        isWoken.set(false);
                        posted.flush();
                    });
                };
            });
        }
    }
}
