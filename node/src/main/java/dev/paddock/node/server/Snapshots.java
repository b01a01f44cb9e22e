package dev.paddock.node.server;

import dev.paddock.node.log.Storage;
import dev.paddock.node.tree.Database;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots on a thread of its own. A database is a value, so nobody waits for it, and it holds exactly the
 * history up to its zxid. A failed snapshot costs nothing but a longer log; the next one is tried in its turn.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private static final int CLOSE_LIMIT_SECONDS = 5;

    private final Storage storage;
    private final int retainCount; // 0 keeps all
    private final DiskMeter meter = new DiskMeter();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ReentrantLock files = new ReentrantLock(); // held while snapshot files change
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshot").factory());

    /**
     * @param retainCount snapshots kept by the purge after each; 0 never purges
     */
    Snapshots(Storage storage, int retainCount) {
        this.storage = storage;
        this.retainCount = retainCount;
    }

    /** What was counted of the disk. */
    DiskMeter meter() {
        return meter;
    }

    /**
     * Begins to write the database, unless one is being written. Everything up to its zxid must be forced.
     *
     * @param written gets the name of the file
     */
    void begin(Database database, CompletableFuture<String> written) {
        if (busy.getAndSet(true)) {
            written.completeExceptionally(new IOException("a snapshot is being written already; ask again"));
            return;
        }
        thread.execute(() -> {
            try {
                write(database, written);
            } finally {
                busy.set(false);
            }
        });
    }

    private void write(Database database, CompletableFuture<String> written) {
        long started = System.nanoTime();
        files.lock();
        try {
            String name = storage.snapshots().write(database);
            written.complete(name);
            int logs = retainCount > 0 ? storage.purge(retainCount) : 0;
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            meter.wroteSnapshot(millis);
            LOG.info("wrote {} with {} znodes in {} ms; {} old logs purged", name, database.znodeCount(), millis, logs);
        } catch (IOException e) {
            meter.snapshotFailed();
            written.completeExceptionally(e);
            LOG.error("no snapshot could be written; the log keeps growing until one can be", e);
        } finally {
            files.unlock();
        }
    }

    /** Runs something that changes snapshot files while none is being written. */
    <T> T exclusively(DiskWork<T> work) throws IOException {
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

    /** Lets the snapshot under way finish, if that does not take long; gives it up otherwise. */
    @Override
    public void close() {
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
    }
}
