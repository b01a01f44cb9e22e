package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What servers of Apache's say of digests, and when. */
class MismatchesTest {
    private static final String LOADING =
            line("INFO  FileSnap [main] Reading snapshot /data/version-2/snapshot.100000500");
    private static final String LOADED =
            line("INFO  ZKDatabase [main] Snapshot loaded in 60 ms, highest zxid is 0x100000600, digest is 12345");
    private static final String THREAD = "[QuorumPeer[myid=3](plain=127.0.0.1:2181)(secure=disabled)] ";
    private static final String MATCH =
            line("DEBUG DataTree " + THREAD + "Digests are matching for Zxid: 5, Digest in log and actual tree: 77");
    private static final String FIRST =
            line("WARN  DataTree " + THREAD + "Message:Digests are not matching. Value is Zxid. Value:4294967297");
    private static final String OF_TXN = line("DEBUG DataTree " + THREAD + "Digest in log: 77, actual tree: 78");
    private static final String LAST = line("WARN  DataTree " + THREAD
            + "[2 times] Message: Digests are not matching. Value is Zxid. Last value:4294967299");

    private static String line(String text) {
        return "2026-01-31 12:00:00.000 " + text + "\n";
    }

    @Test
    void onlyThoseOfAServersOwnFolderMayBeRight() {
        Mismatches told = Mismatches.in(LOADING + FIRST + OF_TXN + LOADED + MATCH + OF_TXN + FIRST);
        assertThat(told.ofOwnFolder()).containsExactly(FIRST.strip(), OF_TXN.strip());
        assertThat(told.others()).containsExactly(OF_TXN.strip(), FIRST.strip());
        assertThat(told.matches()).isOne();
    }

    /** What its log had lost came from a leader. */
    @Test
    void aSnapshotAheadOfTheLogIsCaughtUpWithOnce() {
        Mismatches told = Mismatches.in(LOADING + MATCH + OF_TXN + LOADED + OF_TXN + OF_TXN + MATCH + OF_TXN);
        assertThat(told.ofOwnFolder()).hasSize(3);
        assertThat(told.others()).hasSize(1);
        assertThat(told.matches()).isEqualTo(2);
    }

    @Test
    void whoDiesWhileItReadsReadsAgain() {
        Mismatches told = Mismatches.in(LOADING + LOADING + OF_TXN + LOADED + MATCH + OF_TXN);
        assertThat(told.ofOwnFolder()).hasSize(1);
        assertThat(told.others()).hasSize(1);
    }

    @Test
    void whatIsCountedIsTold() {
        Mismatches told = Mismatches.in(LOADING + FIRST + OF_TXN + OF_TXN + LAST + LOADED);
        assertThat(told.accountFor(1)).isFalse();
        assertThat(told.accountFor(2)).isTrue(); // both of transactions
        assertThat(told.accountFor(3)).isTrue(); // the first of the snapshot
        assertThat(told.accountFor(4)).isFalse();
        assertThat(Mismatches.in(LOADING + LOADED + MATCH).accountFor(0)).isTrue();
        assertThat(Mismatches.in(LOADING + LOADED + MATCH).accountFor(1)).isFalse();
    }
}
