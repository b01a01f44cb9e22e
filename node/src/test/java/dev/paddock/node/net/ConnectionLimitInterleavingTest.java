package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.testing.Interleavings;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that come and go at several loops, in all orders of their steps: a place that is free is given. */
@Tag("lincheck")
class ConnectionLimitInterleavingTest {
    private static final int MAX = 1;
    private static final ModelCheckingOptions OPTIONS = Interleavings.ofThreeThreads(6, 300);

    @Test
    void aPlaceIsTakenOrFree() {
        OPTIONS.check(Places.class);
    }

    /** So it was once: who was refused held a place for a moment, and kept out others who found one free. */
    @Test
    void aPlaceThatIsTakenOnlyToBeGivenBackIsFound() {
        assertThatThrownBy(() -> OPTIONS.check(PlacesOverdrawn.class))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** The class itself, with one place, which is taken at first. */
    public static class Places {
        private final ConnectionLimit limit = new ConnectionLimit(MAX, MAX);
        private final InetAddress address = InetAddress.getLoopbackAddress();

        public Places() {
            limit.enter(address);
        }

        @Operation
        public boolean enter() {
            return limit.enter(address);
        }

        @Operation(runOnce = true)
        public void firstLeaves() {
            limit.leave(address);
        }
    }

    /** A mutant. */
    public static class PlacesOverdrawn {
        private final AtomicInteger all = new AtomicInteger(1);

        @Operation
        public boolean enter() {
            if (all.incrementAndGet() <= MAX) return true;
            all.decrementAndGet();
            return false;
        }

        @Operation(runOnce = true)
        public void firstLeaves() {
            all.decrementAndGet();
        }
    }
}
