package dev.paddock.node.tree;

import dev.paddock.wire.TxnDigest;
import dev.paddock.wire.TxnRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what our tree hashes to with what snapshots and transactions say it should, and keeps the digests of the past.
 * Owned by one thread; {@link #log} is a value that any may read.
 *
 * <p>A state that holds traces of transactions which are still to come cannot be compared: one read from a snapshot that
 * Apache ZooKeeper wrote or sent while it went on. Its digest is compared again from where it is {@link #settled}.
 */
public final class DigestAudit {
    /** Apache's {@code DIGEST_LOG_INTERVAL}: a round number in hexadecimal, so that servers can be compared. */
    static final int LOG_EVERY = 128;

    private static final int LOG_MAX = 1024;
    private static final long SETTLED = 0;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private List<Entry> log = List.of(); // ascending; replaced, never changed
    private long mismatches;
    private boolean differs; // whether the comparison before this one found a difference
    private long settlesAt = SETTLED; // zxid from which on the state can be compared; UNKNOWN until a digest fits
    private long expectedThere; // digest at that zxid
    private @Nullable String suspicion; // a snapshot's digest did not fit; what follows may explain it

    /** What the tree hashed to after a transaction. */
    public record Entry(long zxid, long digest) {}

    /** The digests after every 128th transaction, the newest 1024 of them, ascending: what {@code hash} shows. */
    public List<Entry> log() {
        return log;
    }

    /** How often the tree was not what it should be: the metric {@code digest_mismatches_count}. */
    public long mismatches() {
        return mismatches;
    }

    /**
     * Starts from a snapshot read from disk.
     *
     * @param said what it says of the state that it settles to; if nothing, that is where a digest fits
     */
    public void loaded(Database database, Optional<Entry> said) {
        long zxid = database.lastZxid();
        if (!database.rules().digests()) return;
        if (said.isEmpty()) {
            settlesAt = UNKNOWN; // a leader may have sent it; or it is old, and so is the log behind it
            return;
        }
        if (said.get().zxid() < zxid) return;
        settlesAt = said.get().zxid();
        expectedThere = said.get().digest();
        if (settlesAt == zxid) settle(database);
    }

    /** Starts anew from a state that a leader sent: it may be ahead of what the leader sends next. */
    public void replaced() {
        log = List.of();
        settlesAt = UNKNOWN;
        differs = false;
        suspicion = null;
    }

    /** All that a replaced state may hold traces of has been applied. */
    public void settled() {
        settlesAt = SETTLED;
    }

    /**
     * Takes the state after the next transaction.
     *
     * @return a sentence for the operator if it is the first in a row that differs from what was said of it
     */
    public Optional<String> applied(TxnRecord record, Database after) {
        long zxid = record.header().zxid();
        if (settlesAt == UNKNOWN) {
            if (said(record) && record.digest().get().treeDigest() == after.digest()) settled();
            return Optional.empty();
        }
        if (zxid < settlesAt) return Optional.empty();
        if (zxid == settlesAt) {
            settle(after);
            return Optional.empty();
        }
        settled(); // if not so before: the transaction of that zxid was not logged, so all before it was
        if (zxid % LOG_EVERY == 0) remember(new Entry(zxid, after.digest()));
        if (!after.rules().digests() || !said(record)) return Optional.empty();
        return compared(zxid, after.digest(), record.digest().get().treeDigest());
    }

    /**
     * Nothing more will be replayed over a snapshot.
     *
     * @return a sentence for the operator if the snapshot held what nothing explains
     */
    public Optional<String> ended() {
        String unexplained = suspicion;
        suspicion = null;
        if (unexplained == null) return Optional.empty();
        mismatches++;
        return Optional.of(unexplained);
    }

    /** If the two differ, the next transaction may tell why: Apache writes snapshots while one is half applied. */
    private void settle(Database at) {
        settled();
        if (at.digest() != expectedThere) suspicion = sentence(at.lastZxid(), at.digest(), expectedThere);
    }

    private static boolean said(TxnRecord record) {
        return record.digest().isPresent() && record.digest().get().version() == TxnDigest.VERSION;
    }

    private Optional<String> compared(long zxid, long actual, long expected) {
        suspicion = null;
        boolean isFirst = actual != expected && !differs;
        differs = actual != expected;
        if (differs) mismatches++;
        return isFirst ? Optional.of(sentence(zxid, actual, expected)) : Optional.empty();
    }

    private static String sentence(long zxid, long actual, long expected) {
        return "the digest of the tree at zxid 0x" + Long.toHexString(zxid) + " is " + actual + " and not " + expected
                + ": this server or its leader holds something else than the others";
    }

    private void remember(Entry entry) {
        Stream<Entry> kept = log.stream().skip(Math.max(0, log.size() + 1 - LOG_MAX));
        log = Stream.concat(kept, Stream.of(entry)).toList();
    }
}
