package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
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

/** The event loop hands in callbacks while threads of an executor run them, in all orders of their steps: each runs, in order, one at a time. */
@Tag("lincheck")
final class CallbacksInterleavingTest {
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(8, 400);

    @Test
    void everyCallbackRunsInItsTurn() {
        OPTIONS.check(Heard.class);
    }

    @Test
    void aRunnerThatDoesNotLookAgainIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(HeardByTheHasty.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("left lying");
    }

    /** The class itself. */
    public static class Heard {
        private final Queue<Runnable> executor = new ConcurrentLinkedQueue<>();
        private final Consumer<Runnable> callbacks;
        private final AtomicBoolean isBusy = new AtomicBoolean();
        private final AtomicInteger handedIn = new AtomicInteger();
        private volatile int heard;
        private volatile boolean isWrong;

        public Heard() {
            callbacks = new Callbacks(executor::add)::run;
        }

        Heard(Function<Executor, Consumer<Runnable>> other) {
            callbacks = other.apply(executor::add);
        }

        private void hear(int number) {
            if (isBusy.getAndSet(true) || number != heard + 1) isWrong = true;
            heard = number;
            isBusy.set(false);
        }

        @Operation(nonParallelGroup = "loop")
        public void handIn() {
            int number = handedIn.incrementAndGet();
            callbacks.accept(() -> hear(number));
        }

        @Operation
        public void runOne() {
            Runnable task = executor.poll();
            if (task != null) task.run();
        }

        @Validate
        public void allWereHeard() {
            for (Runnable task = executor.poll(); task != null; task = executor.poll()) task.run();
            if (isWrong) throw new IllegalStateException("two at once, or out of order");
            if (heard != handedIn.get()) throw new IllegalStateException("a callback is left lying");
        }
    }

    /** A mutant: who runs them lets another begin only when it has run all, and does not look then. */
    public static class HeardByTheHasty extends Heard {
        public HeardByTheHasty() {
            super(executor -> {
                Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
                var isRunning = new AtomicBoolean();
                return callback -> {
                    queue.add(callback);
                    if (isRunning.getAndSet(true)) return;
                    executor.execute(() -> {
                        for (Runnable next = queue.poll(); next != null; next = queue.poll()) next.run();
                        isRunning.set(false);
                    });
                };
            });
        }
    }
}
