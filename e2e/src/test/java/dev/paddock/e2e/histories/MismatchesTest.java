package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What servers of Apache's say of digests, and when. */
class MismatchesTest {
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
    void onlyWhatAServerSaysBeforeItServesMayBeNoFault() {
        String read = line("WARN  DataTree [main] Message:Digests are not matching. Value is Zxid. Value:4294967297");
        String live = line("DEBUG DataTree [CommitProcessor:3] Digest in log: 77, actual tree: 78");
        Mismatches told = Mismatches.in(read + FIRST + OF_TXN + MATCH + live);
        assertThat(told.beforeItServed()).containsExactly(read.strip(), FIRST.strip(), OF_TXN.strip());
        assertThat(told.others()).containsExactly(live.strip());
        assertThat(told.matches()).isOne();
    }

    /** As of a leader that tells a wrong digest with what a server lacks. */
    @Test
    void whatIsWrongAfterSomethingRightIsAFault() {
        String own = line("INFO  FileSnap [main] Reading snapshot /data/version-2/snapshot.100000000");
        String sent = line("INFO  Learner " + THREAD + "Getting a snapshot from leader 0x100000005");
        assertThat(Mismatches.in(own + OF_TXN + MATCH + OF_TXN).others()).containsExactly(OF_TXN.strip());
        for (String again : new String[] {own, sent}) {
            Mismatches told = Mismatches.in(OF_TXN + MATCH + again + OF_TXN + MATCH);
            assertThat(told.others()).isEmpty();
            assertThat(told.beforeItServed()).hasSize(2);
        }
    }

    @Test
    void whatIsCountedIsTold() {
        Mismatches told = Mismatches.in(FIRST + OF_TXN + OF_TXN + LAST);
        assertThat(told.accountFor(1)).isFalse();
        assertThat(told.accountFor(2)).isTrue(); // both of transactions
        assertThat(told.accountFor(3)).isTrue(); // the first of the snapshot
        assertThat(told.accountFor(4)).isFalse();
        assertThat(Mismatches.in(MATCH).accountFor(0)).isTrue();
        assertThat(Mismatches.in(MATCH).accountFor(1)).isFalse();
    }
}
