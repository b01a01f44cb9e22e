package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.tree.Database;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The core shows a status while somebody begins to wait for it, in all orders of their steps: it is never missed. */
@Tag("lincheck")
class StatusBoardInterleavingTest {
    private static final int INVOCATIONS = 300;
    private static final CoreMeter METER = new CoreMeter(1);
    private static final ServerStatus SERVING =
            new ServerStatus(true, true, false, "leader", Optional.empty(), 1, Database.empty(), Optional.empty());

    @Test
    void whoWaitsHearsOfIt() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            var board = new StatusBoard(true, METER);
            Thread core = new Thread(() -> board.publish(SERVING));
            core.start();
            var found = board.next(ServerStatus::isServing);
            join(core);
            if (!found.isDone()) throw new AssertionError("missed");
        });
    }

    @Test
    void aWaiterThatLooksBeforeItIsListedIsFound() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(INVOCATIONS, () -> {
                    var board = new HastyBoard();
                    Thread core = new Thread(board::publish);
                    core.start();
                    var found = board.next();
                    join(core);
                    if (!found.isDone()) throw new AssertionError("missed");
                }))
                .isInstanceOf(LincheckAssertionError.class)
                .message()
                .doesNotContain("has hung");
    }

    /** A mutant. */
    private static final class HastyBoard {
        private final Queue<CompletableFuture<ServerStatus>> waiters = new ConcurrentLinkedQueue<>();
        private volatile ServerStatus current = ServerStatus.NOT_SERVING;

        void publish() {
            current = SERVING;
            waiters.removeIf(waiter -> waiter.complete(SERVING));
        }

        CompletableFuture<ServerStatus> next() {
            var found = new CompletableFuture<ServerStatus>();
            if (current.isServing()) found.complete(current);
            waiters.add(found);
            return found;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
