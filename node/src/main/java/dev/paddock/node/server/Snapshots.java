package dev.paddock.node.server;

import dev.paddock.node.log.Storage;
import dev.paddock.node.tree.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots on a thread of its own, at this member's turns. A database is a value, so nobody waits for it, and it holds
 * exactly the history up to its zxid. A failed snapshot costs nothing but a longer log; the next one is tried in its turn.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private static final String UNWANTED = "the server stops, or takes its history from the leader";
    private static final int CLOSE_LIMIT_SECONDS = 5;
    private static final long LOOK_MILLIS = 100; // how often whether it is our turn

    private final Storage storage;
    private final int retainCount; // 0 keeps all
    private final LongSupplier clockMillis; // of the day
    private final DiskMeter meter = new DiskMeter();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ReentrantLock files = new ReentrantLock(); // held while snapshot files change
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshot").factory());
    private volatile SnapshotTurn turn = SnapshotTurn.ALONE;
    private int history; // goes up when what was begun before is not wanted any more; guarded by this
    private int begunIn; // the history of what is under way; owned by the snapshot thread
    private boolean isWriting; // rather than purging; owned by the snapshot thread
    private volatile CompletableFuture<String> underWay = new CompletableFuture<>();

    /** What was being written is not wanted any more. */
    private static final class GivenUpException extends IOException {
        private static final long serialVersionUID = 1;

        GivenUpException(String why) {
            super("the snapshot was given up: " + why);
        }
    }

    /**
     * @param retainCount snapshots kept by the purge after each; 0 never purges
     * @param clockMillis that of the day
     */
    Snapshots(Storage storage, int retainCount, LongSupplier clockMillis) {
        this.storage = storage;
        this.retainCount = retainCount;
        this.clockMillis = clockMillis;
        storage.snapshots().takeTurns(this::awaitTurn);
    }

    /** What was counted of the disk. */
    DiskMeter meter() {
        return meter;
    }

    /** Takes whose turns they are from now on; from any thread. */
    void turn(SnapshotTurn next) {
        turn = next;
    }

    /** Whether one may begin. */
    boolean isOurTurn() {
        return turn.isOurs(clockMillis.getAsLong());
    }

    /**
     * Begins to write the database, unless one is being written; whoever asks when it is not our turn gets the first few MiB
     * all the same. Everything up to its zxid must be forced.
     *
     * @param written gets the name of the file
     */
    void begin(Database database, CompletableFuture<String> written) {
        if (busy.getAndSet(true)) {
            written.completeExceptionally(new IOException("a snapshot is being written already; ask again"));
            return;
        }
        int asOf = history();
        try {
            thread.execute(() -> {
                try {
                    write(database, asOf, written);
                } finally {
                    busy.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            written.completeExceptionally(new GivenUpException(UNWANTED));
        }
    }

    /** Removes what is not needed any more, since the disk has little room; nothing if all is kept. From any thread. */
    void purgeSoon() {
        int asOf = history();
        try {
            thread.execute(() -> purgeForRoom(asOf));
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is purged: the server stops");
        }
    }

    private void purgeForRoom(int asOf) {
        files.lock();
        try {
            begunIn = asOf;
            giveUpUnlessWanted();
            purge();
        } catch (GivenUpException e) {
            LOG.debug("nothing was purged", e); // it is asked for again
        } finally {
            files.unlock();
        }
    }

    private void write(Database database, int asOf, CompletableFuture<String> written) {
        long started = System.nanoTime();
        underWay = written;
        files.lock();
        try {
            begunIn = asOf;
            isWriting = true;
            giveUpUnlessWanted();
            String name = storage.snapshots().write(database);
            isWriting = false;
            written.complete(name);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            meter.wroteSnapshot(millis);
            LOG.info("wrote {} with {} znodes in {} ms", name, database.znodeCount(), millis);
            purge();
        } catch (GivenUpException e) {
            LOG.info("{}", e.getMessage());
            written.completeExceptionally(e);
        } catch (IOException e) {
            meter.snapshotFailed();
            written.completeExceptionally(e);
            LOG.error("no snapshot could be written; the log keeps growing until one can be", e);
        } finally {
            isWriting = false;
            files.unlock();
        }
    }

    private void purge() throws GivenUpException {
        if (retainCount == 0) return;
        try {
            int logs = storage.purge(retainCount);
            if (logs > 0) LOG.info("purged {} old logs", logs);
        } catch (GivenUpException e) {
            throw e;
        } catch (IOException e) {
            LOG.error("old snapshots and logs could not be purged; it is tried again after the next snapshot", e);
        }
    }

    /**
     * On the snapshot thread. A clock that is set, or members that change, are seen at the next look. Where room is short a half
     * written snapshot does not keep what it has taken, and purging does not wait.
     */
    private synchronized void awaitTurn() throws IOException {
        try {
            giveUpUnlessWanted();
            while (!isOurTurn() && (isWriting || !storage.space().isLow())) {
                wait(LOOK_MILLIS);
                giveUpUnlessWanted();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("told to stop");
        }
    }

    private synchronized int history() {
        return history;
    }

    private synchronized void giveUpUnlessWanted() throws GivenUpException {
        if (begunIn != history) throw new GivenUpException(UNWANTED);
        if (isWriting && storage.space().isLow()) throw new GivenUpException("the disk is full");
    }

    private synchronized void giveUp() {
        history++;
        notifyAll();
    }

    /**
     * Runs something that changes the history on disk. A snapshot that is being written is given up: whoever waits for this would
     * wait for it, and its next turn may be far.
     */
    <T> T exclusively(DiskWork<T> work) throws IOException {
        giveUp();
        files.lock();
        try {
            return work.run();
        } finally {
            files.unlock();
        }
    }

    /** What may fail as disks do. */
    interface DiskWork<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** Gives up the snapshot under way, unless all but a few MiB of it are written. */
    @Override
    public void close() {
        giveUp();
        try {
            thread.shutdown();
            if (thread.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) return;
            thread.shutdownNow(); // interrupts the write
            if (thread.awaitTermination(1, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.warn("the disk does not answer; a snapshot is left unfinished");
        storage.abandon();
        underWay.completeExceptionally(new GivenUpException(UNWANTED));
    }
}
