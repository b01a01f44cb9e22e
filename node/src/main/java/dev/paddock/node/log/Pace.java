package dev.paddock.node.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Leaves disk and processor to who cannot wait: after each quarter of a MiB whoever works by it forces what it wrote and rests
 * three times as long as all of that took, so that a force of the log never queues behind more than that. After each few MiB it
 * goes on when it is its turn. Owned by one thread.
 */
final class Pace {
    private static final int STEP_BYTES = 256 << 10;
    private static final int TURN_BYTES = 4 << 20;
    private static final int RESTS = 3; // times as long as the work
    private static final long REST_NANOS_MAX = TimeUnit.SECONDS.toNanos(1); // a disk that hangs is slow enough

    private final boolean rests;
    private final Turn turn;
    private long bytes;
    private long bytesOfTurn;
    private long sinceNanos = System.nanoTime();

    private Pace(boolean rests, Turn turn) {
        this.rests = rests;
        this.turn = turn;
    }

    /** For what nobody waits for. */
    static Pace slow(Turn turn) {
        return new Pace(true, turn);
    }

    /** For what somebody waits for. */
    static Pace quick() {
        return new Pace(false, Turn.ALWAYS);
    }

    /** So many bytes more were written to a file. */
    void wrote(int count, StoredFile file) throws IOException {
        if (!isDue(count)) return;
        file.force();
        rest();
    }

    /** So many bytes more were read. */
    void read(int count) throws IOException {
        if (isDue(count)) rest();
    }

    private boolean isDue(int count) {
        bytes += count;
        return rests && bytes >= STEP_BYTES;
    }

    private void rest() throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(REST_NANOS_MAX, RESTS * (System.nanoTime() - sinceNanos)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("told to stop");
        }
        bytesOfTurn += bytes;
        bytes = 0;
        if (bytesOfTurn >= TURN_BYTES) {
            turn.await();
            bytesOfTurn = 0;
        }
        sinceNanos = System.nanoTime();
    }
}
