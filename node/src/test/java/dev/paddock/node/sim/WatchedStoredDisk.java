package dev.paddock.node.sim;

import dev.paddock.node.log.Records;
import dev.paddock.node.log.Storage;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Input;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Likewise, with a server on it that looks how much room there is: it refuses changes below a mark, has a reserve, goes on in
 * another file where one cannot be written, and waits where nothing can be written at all.
 */
final class WatchedStoredDisk extends StoredDisk {
    static final int LOW_BYTES = 12 << 10; // more than a server writes between two looks
    static final long ROOM_BYTES = 1L << 40;

    private static final int RESERVE_BYTES = 4 << 10;
    private static final String RESERVE = "reserve";

    private final long preAllocBytes;
    private final Consumer<String> tally;
    private LongSupplier nanos = () -> 0;
    private @Nullable Coroutine<List<Input>> logThread; // while it waits for room, or may have to
    private boolean isDying; // and waits for nothing

    WatchedStoredDisk(long preAllocBytes, Consumer<String> tally) {
        super(preAllocBytes);
        this.preAllocBytes = preAllocBytes;
        this.tally = tally;
        makeRoom();
    }

    @Override
    void makeRoom() {
        folder.capacity(ROOM_BYTES);
    }

    @Override
    int roomBytesMax() {
        return 2 * LOW_BYTES;
    }

    @Override
    void time(LongSupplier monotonic) {
        nanos = monotonic;
    }

    @Override
    Storage opened() throws IOException {
        return Records.watched(folder, rules, preAllocBytes, LOW_BYTES, RESERVE_BYTES, nanos, _ -> waits());
    }

    /** Whether it waits no longer, but goes on; false if the process died, or is one that starts and will be started again. */
    private boolean waits() {
        if (logThread == null || isDying) return false;
        tally.accept("waits of logs for room");
        return logThread.stop();
    }

    @Override
    boolean isWatched() {
        return true;
    }

    @Override
    boolean isWaiting() {
        return logThread != null;
    }

    @Override
    void listen(Consumer<Boolean> told) {
        storage().space().listen(told);
        if (storage().space().isLow()) told.accept(true);
    }

    @Override
    void look() {
        if (!isWaiting()) storage().space().look();
    }

    @Override
    int pending() {
        return super.pending() + (isWaiting() ? 1 : 0);
    }

    /** What waits for room goes on first. */
    @Override
    List<Input> perform(int n) throws IOException {
        if (isDying || (logThread == null && folder.isWell())) return super.perform(n);
        boolean hadReserve = hasReserve();
        Coroutine<List<Input>> thread = logThread == null ? new Coroutine<>(() -> super.perform(n)) : logThread;
        logThread = thread;
        Optional<List<Input>> done = Optional.of(List.of());
        try {
            done = thread.run(true);
        } finally {
            if (done.isPresent()) logThread = null; // it has ended, well or not
            if (hadReserve && !hasReserve()) tally.accept("reserves given up for what had to be written");
        }
        return done.orElse(List.of());
    }

    private boolean hasReserve() {
        return folder.names().contains(RESERVE);
    }

    /** As {@code server.DiskThread}; where it cannot even end the log file, it does not wait for that here. */
    @Override
    void snapshot(Database committed) throws IOException {
        if (isWaiting() || storage().space().isLow()) throw new IOException("the disk is full");
        super.snapshot(committed);
    }

    @Override
    void lose() {
        giveUp();
        super.lose();
    }

    @Override
    void crash(RandomGenerator random) {
        giveUp();
        isDying = true;
        super.crash(random);
        isDying = false;
    }

    /** Nothing is done any more for which there was no room. */
    private void giveUp() {
        Coroutine<List<Input>> waiting = logThread;
        if (waiting == null) return;
        tally.accept("crashes amid waits for room");
        folder.losePowerAfter(0);
        try {
            waiting.run(false);
            throw new IllegalStateException("there was no room");
        } catch (IOException _) {
            logThread = null;
        }
    }
}
