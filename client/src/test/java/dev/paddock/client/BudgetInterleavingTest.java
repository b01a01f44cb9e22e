package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Request;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callers take the only place and give it back, in all orders of their steps: no two have it at once, and it is never lost. */
@Tag("lincheck")
final class BudgetInterleavingTest {
    private static final int INVOCATIONS = 300;
    private static final ClientBuilder.Limits ONE = new ClientBuilder.Limits(1, 1 << 20, 1 << 20, 1 << 20, 1);

    private static final Call<?> CALL = new Call<>(
            new Request.Exists("/", true),
            "/",
            false,
            Optional.of(new Call.Watch(Call.WatchKind.EXIST, "/", _ -> {})),
            (_, _, _) -> {
                throw new IllegalStateException("never answered");
            });

    @Test
    void itsOnlyPlaceIsTakenOnceAndNeverLost() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            var budget = new Budget(ONE);
            take(() -> budget.take(CALL).isEmpty(), () -> {
                budget.give(CALL);
                budget.giveWatches(1);
            });
            if (budget.take(CALL).isPresent()) throw new AssertionError("the place is lost");
        });
    }

    @Test
    void oneThatLooksBeforeItTakesIsFound() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(INVOCATIONS, () -> {
                    var requests = new AtomicInteger(); // a mutant
                    take(
                            () -> requests.get() < ONE.pending() && requests.incrementAndGet() > 0,
                            requests::decrementAndGet);
                }))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("two have the place");
    }

    /** Two threads, twice each. */
    private static void take(BooleanSupplier taken, Runnable given) {
        var held = new AtomicInteger();
        Runnable caller = () -> {
            for (int i = 0; i < 2; i++) {
                if (!taken.getAsBoolean()) continue;
                if (held.incrementAndGet() > 1) throw new AssertionError("two have the place");
                held.decrementAndGet();
                given.run();
            }
        };
        Thread other = new Thread(caller);
        other.start();
        caller.run();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
