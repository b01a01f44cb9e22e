package dev.paddock.node.server;

import dev.paddock.node.log.LogFailedException;
import dev.paddock.node.log.LogRecord;
import dev.paddock.node.log.Recovered;
import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.node.log.Storage;
import dev.paddock.node.log.TxnLog;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the log: takes everything that waits, appends it, forces once, answers once. A platform thread, since it blocks in
 * the kernel. After any failure it does nothing more: what the disk holds is unknown, and the server must stop.
 */
final class DiskThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);
    private static final long SLOW_FORCE_NANOS = TimeUnit.SECONDS.toNanos(1); // fsync.warningthresholdms

    private sealed interface Work {
        record Effects(List<Effect.ToDisk> batch) implements Work {}

        record Snapshot(Database database) implements Work {}

        record Stop() implements Work {}
    }

    private final Storage storage;
    private final TxnLog log;
    private final Snapshots snapshots;
    private final SnapshotSchedule schedule;
    private final RecoveryProgress progress;
    private final CoreLoop core;
    private final Consumer<Throwable> failed;
    private final LinkedBlockingQueue<Work> queue =
            new LinkedBlockingQueue<>(); // bounded by what the core may have open
    private final Thread thread;
    private boolean dirty; // something was appended and not forced

    /**
     * @param core takes the answers
     * @param failed told of the failure that ended this thread
     */
    DiskThread(
            Storage storage,
            Snapshots snapshots,
            SnapshotSchedule schedule,
            RecoveryProgress progress,
            CoreLoop core,
            Consumer<Throwable> failed) {
        this.storage = storage;
        this.log = storage.log();
        this.snapshots = snapshots;
        this.schedule = schedule;
        this.progress = progress;
        this.core = core;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name("log").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Takes a batch; from the core thread. */
    void ask(List<Effect.ToDisk> batch) {
        queue.add(new Work.Effects(batch));
    }

    /** On the core thread: only what a quorum committed goes into a snapshot, and only once our log is forced up to it. */
    private void snapshotDue(Replica replica) {
        if (replica.peer().serving()) queue.add(new Work.Snapshot(replica.committed()));
    }

    /** Forces what was asked for and ends the thread. */
    @Override
    public void close() {
        queue.add(new Work.Stop());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Work> waiting = new ArrayList<>();
        try {
            boolean going = true;
            while (going) {
                waiting.add(queue.take());
                queue.drainTo(waiting);
                going = work(waiting);
                waiting.clear();
            }
        } catch (InterruptedException e) {
            LOG.warn("the log thread was interrupted", e);
        } catch (IOException | RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    /** Does everything that waits; false if it is told to stop. */
    private boolean work(List<Work> waiting) throws IOException {
        List<Input> done = new ArrayList<>();
        boolean going = true;
        for (Work work : waiting) {
            switch (work) {
                case Work.Effects(List<Effect.ToDisk> batch) -> {
                    for (Effect.ToDisk effect : batch) carryOut(effect, done);
                }
                case Work.Snapshot(Database database) -> {
                    force(done);
                    log.roll();
                    snapshots.begin(database);
                }
                case Work.Stop() -> going = false;
            }
        }
        force(done);
        if (!done.isEmpty()) core.inputs(done);
        return going;
    }

    private void carryOut(Effect.ToDisk effect, List<Input> done) throws IOException {
        if (effect instanceof Effect.Append(Proposal p)) {
            log.append(p.payload(), p.zxid());
            dirty = true;
            if (schedule.appended()) core.put(this::snapshotDue);
            return;
        }
        force(done); // the rest must find all before it on disk
        switch (effect) {
            case Effect.SaveAcceptedEpoch(long epoch) -> {
                storage.epochs().storeAccepted(epoch);
                done.add(new Input.AcceptedEpochSaved(epoch));
            }
            case Effect.SaveCurrentEpoch(long epoch) -> {
                storage.epochs().storeCurrent(epoch);
                done.add(new Input.CurrentEpochSaved(epoch));
            }
            case Effect.InstallSnapshot(Database database) -> {
                snapshots.exclusively(() -> storage.install(database));
                done.add(new Input.SnapshotInstalled(database.lastZxid()));
            }
            case Effect.Truncate(long zxid) -> done.add(truncate(zxid));
            case Effect.Append _ -> throw new IllegalStateException("appends are taken above");
        }
    }

    private void force(List<Input> done) throws LogFailedException {
        if (!dirty) return;
        long started = System.nanoTime();
        log.force();
        dirty = false;
        long took = System.nanoTime() - started;
        if (took > SLOW_FORCE_NANOS) {
            LOG.warn(
                    "forcing the log took {} ms: writes wait for the disk; look for other load on it",
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
        done.add(new Input.Forced(log.lastZxid()));
    }

    private Input truncate(long zxid) throws IOException {
        log.truncate(zxid);
        Recovered left = storage.recover(progress);
        if (left.lastZxid() != zxid) {
            throw new IOException("truncating the log to 0x" + Long.toHexString(zxid) + " left it at 0x"
                    + Long.toHexString(left.lastZxid()));
        }
        return new Input.Truncated(left.database(), proposals(left.tail()));
    }

    static List<Proposal> proposals(List<LogRecord> records) {
        return records.stream().map(r -> new Proposal(r.zxid(), r.payload())).toList();
    }
}
