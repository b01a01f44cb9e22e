package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.TreeRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Adler32;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one folder, {@code snapshot.} and the hexadecimal zxid they hold all history up to, in Apache
 * ZooKeeper's format. Each is written aside, forced, read back, and only then given its name. Writing and purging
 * belong to the snapshot thread.
 */
public final class SnapshotStore {
    /** A snapshot from a leader, whole, that waits for the log it replaces to be gone. */
    static final String INSTALLING = "installing-" + FileNames.SNAPSHOT;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final String ASIDE = "next-" + FileNames.SNAPSHOT + FileNames.UNFINISHED;
    private static final int PIECE_BYTES = 256 * 1024;

    private final Folder folder;
    private final TreeRules rules;
    private final SnapshotNotes notes;
    private volatile Turn turn = Turn.ALWAYS; // of what nobody waits for

    /**
     * Makes a store over a folder.
     *
     * @param rules of the trees in it
     * @param notes about what is in it
     */
    SnapshotStore(Folder folder, TreeRules rules, SnapshotNotes notes) {
        this.folder = folder;
        this.rules = rules;
        this.notes = notes;
    }

    /**
     * A snapshot that was read.
     *
     * @param name         of its file
     * @param database     at the zxid of the name
     * @param reachesZxid  highest zxid that may have left a trace in it, above the database's own if Apache wrote it while it
     *                     went on
     * @param digest       what it says that the tree hashes to at the zxid at which all of it is there, if it says so
     * @param danglingAcls znodes whose ACL it lacks, since that came into being meanwhile
     */
    public record Loaded(
            String name, Database database, long reachesZxid, Optional<DigestAudit.Entry> digest, long danglingAcls) {}

    /**
     * A snapshot that was passed over.
     *
     * @param zxid    of its name
     * @param isCut   whether its writing was cut short, so that nothing relied on it
     * @param isOther whether it is whole, and none of those that this server wrote
     * @param failure what is wrong with it
     */
    public record Unusable(long zxid, boolean isCut, boolean isOther, DamagedFileException failure) {}

    /** The newest snapshot that could be read, and the newer ones that could not, newest first. */
    public record Newest(Optional<Loaded> loaded, List<Unusable> passedOver) {}

    /** A snapshot that is whole, and none of those that this server wrote. */
    private static final class OtherSnapshotException extends DamagedFileException {
        private static final long serialVersionUID = 1;

        OtherSnapshotException(Path file) {
            super(file, 0, "it is whole, and none of those that this server wrote for its zxid");
        }
    }

    /** Takes what says when {@link #write} and {@link #purge} may go on. */
    public void takeTurns(Turn by) {
        turn = by;
    }

    /**
     * Writes a database, slowly. After a failure nothing has changed, and the next try may succeed.
     *
     * @return the name of the file
     */
    public String write(Database database) throws IOException {
        String name = FileNames.of(FileNames.SNAPSHOT, database.lastZxid());
        write(database, name, true, Pace.slow(turn));
        return name;
    }

    /** The zxids of all snapshots, valid or not, ascending. */
    public List<Long> zxids() throws IOException {
        return files().stream().map(Named::zxid).toList();
    }

    /**
     * Reads the newest snapshot that is whole.
     *
     * @param takesOthers whether it may be another than this server wrote for that zxid
     */
    public Newest loadNewest(boolean takesOthers, RecoveryProgress progress) throws IOException {
        List<Unusable> passedOver = new ArrayList<>();
        for (Named file : files().reversed()) {
            try {
                return new Newest(Optional.of(load(file, takesOthers, progress)), passedOver);
            } catch (DamagedFileException e) {
                LOG.warn("Passing over a snapshot: {}", e.getMessage());
                boolean isCut = new SnapshotFile(folder, file.name()).isCut();
                passedOver.add(new Unusable(file.zxid(), isCut, e instanceof OtherSnapshotException, e));
            }
        }
        return new Newest(Optional.empty(), passedOver);
    }

    /**
     * Removes what is older than the newest valid snapshots to be kept; nothing if there are fewer valid ones.
     *
     * @return the zxid of the oldest kept, up to which logs may go; empty if nothing may
     */
    public Optional<Long> purge(int retainCount) throws IOException {
        List<Named> newestFirst = files().reversed();
        Pace pace = Pace.slow(turn);
        int valid = 0;
        for (int i = 0; i < newestFirst.size(); i++) {
            if (isValid(newestFirst.get(i), pace) && ++valid == retainCount) {
                for (Named older :
                        newestFirst.subList(i + 1, newestFirst.size()).reversed()) {
                    folder.delete(older.name());
                }
                folder.force(); // before any log is removed that only those needed
                return Optional.of(newestFirst.get(i).zxid());
            }
        }
        return Optional.empty();
    }

