package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnDigest;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DigestAuditTest {
    private final DigestAudit audit = new DigestAudit();
    private Database database = Database.empty();

    @Test
    void saysOnceThatARunOfTransactionsDiffersAndCountsThemAll() {
        assertThat(apply(0)).isEmpty();
        assertThat(apply(1).orElseThrow())
                .contains("0x2", Long.toString(database.digest()), Long.toString(database.digest() + 1));
        assertThat(apply(1)).isEmpty();
        assertThat(apply(0)).isEmpty();
        assertThat(apply(-1)).isPresent();
        assertThat(audit.mismatches()).isEqualTo(3);
    }

    @Test
    void comparesNothingThatSaysNothing() {
        assertThat(audit.applied(create(Optional.empty()), database)).isEmpty();
        assertThat(audit.applied(create(Optional.of(new TxnDigest(3, 1))), database))
                .as("of a version to come")
                .isEmpty();
        Database without = Database.empty(new TreeRules(false, false, false, false));
        assertThat(without.digest()).isZero();
        assertThat(audit.applied(create(Optional.of(new TxnDigest(2, 1))), without))
                .isEmpty();
        assertThat(audit.mismatches()).isZero();
    }

    /** A snapshot that Apache wrote while it went on says when it is whole, and what it hashes to then. */
    @Test
    void comparesAFuzzySnapshotWhereItIsWhole() {
        audit.loaded(database, said(3, 77));
        assertThat(apply(5)).isEmpty();
        assertThat(apply(6)).isEmpty();
        assertThat(apply(0)).as("the snapshot says 77 here").isEmpty();
        assertThat(audit.ended().orElseThrow()).contains(" 77:");
        assertThat(apply(0)).isEmpty();
        assertThat(audit.ended()).isEmpty();
        assertThat(apply(1)).isPresent();
        assertThat(audit.mismatches()).isEqualTo(2);
    }

    /** Apache writes the digest of the last transaction applied, while the next one may be in the tree in part. */
    @Test
    void forgivesASnapshotWhatTheNextTransactionExplains() {
        audit.loaded(database, said(0, database.digest() + 1));
        assertThat(apply(0)).isEmpty();
        assertThat(audit.ended()).isEmpty();
        assertThat(audit.mismatches()).isZero();
    }

    @Test
    void comparesAgainWhereTheTransactionOfTheSnapshotIsNotInTheLog() {
        audit.loaded(database, said(1, 77));
        database =
                database.apply(new TxnHeader(1, 1, 1, 1, -1), new Txn.Error(-1)).after();
        assertThat(apply(5)).as("zxid 2").isPresent();
    }

    @Test
    void comparesAnExactSnapshotAtOnceAndAnOldWordNever() {
        Database loaded = apply(database, 1).after();
        audit.loaded(loaded, said(1, loaded.digest()));
        assertThat(audit.ended()).isEmpty();
        audit.loaded(loaded, said(0, 5));
        audit.loaded(loaded, Optional.empty());
        assertThat(audit.ended()).isEmpty();
        audit.loaded(loaded, said(1, loaded.digest() + 1));
        assertThat(audit.ended()).isPresent();
        assertThat(audit.mismatches()).isEqualTo(1);
    }

    /** What a leader sent may be ahead of what it sends next, until a digest fits or the leader says that all is there. */
    @Test
    void waitsAfterALeadersSnapshotUntilItIsWhole() {
        audit.replaced();
        assertThat(apply(5)).isEmpty();
        audit.settled();
        assertThat(apply(5)).isPresent();
        audit.replaced();
        assertThat(apply(5)).isEmpty();
        assertThat(apply(0)).isEmpty();
        assertThat(apply(5)).isPresent();
        assertThat(audit.mismatches()).isEqualTo(2);
    }

    /** As of a leader that went on while it sent it, and that was taken over from disk afterwards. */
    @Test
    void waitsAfterASnapshotThatSaysNothingUntilADigestFits() {
        audit.loaded(database, Optional.empty());
        assertThat(apply(5)).isEmpty();
        assertThat(apply(6)).isEmpty();
        assertThat(apply(0)).isEmpty();
        assertThat(apply(1)).isPresent();
        assertThat(audit.mismatches()).isEqualTo(1);
    }

    @Test
    void keepsTheDigestsOfEvery128thTransaction() {
        for (int i = 1; i <= 128 * 1030; i++) {
            database = database.apply(new TxnHeader(1, 1, i, 1, -1), new Txn.Error(-1))
                    .after();
            audit.applied(new TxnRecord(new TxnHeader(1, 1, i, 1, -1), new Txn.Error(-1)), database);
        }
        assertThat(audit.log()).hasSize(1024);
        assertThat(audit.log().getFirst()).isEqualTo(new DigestAudit.Entry(128 * 7, database.digest()));
        assertThat(audit.log().getLast()).isEqualTo(new DigestAudit.Entry(128 * 1030, database.digest()));
    }

    private static Optional<DigestAudit.Entry> said(long zxid, long digest) {
        return Optional.of(new DigestAudit.Entry(zxid, digest));
    }

    /** Applies a transaction whose digest is off by so much. */
    private Optional<String> apply(long off) {
        Applied applied = apply(database, database.lastZxid() + 1);
        database = applied.after();
        return audit.applied(create(Optional.of(new TxnDigest(2, database.digest() + off))), database);
    }

    private static Applied apply(Database to, long zxid) {
        Txn txn = new Txn.Create("/n" + zxid, null, Acl.OPEN_UNSAFE, false, -1);
        return to.apply(new TxnHeader(1, 1, zxid, 1, txn.type()), txn);
    }

    private TxnRecord create(Optional<TxnDigest> digest) {
        Txn txn = new Txn.Create("/n", null, Acl.OPEN_UNSAFE, false, -1);
        return new TxnRecord(new TxnHeader(1, 1, database.lastZxid(), 1, txn.type()), txn, digest);
    }
}
