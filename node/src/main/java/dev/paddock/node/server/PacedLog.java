package dev.paddock.node.server;

import java.util.function.Consumer;

/**
 * Lines of one kind that clients bring about: at most one in 100 ms is written, and the next says how many were not. Apache
 * ZooKeeper's {@code RateLogger} holds back only what is the same word for word. Owned by one thread.
 */
final class PacedLog {
    private static final long PAUSE_NANOS = 100_000_000;

    private final Consumer<String> log;
    private long saidNanos;
    private boolean hasSaid;
    private long heldBack;

    PacedLog(Consumer<String> log) {
        this.log = log;
    }

    void say(long nowNanos, String line) {
        if (hasSaid && nowNanos - saidNanos < PAUSE_NANOS) {
            heldBack++;
            return;
        }
        log.accept(heldBack == 0 ? line : line + "; " + heldBack + " more since the last line");
        hasSaid = true;
        saidNanos = nowNanos;
        heldBack = 0;
    }
}
