package dev.paddock.node.sim;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Work that may stop midway and go on later: on a thread of its own, which runs only while its caller waits for it. */
final class Coroutine<T> {
    /** What is to be done. */
    interface Work<T> {
        T run() throws IOException;
    }

    private final Semaphore itsTurn = new Semaphore(0);
    private final Semaphore callersTurn = new Semaphore(0);
    private boolean goesOn; // all below are of whose turn it is
    private @Nullable T result;
    private @Nullable Throwable failure;

    Coroutine(Work<T> work) {
        Thread.ofVirtual().start(() -> {
            itsTurn.acquireUninterruptibly();
            try {
                result = work.run();
            } catch (Throwable e) {
                failure = e;
            }
            callersTurn.release();
        });
    }

    /**
     * Lets it run until it ends or stops midway; called by its owner.
     *
     * @param goesOn what {@link #stop} returns to it
     * @return what came of it, empty if it stopped midway
     */
    Optional<T> run(boolean goesOn) throws IOException {
        this.goesOn = goesOn;
        itsTurn.release();
        callersTurn.acquireUninterruptibly();
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
        return Optional.ofNullable(result);
    }

    /** Stops midway; called by the work itself. Returns when it is to go on, or, with false, to end. */
    boolean stop() {
        callersTurn.release();
        itsTurn.acquireUninterruptibly();
        return goesOn;
    }
}
