package dev.paddock.node.log;

import dev.paddock.node.log.ForcedMark.Mark;
import dev.paddock.node.log.SnapshotStore.Loaded;
import dev.paddock.node.log.SnapshotStore.Newest;
import dev.paddock.node.log.SnapshotStore.Unusable;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads back what a server wrote: the newest whole snapshot, then the log from there to its end, then the epochs. It
 * refuses whatever may lack something that was acknowledged. Used once.
 */
final class Recovery {
    private static final long PROGRESS_EVERY = 10_000;

    private final Folder snapshotFolder;
    private final SnapshotStore snapshots;
    private final Folder logFolder;
    private final Map<Long, Seam> seams;
    private final Optional<Mark> forced;
    private final EpochFiles epochs;
    private final Limits limits;
    private final RecoveryProgress progress;
    private final List<String> notes = new ArrayList<>();
    private final Deque<LogRecord> tail = new ArrayDeque<>();
    private final DigestAudit digests = new DigestAudit();
    private final UnsureRecords unsure;
    private final boolean takesOthers;
    private long tailBytes;
    private boolean passedOverOther;

    /**
     * What to keep and what to trust.
     *
     * @param tailCount          most records kept for the in-memory log
     * @param tailBytes          most bytes of them
     * @param trustEmptySnapshot whether a log without a snapshot may be taken for all history
     * @param rules              of the tree
     */
    record Limits(int tailCount, long tailBytes, boolean trustEmptySnapshot, TreeRules rules) {}

    /**
     * @param seams  what was before the log files, as far as that is known
     * @param forced the newest mark of how far the log was
     * @param takesOthers whether a snapshot may be another than this server wrote for its zxid
     */
    Recovery(
            Folder snapshotFolder,
            SnapshotStore snapshots,
            Folder logFolder,
            Map<Long, Seam> seams,
            Optional<Mark> forced,
            boolean takesOthers,
            EpochFiles epochs,
            Limits limits,
            RecoveryProgress progress) {
        this.snapshotFolder = snapshotFolder;
        this.snapshots = snapshots;
        this.logFolder = logFolder;
        this.epochs = epochs;
        this.limits = limits;
        this.seams = seams;
        this.forced = forced;
        this.takesOthers = takesOthers;
        this.unsure = new UnsureRecords(forced.map(Mark::zxid).orElse(Long.MAX_VALUE));
        this.progress = progress;
    }

    Recovered run() throws IOException {
        Newest newest = snapshots.loadNewest(takesOthers, progress);
        passedOverOther = newest.passedOver().stream().anyMatch(Unusable::isOther);
        newest.passedOver()
                .forEach(unusable -> notes.add(
                        "passed over a snapshot: " + unusable.failure().getMessage()));
        Optional<Loaded> loaded = newest.loaded();
        Database start = loaded.isPresent() ? loaded.get().database() : withoutSnapshot();
        loaded.ifPresent(it -> digests.loaded(start, it.digest()));
        List<Unusable> toCover = new ArrayList<>(newest.passedOver());
        toCover.removeIf(unusable -> loaded.isPresent() ? unusable.isCut() : unusable.zxid() == 0);
        long from = loaded.isPresent() ? start.lastZxid() + 1 : firstWithoutSnapshot();
        LogReader reader = FileTxnLog.reader(logFolder, seams, from);
        Database database;
        try (reader) {
            database = replay(reader, start, toCover);
        }
        digests.ended().ifPresent(notes::add);
        if (!toCover.isEmpty()) {
            throw toCover.getFirst().failure(); // its history is neither in an older snapshot nor in the log
        }
        if (loaded.isEmpty() && isBeginning(from)) {
            snapshots.write(start); // what history begins with, so that a snapshot is missed from now on
        }
        forceWhatWasRead(loaded, from);
        reader.end()
                .torn()
                .ifPresent(torn -> notes.add("cut a torn tail of " + torn.bytes() + " bytes at offset " + torn.offset()
                        + " of " + logFolder.path(torn.file()) + ": " + torn.problem()));
        loaded.ifPresent(snapshot -> noteWhatIsFuzzy(snapshot, database.lastZxid()));
        return withEpochs(database, reader.end());
    }

    /** Whether a whole snapshot was passed over, which may be used where nothing else leads to its state. */
    boolean passedOverOther() {
        return passedOverOther;
    }

    private void forceWhatWasRead(Optional<Loaded> loaded, long from) throws IOException {
        if (loaded.isPresent()) {
            LogFiles.force(snapshotFolder, loaded.get().name());
        }
        unsure.writeAgain(logFolder);
        LogFiles.forceFrom(logFolder, from);
        epochs.force();
    }

