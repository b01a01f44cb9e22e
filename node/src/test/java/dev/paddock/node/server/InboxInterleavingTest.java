package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that put letters and the owner's turns, in all orders of their steps: at the end the owner has taken every letter. */
@Tag("lincheck")
class InboxInterleavingTest {
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(6, 300);

    @Test
    void everyLetterIsTaken() {
        OPTIONS.check(Letters.class);
    }

    @Test
    void anOwnerThatIsNotAskedAgainIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(ForgottenLetters.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("left lying");
    }

    /** The class itself, as the core's loop uses it. */
    public static class Letters {
        private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>(); // the tasks of an event loop
        private final Inbox<Integer> inbox = new Inbox<>(loop::add, this::come);
        private final AtomicInteger puts = new AtomicInteger();
        private final List<Integer> taken = new ArrayList<>(); // by the owner

        private void come() {
            inbox.begin();
            for (Integer next = inbox.take(); next != null; next = inbox.take()) taken.add(next);
            inbox.again();
        }

        @Operation
        public void put() {
            inbox.put(puts.incrementAndGet());
        }

        @Operation(nonParallelGroup = "owner")
        public void turn() {
            Runnable task = loop.poll();
            if (task != null) task.run();
        }

        @Validate
        public void allAreTaken() {
            for (Runnable task = loop.poll(); task != null; task = loop.poll()) task.run();
            if (taken.size() != puts.get()) throw new IllegalStateException("a letter is left lying");
        }
    }

    /** A mutant: the owner lets itself be asked again only when it has taken all, and does not look then. */
    public static class ForgottenLetters {
        private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
        private final Queue<Integer> letters = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean isAsked = new AtomicBoolean();
        private final AtomicInteger puts = new AtomicInteger();
        private final List<Integer> taken = new ArrayList<>();

        private void come() {
            for (Integer next = letters.poll(); next != null; next = letters.poll()) taken.add(next);
            isAsked.set(false);
        }

        @Operation
        public void put() {
            letters.add(puts.incrementAndGet());
            if (!isAsked.getAndSet(true)) loop.add(this::come);
        }

        @Operation(nonParallelGroup = "owner")
        public void turn() {
            Runnable task = loop.poll();
            if (task != null) task.run();
        }

        @Validate
        public void allAreTaken() {
            for (Runnable task = loop.poll(); task != null; task = loop.poll()) task.run();
            if (taken.size() != puts.get()) throw new IllegalStateException("a letter is left lying");
        }
    }
}