    private boolean isValid(Named named, Pace pace) throws IOException {
        var file = new SnapshotFile(folder, named.name());
        return file.isValid(pace) && !isOther(named, file.sum());
    }

    /** Whether it is none of those that this server wrote, which never compresses them. */
    private boolean isOther(Named named, FileSum sum) {
        return named.name().equals(FileNames.of(FileNames.SNAPSHOT, named.zxid()))
                && notes.contradict(named.zxid(), sum);
    }

    /**
     * Writes a snapshot from a leader that shall replace all history here; it counts only after {@link #installAlone}. Apache's
     * leaders go on while they send one, so it may hold traces of what comes next.
     */
    void writeForInstalling(Database database) throws IOException {
        write(database, FileNames.of(INSTALLING, database.lastZxid()), false, Pace.quick());
    }

    /** A whole snapshot whose installing was begun, if there is one; unfinished files are removed on the way. */
    Optional<Named> installing() throws IOException {
        LogFiles.deleteIfThere(folder, ASIDE);
        List<Named> begun = FileNames.sorted(folder.names(), INSTALLING, "");
        return begun.isEmpty() ? Optional.empty() : Optional.of(begun.getLast());
    }

    /**
     * Lets it count, now that the log before it is gone: as the only one, since older ones lack that log, and newer ones
     * hold what it does not.
     */
    void installAlone(Named begun) throws IOException {
        for (Named other : files()) {
            folder.delete(other.name());
        }
        folder.force(); // before the name is gone that makes the next recovery finish this
        folder.rename(begun.name(), FileNames.of(FileNames.SNAPSHOT, begun.zxid()));
        folder.force();
    }

    private List<Named> files() throws IOException {
        return SnapshotFile.files(folder);
    }

    private Loaded load(Named file, boolean takesOthers, RecoveryProgress progress) throws IOException {
        var snapshot = new SnapshotFile(folder, file.name());
        SnapshotFile.Content content = snapshot.read(file.zxid(), rules, bytes -> progress.reading(file.name(), bytes));
        if (!takesOthers && isOther(file, snapshot.sum())) throw new OtherSnapshotException(folder.path(file.name()));
        return new Loaded(
                file.name(), content.database(), content.reachesZxid(), content.digest(), content.danglingAcls());
    }

    private void write(Database database, String name, boolean isExact, Pace pace) throws IOException {
        LogFiles.deleteIfThere(folder, ASIDE);
        try {
            notes.add(database.lastZxid(), writeAside(database, isExact, pace)); // first: what has a name is noted
            folder.rename(ASIDE, name);
        } catch (IOException e) {
            LogFiles.deleteAfter(e, folder, ASIDE);
            throw e;
        }
        folder.force();
    }

    private FileSum writeAside(Database database, boolean isExact, Pace pace) throws IOException {
        FileSum written;
        try (StoredFile file = folder.create(ASIDE)) {
            written = writeTo(file, database, isExact, pace);
            file.force();
        }
        var readBack = new SnapshotFile(folder, ASIDE);
        if (!readBack.isValid(pace) || !readBack.sum().equals(written)) {
            throw new DamagedFileException(folder.path(ASIDE), 0, "what was just written does not read back");
        }
        return written;
    }

    /** @param isExact whether it holds the state of its zxid and nothing newer, so that its digest says something */
    private static FileSum writeTo(StoredFile file, Database database, boolean isExact, Pace pace) throws IOException {
        Output out = new Output(file, pace);
        out.write(SnapshotFormat.header());
        SnapshotEncoder body = new SnapshotEncoder(database, PIECE_BYTES);
        while (body.hasNext()) {
            out.write(body.next());
        }
        out.seal();
        if (database.rules().digests()) {
            out.write(
                    isExact
                            ? SnapshotFormat.digest(database.lastZxid(), database.digest())
                            : SnapshotFormat.noDigest());
            out.seal();
        }
        out.write(SnapshotFormat.zxid(database.lastZxid()));
        out.seal();
        return new FileSum(out.at, out.crc.getValue());
    }

    /** Writes one piece after the other and sums them up. */
    private static final class Output {
        private final StoredFile file;
        private final Pace pace;
        private final Adler32 sum = new Adler32();
        private final CRC32C crc = new CRC32C();
        private long at;

        Output(StoredFile file, Pace pace) {
            this.file = file;
            this.pace = pace;
        }

        void write(byte[] piece) throws IOException {
            file.write(ByteBuffer.wrap(piece), at);
            sum.update(piece);
            crc.update(piece);
            at += piece.length;
            pace.wrote(piece.length, file);
        }

        void seal() throws IOException {
            write(SnapshotFormat.seal(sum.getValue()));
        }
    }
}
