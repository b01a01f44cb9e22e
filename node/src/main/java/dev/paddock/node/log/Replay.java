package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.SnapshotFile.Content;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the state of a past zxid from files that nobody changes: a snapshot, and the log behind it, with every digest on
 * the way compared. A start does the same and more, see {@link Recovery}. Used once, by one thread.
 */
public final class Replay {
    private static final long PROGRESS_EVERY = 10_000;

    private final TreeRules rules;
    private final RecoveryProgress progress;
    private final DigestAudit digests = new DigestAudit();
    private final List<String> notes = new ArrayList<>();
    private Database database;

    /** Starts with nothing, which is what history begins with. */
    public Replay(TreeRules rules, RecoveryProgress progress) {
        this.rules = rules;
        this.progress = progress;
        this.database = Database.empty(rules);
    }

    /**
     * Takes the state of a snapshot.
     *
     * @throws DamagedFileException if it is not what was written
     */
    public void load(ReadableFolder folder, Named file) throws IOException {
        load(file, content(folder, file));
    }

    /**
     * Takes the state of the newest whole snapshot that has nothing of what came after a zxid; nothing where there is none
     * and the log goes back to the beginning.
     *
     * @throws DataFolderException if neither is there
     */
    public void loadBefore(DataFiles files, DataFiles logs, long zxid) throws IOException {
        for (Named file : files.snapshots().reversed()) {
            if (file.zxid() > zxid) continue;
            Optional<Content> content = whole(files.folder(), file);
            if (content.isEmpty()) continue;
            if (content.get().reachesZxid() <= zxid) {
                load(file, content.get());
                return;
            }
            notes.add(file.name() + " was written while changes up to "
                    + Zxid.toString(content.get().reachesZxid()) + " came in, so an older one was taken");
        }
        long first = logs.firstLogged();
        if (first == 0 || (first != 1 && first != Zxid.of(1, 1))) {
            throw new DataFolderException(files.folder().path("") + " has no whole snapshot of "
                    + (zxid == Long.MAX_VALUE ? "any zxid" : Zxid.toString(zxid) + " or before")
                    + ", and the log does not go back to the beginning");
        }
    }

    /**
     * Applies what the log has behind the state, up to a zxid.
     *
     * @throws DamagedLogException if the history does not go on as it was written
     */
    public void replay(DataFiles logs, long toZxid) throws IOException {
        long records = 0;
        LogReader reader = logs.log(database.lastZxid() + 1, toZxid);
        try (reader) {
            while (reader.advance()) {
                apply(reader);
                if (++records % PROGRESS_EVERY == 0) progress.replayed(records, database.lastZxid());
            }
        }
        if (toZxid == Long.MAX_VALUE) digests.ended().ifPresent(notes::add);
    }

    private void apply(LogReader reader) throws DamagedLogException {
        TxnRecord txn = reader.txn();
        database = database.apply(txn).after();
        digests.applied(txn, database).ifPresent(notes::add);
    }

    private Optional<Content> whole(ReadableFolder folder, Named file) throws IOException {
        try {
            return Optional.of(content(folder, file));
        } catch (DamagedFileException e) {
            notes.add("passed over a snapshot: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Content content(ReadableFolder folder, Named file) throws IOException {
        return new SnapshotFile(folder, file.name())
                .read(file.zxid(), rules, bytes -> progress.reading(file.name(), bytes));
    }

    private void load(Named file, Content content) {
        database = content.database();
        digests.loaded(database, content.digest());
        if (content.danglingAcls() > 0) {
            notes.add(file.name() + " lacks the ACLs of " + content.danglingAcls()
                    + " znodes, which came into being while it was written");
        }
    }

    /** The state. */
    public Database database() {
        return database;
    }

    /** How often the tree was not what a digest says that it should be. */
    public long mismatches() {
        return digests.mismatches();
    }

    /** What was passed over, and which digests first differed: one sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
