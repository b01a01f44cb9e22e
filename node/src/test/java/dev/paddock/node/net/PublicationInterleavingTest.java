package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two client loops and a core, in all orders of their steps: what the loops have taken must look like one value that the core sets. */
@Tag("lincheck")
class PublicationInterleavingTest {
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(6, 300);

    @Test
    void noLoopIsBehindWhatAnotherHasShown() {
        OPTIONS.check(Loops.class);
    }

    @Test
    void aLoopThatTakesWhatOthersLackIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(HastyLoops.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** The class itself. */
    public static class Loops {
        private final Publication<Integer> publication = new Publication<>(2);
        private final int[] shown = new int[2]; // each by its own loop
        private int told;

        @Operation(nonParallelGroup = "core")
        public void tell() {
            told++;
            publication.publish(List.of(List.of(told), List.of(told)));
        }

        @Operation(nonParallelGroup = "first loop")
        public int first() {
            return seen(0);
        }

        @Operation(nonParallelGroup = "second loop")
        public int second() {
            return seen(1);
        }

        private int seen(int loop) {
            publication.share(loop).take(batch -> shown[loop] = batch.getLast());
            return shown[loop];
        }
    }

    /** A mutant: each loop takes what has come to it, whoever else has it. */
    public static class HastyLoops {
        private final Queue<Integer> first = new ConcurrentLinkedQueue<>();
        private final Queue<Integer> second = new ConcurrentLinkedQueue<>();
        private final ArrayDeque<Integer> shownFirst = new ArrayDeque<>(List.of(0));
        private final ArrayDeque<Integer> shownSecond = new ArrayDeque<>(List.of(0));
        private int told;

        @Operation(nonParallelGroup = "core")
        public void tell() {
            told++;
            first.add(told);
            second.add(told);
        }

        @Operation(nonParallelGroup = "first loop")
        public int first() {
            return seen(first, shownFirst);
        }

        @Operation(nonParallelGroup = "second loop")
        public int second() {
            return seen(second, shownSecond);
        }

        private static int seen(Queue<Integer> come, ArrayDeque<Integer> shown) {
            Integer next;
            while ((next = come.poll()) != null) shown.addLast(next);
            return shown.getLast();
        }
    }
}
