package dev.paddock.node.server;

import dev.paddock.node.log.LogFailedException;
import dev.paddock.node.log.LogRecord;
import dev.paddock.node.log.Recovered;
import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.node.log.Storage;
import dev.paddock.node.log.TxnLog;
import dev.paddock.node.members.Members;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the log: takes everything that waits, appends it, forces once, answers once. A platform thread, since it blocks in
 * the kernel. After any failure it does nothing more: what the disk holds is unknown, and the server must stop.
 */
final class DiskThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);
    private static final long CLOSE_LIMIT_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 200; // how often at the room on the disk
    private static final long PURGE_MILLIS = 60_000; // how often while there is too little
    private static final long MARK_MILLIS = 1000; // how often how far the log was forced is forced as well
    private static final int MARK_SHARE = 20; // of this thread's time it takes one in so many at most

    /** Takes the answers; from any thread. */
    interface Core {
        /** Takes what the disk answered. */
        void inputs(List<? extends Input> inputs);

        /** Runs something on the core thread between two batches. */
        void put(Consumer<Replica> letter);
    }

    private sealed interface Work {
        record Effects(List<Effect.ToDisk> batch) implements Work {}

        record Snapshot(Database database, CompletableFuture<String> written) implements Work {}

        record Stop() implements Work {}
    }

    private final Storage storage;
    private final TxnLog log;
    private final Snapshots snapshots;
    private final SnapshotSchedule schedule;
    private final long slowForceNanos;
    private final RecoveryProgress progress;
    private final MembersFile membersFile;
    private final Core core;
    private final Consumer<Throwable> failed;
    private final Errands<Work> errands = new Errands<>(DiskThread::refuse);
    private final Thread thread;
    private final long self;
    private boolean isSnapshotDue; // by the schedule, and not asked for since it is not our turn
    private boolean dirty; // something was appended and not forced
    private int unforced; // so many txns
    private long lookedNanos = System.nanoTime();
    private long purgedNanos = lookedNanos - TimeUnit.MILLISECONDS.toNanos(PURGE_MILLIS);
    private long markDueNanos = lookedNanos + TimeUnit.MILLISECONDS.toNanos(MARK_MILLIS);
    private Work.@Nullable Snapshot snapshotDue; // waits until all that it holds is in the log

    /**
     * @param self sid of this server
     * @param slowForceMillis how long a force may take without a word in the log
     * @param core takes the answers
     * @param failed told of the failure that ended this thread
     */
    DiskThread(
            long self,
            Storage storage,
            Snapshots snapshots,
            SnapshotSchedule schedule,
            int slowForceMillis,
            RecoveryProgress progress,
            MembersFile membersFile,
            Core core,
            Consumer<Throwable> failed) {
        this.self = self;
        this.storage = storage;
        this.log = storage.log();
        this.snapshots = snapshots;
        this.schedule = schedule;
        this.slowForceNanos = TimeUnit.MILLISECONDS.toNanos(slowForceMillis);
        this.progress = progress;
        this.membersFile = membersFile;
        this.core = core;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name("log").unstarted(this::run);
        storage.space().listen(this::tellOfRoom);
        if (storage.space().isLow()) tellOfRoom(true);
    }

    void start() {
        thread.start();
    }

    /** Takes a batch; from the core thread. */
    void ask(List<Effect.ToDisk> batch) {
        errands.put(new Work.Effects(batch));
    }

    /**
     * Writes a snapshot of what a quorum committed; on the core thread.
     *
     * @param written gets the name of the file
     */
    void snapshot(Replica replica, CompletableFuture<String> written) {
        if (replica.peer().serving()) snapshot(replica.committed(), written);
        else
            written.completeExceptionally(
                    new IOException("this server does not serve: what it holds may not be committed"));
    }

    /**
     * Writes a snapshot of the database once the log is forced up to it, which a quorum may have been before us.
     *
     * @param written gets the name of the file
     */
    void snapshot(Database committed, CompletableFuture<String> written) {
        errands.put(new Work.Snapshot(committed, written));
    }

    /** Lets nobody wait for a snapshot that is never written. */
    private static void refuse(Work work) {
        if (work instanceof Work.Snapshot(Database _, CompletableFuture<String> written))
            written.completeExceptionally(new IOException("the server stops; no snapshot is written"));
    }

    /** Forces what was asked for and ends the thread; a disk that hangs or is full cannot keep the server from ending. */
    @Override
    public void close() {
        errands.put(new Work.Stop());
        storage.space().giveUp();
        try {
            thread.join(CLOSE_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the disk did not answer in {} ms; what it was asked last may be lost", CLOSE_LIMIT_MILLIS);
            storage.abandon();
            errands.end();
        }
    }

    private void run() {
        List<Work> waiting = new ArrayList<>();
        try {
            boolean going = true;
            while (going) {
                Work first = errands.poll(LOOK_MILLIS);
                if (first != null) {
                    waiting.add(first);
                    errands.drainTo(waiting);
                    going = work(waiting);
                    waiting.clear();
                }
                lookAtRoom();
                forceMark();
                askForSnapshotIfDue();
            }
        } catch (InterruptedException e) {
            LOG.warn("the log thread was interrupted", e);
        } catch (IOException | RuntimeException | Error e) {
            failed.accept(e);
        } finally {
            waiting.forEach(DiskThread::refuse);
            if (snapshotDue != null) refuse(snapshotDue);
            errands.end();
        }
    }

    private void askForSnapshotIfDue() {
        if (!isSnapshotDue || !snapshots.isOurTurn()) return;
        isSnapshotDue = false;
        core.put(replica -> snapshot(replica, new CompletableFuture<>()));
    }

    private void tellOfRoom(boolean isLow) {
        core.put(replica -> replica.room(!isLow));
    }

    private void lookAtRoom() {
        long now = System.nanoTime();
        if (now - lookedNanos < TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) return;
        lookedNanos = now;
        storage.space().look();
        if (!storage.space().isLow() || now - purgedNanos < TimeUnit.MILLISECONDS.toNanos(PURGE_MILLIS)) return;
        purgedNanos = now;
        snapshots.purgeSoon();
    }

    /** With each force of the log, it would double what a write waits for. */
    private void forceMark() throws IOException {
        long started = System.nanoTime();
        if (started - markDueNanos < 0) return;
        once(() -> {
            storage.forceMark();
            return true;
        });
        long ended = System.nanoTime();
        markDueNanos = ended + Math.max(TimeUnit.MILLISECONDS.toNanos(MARK_MILLIS), MARK_SHARE * (ended - started));
    }

    /** Does a step until there is room for it; the disk is as slow as that then. */
    private <T> T once(Snapshots.DiskWork<T> step) throws IOException {
        while (true) {
            try {
                return step.run();
            } catch (IOException e) {
                storage.space().makeRoom(e);
            }
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
                case Work.Snapshot snapshot -> {
                    dropDueSnapshot();
                    snapshotDue = snapshot;
                }
                case Work.Stop() -> going = false;
            }
        }
        force(done);
        if (!done.isEmpty()) core.inputs(done);
        if (going) beginDueSnapshot();
        return going;
    }

    private void beginDueSnapshot() throws IOException {
        if (snapshotDue == null || snapshotDue.database().lastZxid() > log.lastZxid()) return;
        if (storage.space().isLow()) { // it would take the room that the log needs
            snapshotDue.written().completeExceptionally(new IOException("the disk is full"));
            snapshotDue = null;
            return;
        }
        log.roll();
        snapshots.begin(snapshotDue.database(), snapshotDue.written());
        snapshotDue = null;
    }

    private void dropDueSnapshot() {
        if (snapshotDue != null) snapshotDue.written().cancel(false);
        snapshotDue = null;
    }

    private void carryOut(Effect.ToDisk effect, List<Input> done) throws IOException {
        if (effect instanceof Effect.Append(Proposal p)) {
            log.append(p.payload(), p.zxid());
            dirty = true;
            unforced++;
            isSnapshotDue |= schedule.appended(p.zxid(), p.payload().length);
            return;
        }
        force(done); // the rest must find all before it on disk
        switch (effect) {
            case Effect.SaveAcceptedEpoch(long epoch) -> {
                done.add(once(() -> {
                    storage.epochs().storeAccepted(epoch);
                    return new Input.AcceptedEpochSaved(epoch);
                }));
            }
            case Effect.SaveCurrentEpoch(long epoch) -> {
                done.add(once(() -> {
                    storage.storeCurrentEpoch(epoch);
                    return new Input.CurrentEpochSaved(epoch);
                }));
            }
            case Effect.InstallSnapshot(Database database) -> {
                dropDueSnapshot();
                done.add(once(() -> snapshots.exclusively(() -> {
                    storage.install(database);
                    return new Input.SnapshotInstalled(database.lastZxid());
                })));
            }
            case Effect.Truncate(long zxid) -> {
                dropDueSnapshot();
                done.add(once(() -> snapshots.exclusively(() -> truncate(zxid))));
            }
            case Effect.SaveMembers(Members members) -> {
                snapshots.turn(SnapshotTurn.of(members, self));
                membersFile.committed(members);
            }
            case Effect.Append _ -> throw new IllegalStateException("appends are taken above");
        }
    }

    private void force(List<Input> done) throws LogFailedException {
        if (!dirty) return;
        long started = System.nanoTime();
        log.force();
        dirty = false;
        long took = System.nanoTime() - started;
        snapshots.meter().forced(took, unforced, took > slowForceNanos);
        unforced = 0;
        if (took > slowForceNanos) {
            LOG.warn(
                    "forcing the log took {} ms: writes wait for the disk; look for other load on it",
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
        done.add(new Input.Forced(log.lastZxid()));
    }

    private Input truncate(long zxid) throws IOException {
        if (!storage.canTruncateTo(zxid)) return new Input.TruncationRefused(zxid);
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
