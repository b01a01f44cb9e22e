package dev.paddock.node.log;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Zxid;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one server keeps on disk, in the folders that {@code zoo.cfg} names. First {@link #recover}, then use what it
 * opened: the log and the epochs from the log thread, {@link #snapshots} and {@link #purge} from the snapshot thread.
 */
public final class Storage implements Closeable {
    /** The folder in dataDir and dataLogDir that holds everything in this version of the format. */
    static final String VERSION_FOLDER = "version-2";

    /** The folder beside it that Apache's servers do not know. */
    static final String OWN_FOLDER = "paddock";

    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final int TAIL_COUNT_MAX = 500; // more would only lengthen the start
    private static final long TAIL_BYTES = 64L << 20;

    private final @Nullable FolderLock dataLock; // null in tests, which have no folder of the system's
    private final @Nullable FolderLock logLock;
    private final Folder snapshotFolder;
    private final Folder logFolder;
    private final FileTxnLog.Settings logSettings;
    private final Executor preallocating;
    private final Recovery.Limits limits;
    private final SnapshotStore snapshots;
    private final SnapshotNotes notes;
    private final EpochFiles epochs;
    private final ForcedMark mark;
    private final Seams seams;
    private final FolderPair pair;
    private final LastResort lastResort;
    private final DiskSpace space;
    private @Nullable FileTxnLog log;
    private volatile boolean abandoned; // a thread that never came back from the disk still uses this

    Storage(
            Folder snapshotFolder,
            Folder logFolder,
            Folder ownFolder,
            FileTxnLog.Settings logSettings,
            Recovery.Limits limits,
            Executor preallocating) {
        this(
                snapshotFolder,
                snapshotFolder,
                logFolder,
                ownFolder,
                ownFolder,
                DiskSpace.unwatched(),
                logSettings,
                limits,
                preallocating,
                null,
                null);
    }

    /**
     * @param sparing   the folder of the snapshots, for what must leave room for the log
     * @param ownFolder what is ours beside the log
     * @param dataOwn   what is ours beside the snapshots; the same where they are not apart
     */
    Storage(
            Folder snapshotFolder,
            Folder sparing,
            Folder logFolder,
            Folder ownFolder,
            Folder dataOwn,
            DiskSpace space,
            FileTxnLog.Settings logSettings,
            Recovery.Limits limits,
            Executor preallocating,
            @Nullable FolderLock dataLock,
            @Nullable FolderLock logLock) {
        this.snapshotFolder = snapshotFolder;
        this.logFolder = logFolder;
        this.logSettings = logSettings;
        this.preallocating = preallocating;
        this.limits = limits;
        this.dataLock = dataLock;
        this.logLock = logLock;
        this.notes = new SnapshotNotes(dataOwn);
        this.snapshots = new SnapshotStore(sparing, limits.rules(), notes);
        this.space = space;
        this.epochs = new EpochFiles(snapshotFolder, ownFolder);
        this.mark = new ForcedMark(ownFolder);
        this.seams = new Seams(ownFolder);
        this.pair = new FolderPair(dataOwn, ownFolder);
        this.lastResort = new LastResort(logFolder, ownFolder);
    }

    /**
     * Opens the folders, making those that are not there, and locks them.
     *
     * @param rules         of the tree
     * @param preallocating runs the preparing of log files; a thread of its own, since it blocks on the disk
     * @throws DataFolderException if another server uses them, or the two folders are mixed up
     */
    public static Storage open(NodeConfig.Storage config, TreeRules rules, Executor preallocating) throws IOException {
        Path dataDir = config.dataDir().toAbsolutePath().normalize();
        Path logDir = config.dataLogDir().toAbsolutePath().normalize();
        Folder snapshotFolder = DiskFolder.open(dataDir.resolve(VERSION_FOLDER));
        FolderLock dataLock = FolderLock.take(dataDir);
        @Nullable FolderLock logLock = null;
        try {
            Folder logFolder = snapshotFolder;
            if (!logDir.equals(dataDir)) {
                logFolder = DiskFolder.open(logDir.resolve(VERSION_FOLDER));
                logLock = FolderLock.take(logDir);
                refuseMixedUp(snapshotFolder, logFolder);
            }
            var limits = new Recovery.Limits(
                    Math.min(TAIL_COUNT_MAX, config.log().commitLogCount()),
                    TAIL_BYTES,
                    config.trustEmptySnapshot(),
                    rules);
            Folder ownFolder = DiskFolder.open(logDir.resolve(OWN_FOLDER));
            Folder dataOwn = logDir.equals(dataDir) ? ownFolder : DiskFolder.open(dataDir.resolve(OWN_FOLDER));
            var room = config.log().room();
            var space = new DiskSpace(RoomWait.ofSystem());
            WatchedDisk snapshotDisk = WatchedDisk.of(snapshotFolder, room.lowBytes());
            space.watch(snapshotDisk, dataOwn, room.reserveBytes(), preallocating);
            if (!logDir.equals(dataDir)) {
                space.watch(WatchedDisk.of(logFolder, room.lowBytes()), ownFolder, room.reserveBytes(), preallocating);
            }
            space.look();
            return new Storage(
                    snapshotFolder,
                    snapshotDisk.sparing(),
                    logFolder,
                    ownFolder,
                    dataOwn,
                    space,
                    FileTxnLog.Settings.of(config),
                    limits,
                    preallocating,
                    dataLock,
                    logLock);
        } catch (IOException e) {
            dataLock.close();
            if (logLock != null) {
                logLock.close();
            }
            throw e;
        }
    }

    /**
     * Reads everything back and opens the log behind it; at the very first start it writes the empty snapshot that
     * history begins with. The log thread may call it again after truncating the log, to go back to what is on disk.
     *
     * <p>What it returns would survive a power loss: a process that died may have left things that only the system's
     * cache holds, and whatever is reported here will be acknowledged as durable.
     *
     * @throws DamagedFileException if a file is not what was written
     * @throws DataFolderException  if the files do not belong together
     */
    public Recovered recover(RecoveryProgress progress) throws IOException {
        notes.load();
        snapshotFolder.force(); // what the names say now is built upon
        logFolder.force();
        Optional<Named> begun = snapshots.installing();
        if (begun.isPresent()) {
            LogFiles.deleteAll(logFolder);
            snapshots.installAlone(begun.get());
        }
        if (pair.isBroken()) mark.distrust();
        seams.load();
        Recovered recovered = read(progress);
        Stretch end = recovered.logEnd().read().reaching(recovered.lastZxid());
        boolean isComplete = mark.isReached(recovered.currentEpoch(), end);
        mark.settle(); // a power loss must not bring back an older one, which less would reach
        if (!isComplete) refuseAcknowledgedTail(recovered.logEnd());
        if (log == null) {
            log = FileTxnLog.open(
                    logFolder,
                    recovered.logEnd(),
                    recovered.lastZxid(),
                    logSettings,
                    preallocating,
                    mark,
                    seams,
                    space);
        } else log.goOn(end);
        if (!isComplete) return recovered.incomplete(lacking(recovered.lastZxid()));
        noteSeams(recovered.logEnd().unnoted());
        pair.join();
        return recovered;
    }

    private void noteSeams(List<Seam> unnoted) throws IOException {
        try {
            seams.note(unnoted, logSettings.isForced());
        } catch (IOException e) {
            if (!space.isLackOfRoom(e)) throw e;
            LOG.warn("{}; what is before the log files is noted at the next start", e.toString());
        }
    }

    /** First without what is another snapshot than this server wrote, then, if that leads nowhere, with it. */
    private Recovered read(RecoveryProgress progress) throws IOException {
        Recovery careful = recovery(false, progress);
        try {
            return careful.run();
        } catch (DamagedFileException e) {
            if (!careful.passedOverOther()) throw e;
            LOG.warn("{}; it is used all the same, since nothing else leads to its state", e.getMessage());
            return recovery(true, progress).run();
        }
    }

    private Recovery recovery(boolean takesOthers, RecoveryProgress progress) throws IOException {
        return new Recovery(
                snapshotFolder,
                snapshots,
                logFolder,
                seams.newest(),
                mark.newest(),
                takesOthers,
                epochs,
                limits,
                progress);
    }

    /** What looks torn and was acknowledged is damage, and stays as it is for whoever can read it. */
    private void refuseAcknowledgedTail(LogEnd end) throws DamagedLogException {
        if (end.torn().isEmpty() || mark.isDistrusted()) return;
        TornTail torn = end.torn().get();
        throw new DamagedLogException(
                logFolder.path(torn.file()),
                torn.offset(),
                torn.problem() + ", and all up to zxid " + Zxid.toString(mark.zxid()) + " was acknowledged");
    }

    private String lacking(long lastZxid) throws IOException {
        if (pair.isBroken())
            return "the log in " + logFolder.path("") + " is not the one that goes with the snapshots in "
                    + snapshotFolder.path("") + ": is the disk of dataLogDir mounted?";
        String acknowledged = mark.isDistrusted() ? "more" : "all up to zxid " + Zxid.toString(mark.zxid());
        return "this server has acknowledged " + acknowledged + ", and what its files hold ends at "
                + Zxid.toString(lastZxid) + " (" + end() + "): the rest was lost or is damaged";
    }

    /** Where in which file the log ends. */
    private String end() throws IOException {
        List<Named> logs = LogFiles.files(logFolder);
        if (logs.isEmpty()) return "there is no log in " + logFolder.path("");
        String newest = logs.getLast().name();
        try (LogFileReader reader = new LogFileReader(logFolder, newest)) {
            while (true) {
                switch (reader.next()) {
                    case LogFileReader.Found _ -> {}
                    case LogFileReader.End(long offset) -> {
                        return logFolder.path(newest) + " at offset " + offset;
                    }
                    case LogFileReader.Bad bad -> {
                        return logFolder.path(newest) + " at offset " + bad.offset();
                    }
                }
            }
        }
    }

    /** What a person may do about a damaged file where no other server can make up for it: two commands to choose from. */
    public String choices(DamagedFileException damage) throws IOException {
        return lastResort.of(damage);
    }

    /** Likewise about what is not {@link Recovered#isComplete}. */
    public String choicesForTheRest() throws IOException {
        return pair.isBroken() ? lastResort.ofOtherLog(pair.path()) : lastResort.ofMissingEnd();
    }

    /**
     * Puts a damaged snapshot, a damaged log and all that follows it, or the marks of what was forced, out of the way under names
     * with {@code .damaged}, so that the next {@link #recover} finds what is left. It will not be complete until {@link #storeCurrentEpoch}.
     *
     * @return whether this is a file that can be done without
     */
    public boolean setAside(DamagedFileException damage) throws IOException {
        String name = damage.file().getFileName().toString();
        if (snapshotFolder.path(name).equals(damage.file()) && name.startsWith(FileNames.SNAPSHOT)) {
            mark.distrust();
            LogFiles.setAside(snapshotFolder, name);
            return true;
        }
        if (mark.isIn(damage.file())) {
            mark.replace();
            return true;
        }
        List<Named> logs = LogFiles.files(logFolder);
        long from = logs.stream()
                .filter(log -> log.name().equals(name))
                .mapToLong(Named::zxid)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        if (from == Long.MAX_VALUE) return false;
        mark.distrust();
        for (Named log : logs.reversed()) if (log.zxid() >= from) LogFiles.setAside(logFolder, log.name());
        return true;
    }

    /**
     * Returns when the current epoch would survive a crash. All of the history of its leader must have been forced: nothing
     * that this server ever acknowledged and a quorum has is missing any more.
     */
    public void storeCurrentEpoch(long epoch) throws IOException {
        mark.complete(epoch, written().forced());
        pair.join();
        epochs.storeCurrent(epoch);
    }

    /** Returns when how far the log was forced would be known after a failure of the machine. To be called from time to time. */
    public void forceMark() throws IOException {
        mark.forceIfNew();
    }

    /** The log; only after {@link #recover}. */
    public TxnLog log() {
        return written();
    }

    private FileTxnLog written() {
        if (log == null) {
            throw new IllegalStateException("not recovered yet");
        }
        return log;
    }

    /** The room on its disks. */
    public DiskSpace space() {
        return space;
    }

    /** The snapshots. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** The epochs. */
    public EpochFiles epochs() {
        return epochs;
    }

    /**
     * Replaces all history by a snapshot from the leader, durably. A crash midway leaves the old history, or what the
     * next recovery finishes to the new one; never parts of both. For the log thread, while no snapshot is being written.
     *
     * <p>All other snapshots go, newer ones too: a leader that never got its quorum may have sent us what nobody else has.
     */
    public void install(Database database) throws IOException {
        mark.lower(0); // first: what is there may reach further than the mark
        snapshots.writeForInstalling(database);
        log().restartAfter(database.lastZxid());
        snapshots.installAlone(snapshots.installing().orElseThrow());
    }

    /**
     * Whether cutting the log after a zxid leaves that very history. It does not where a snapshot is newer or where that
     * zxid is unknown here; then only a whole snapshot from the leader helps. For the log thread, while no snapshot is
     * being written.
     */
    public boolean canTruncateTo(long zxid) throws IOException {
        List<Long> ascending = snapshots.zxids();
        long newest = ascending.isEmpty() ? 0 : ascending.getLast();
        if (newest >= zxid) {
            return newest == zxid;
        }
        try (LogReader reader = log().read(zxid, zxid)) {
            return reader.advance();
        }
    }

    /**
     * Removes old snapshots, and the logs that none of those kept needs. For the snapshot thread.
     *
     * @param retainCount valid snapshots to keep
     * @return how many log files went
     */
    public int purge(int retainCount) throws IOException {
        Optional<Long> oldest = snapshots.purge(retainCount);
        return oldest.isPresent() ? LogFiles.purge(logFolder, oldest.get()) : 0;
    }

    /** Leaves all open and locked until the process ends, since the disk hangs and closing would too. */
    public void abandon() {
        abandoned = true;
    }

    /** Closes without forcing. */
    @Override
    public void close() throws IOException {
        if (abandoned) {
            return;
        }
        space.close();
        closeLog();
        mark.force();
        mark.close();
        seams.close();
        notes.close();
        epochs.close();
        if (logLock != null) {
            logLock.close();
        }
        if (dataLock != null) {
            dataLock.close();
        }
    }

    private void closeLog() throws IOException {
        FileTxnLog open = log;
        log = null;
        if (open != null) {
            open.close();
        }
    }

    /** As Apache does, see ZOOKEEPER-2967. */
    private static void refuseMixedUp(Folder snapshotFolder, Folder logFolder) throws IOException {
        if (!LogFiles.files(snapshotFolder).isEmpty()) {
            throw new DataFolderException(snapshotFolder.path("") + " has log files, but dataLogDir is another folder;"
                    + " move them there, or correct dataLogDir");
        }
        if (!SnapshotFile.files(logFolder).isEmpty()) {
            throw new DataFolderException(logFolder.path("") + " has snapshots, but dataDir is another folder;"
                    + " move them there, or correct dataDir and dataLogDir");
        }
    }
}
