package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that ask, and an owner that ends or is given up, in all orders of their steps: each errand is taken or refused, once. */
@Tag("lincheck")
class ErrandsInterleavingTest {
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(6, 300);

    @Test
    void nobodyWaitsInVain() {
        OPTIONS.check(Asked.class);
    }

    @Test
    void anEndThatNobodyLooksForIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(AskedInVain.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("waits in vain");
    }

    /** The class itself, as the log thread uses it. */
    public static class Asked {
        private final Queue<Integer> refused = new ConcurrentLinkedQueue<>();
        private final Errands<Integer> errands = new Errands<>(refused::add);
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Integer> taken = new ArrayList<>(); // by the owner
        private volatile boolean isOver;

        @Operation
        public void ask() {
            errands.put(asked.incrementAndGet());
        }

        @Operation(nonParallelGroup = "owner")
        public void take() {
            if (!isOver) errands.drainTo(taken);
        }

        @Operation
        public void end() {
            errands.end();
            isOver = true;
        }

        @Validate
        public void eachIsTakenOrRefused() {
            if (!isOver) errands.drainTo(taken);
            if (taken.size() + refused.size() != asked.get()) throw new IllegalStateException("somebody waits in vain");
        }
    }

    /** A mutant: who asks looks first whether the end has come. */
    public static class AskedInVain {
        private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Integer> taken = new ArrayList<>();
        private volatile boolean isOver;

        private void refuseAll() {
            while (waiting.poll() != null) refused.incrementAndGet();
        }

        @Operation
        public void ask() {
            int errand = asked.incrementAndGet();
            if (isOver) refused.incrementAndGet();
            else waiting.add(errand);
        }

        @Operation(nonParallelGroup = "owner")
        public void take() {
            if (isOver) return;
            for (Integer next = waiting.poll(); next != null; next = waiting.poll()) taken.add(next);
        }

        @Operation
        public void end() {
            isOver = true;
            refuseAll();
        }

        @Validate
        public void eachIsTakenOrRefused() {
            if (!isOver) take();
            if (taken.size() + refused.get() != asked.get()) throw new IllegalStateException("somebody waits in vain");
        }
    }
}