    private Database replay(LogReader reader, Database start, List<Unusable> toCover) throws IOException {
        Database database = start;
        long records = 0;
        while (reader.advance()) {
            LogRecord record = reader.record();
            unsure.read(reader);
            refuseOthersThanForced(reader);
            TxnRecord txn = reader.txn();
            database = database.apply(txn).after();
            Optional<String> difference = digests.applied(txn, database);
            if (difference.isPresent() && reader.beginsFileAndEpoch()) {
                throw reader.damaged("what was before zxid " + Zxid.toString(record.zxid())
                        + " is missing, perhaps a whole file: " + difference.get());
            }
            difference.ifPresent(notes::add);
            toCover.removeIf(unusable -> unusable.zxid() == record.zxid());
            keep(record);
            if (++records % PROGRESS_EVERY == 0) {
                progress.replayed(records, record.zxid());
            }
        }
        return database;
    }

    private void refuseOthersThanForced(LogReader reader) throws DamagedLogException {
        if (forced.isEmpty() || forced.get().zxid() != reader.record().zxid()) return;
        if (forced.get().contradicts(reader.read()))
            throw reader.damaged("the records up to here are not those that were forced");
    }

    private void keep(LogRecord record) {
        tail.addLast(record);
        tailBytes += record.payload().length;
        while (tail.size() > limits.tailCount() || tailBytes > limits.tailBytes()) {
            tailBytes -= tail.removeFirst().payload().length;
        }
    }

    /** The database that a log without a snapshot starts from: a new server has neither, an old one must have both. */
    private Database withoutSnapshot() throws IOException {
        long first = firstLogged();
        if (isBeginning(first) || limits.trustEmptySnapshot()) {
            return Database.empty(limits.rules());
        }
        String name = LogFiles.files(logFolder).getFirst().name();
        throw new DamagedFileException(
                logFolder.path(name),
                0,
                "it starts at zxid " + Zxid.toString(first) + ", but " + snapshotFolder.path("")
                        + " has no snapshot of what was before; bring the snapshot back,"
                        + " or empty both folders on this server alone so that it copies all from its peers");
    }

    /** The first zxid there is, or 1 where nothing can have been before it. */
    private long firstWithoutSnapshot() throws IOException {
        long first = firstLogged();
        return isBeginning(first) ? 1 : first;
    }

    private static boolean isBeginning(long firstZxid) {
        return firstZxid == 1 || firstZxid == Zxid.of(1, 1);
    }

    /** The zxid of the first record; 1 if there is none. */
    private long firstLogged() throws IOException {
        try (LogReader reader = FileTxnLog.reader(logFolder, Map.of(), 1)) {
            return reader.firstZxid();
        }
    }

    private void noteWhatIsFuzzy(Loaded loaded, long lastZxid) {
        if (loaded.reachesZxid() > lastZxid) {
            notes.add(loaded.name() + " was written while changes up to " + Zxid.toString(loaded.reachesZxid())
                    + " came in, and the log ends at " + Zxid.toString(lastZxid));
        }
        if (loaded.danglingAcls() > 0) {
            notes.add(loaded.name() + " lacked the ACLs of " + loaded.danglingAcls()
                    + " znodes; those that the log does not set are closed to everyone");
        }
    }

    private Recovered withEpochs(Database database, LogEnd end) throws IOException {
        EpochCheck.Found found = new EpochCheck(epochs, Zxid.epoch(database.lastZxid()), forced).run();
        notes.addAll(found.notes());
        if (found.doubts().isEmpty()) store(found);
        for (EpochDoubt doubt : found.doubts()) notes.add(doubt.message());
        return new Recovered(
                database,
                digests,
                database.lastZxid(),
                found.accepted(),
                found.current(),
                List.copyOf(tail),
                end,
                true,
                List.copyOf(found.doubts()),
                List.copyOf(notes));
    }

    private void store(EpochCheck.Found found) throws IOException {
        long accepted = found.accepted();
        long current = found.current();
        OptionalLong storedAccepted = epochs.accepted();
        if (storedAccepted.isEmpty() || storedAccepted.getAsLong() < accepted) {
            epochs.storeAccepted(accepted); // first, so that it never lies below the other
        } else if (epochs.promised().orElse(-1) < accepted) {
            epochs.copy(accepted);
        }
        if (!found.notes().isEmpty()) {
            epochs.storeCurrent(current); // in place of what cannot be read
            return;
        }
        OptionalLong storedCurrent = epochs.current();
        if (storedCurrent.isEmpty() || storedCurrent.getAsLong() < current) {
            storedCurrent.ifPresent(stored -> notes.add("raised the current epoch from " + stored + " to " + current
                    + ": the history of that epoch's leader was taken over"));
            epochs.storeCurrent(current);
        }
    }
}
