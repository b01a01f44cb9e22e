package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.log.CrashingFolder;
import dev.paddock.node.log.Records;
import dev.paddock.node.log.Storage;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int ZNODE_BYTES = 1 << 20;
    private static final int ZNODES = 12; // three times what is written between two looks at the clock
    private static final Database LARGE = database(ZNODES);

    private final AtomicLong clock = new AtomicLong();

    /** One server's disk and what writes to it. */
    private final class Member implements AutoCloseable {
        final CrashingFolder folder = new CrashingFolder();
        final Storage storage;
        final Snapshots snapshots;
        final CompletableFuture<String> written = new CompletableFuture<>();

        Member(int rank, int voters, int retainCount) throws IOException {
            storage = Records.storage(folder);
            snapshots = new Snapshots(storage, retainCount, clock::get);
            snapshots.turn(new SnapshotTurn(rank, voters));
        }

        void begin(Database database) {
            snapshots.begin(database, written);
        }

        /** It has written all that it may and waits for its turn. */
        void awaitPause() {
            String aside = "next-snapshot.tmp";
            await().atMost(SOON).until(() -> folder.names().contains(aside) && folder.size(aside) >= 4 << 20);
            int length = folder.size(aside);
            await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> folder.size(aside) == length);
            assertThat(written).isNotDone();
            assertThat(length).isLessThan(6 << 20);
        }

        @Override
        public void close() throws IOException {
            snapshots.close();
            storage.close();
        }
    }

    @Test
    void eachMemberWritesInItsTurnAlone() throws Exception {
        try (var first = new Member(0, 3, 0);
                var second = new Member(1, 3, 0);
                var third = new Member(2, 3, 0)) {
            first.begin(LARGE);
            second.begin(LARGE);
            third.begin(LARGE);
            assertThat(first.written).succeedsWithin(SOON).isEqualTo("snapshot.c");
            second.awaitPause();
            third.awaitPause();
            clock.set(2 * SnapshotTurn.SLOT_MILLIS - SnapshotTurn.REST_MILLIS);
            second.awaitPause();
            clock.set(SnapshotTurn.SLOT_MILLIS);
            assertThat(second.written).succeedsWithin(SOON);
            third.awaitPause();
            clock.set(2 * SnapshotTurn.SLOT_MILLIS);
            assertThat(third.written).succeedsWithin(SOON);
        }
    }

    @Test
    void whoWaitsForTheFilesDoesNotWaitForATurn() throws Exception {
        try (var member = new Member(1, 3, 0)) {
            member.begin(LARGE);
            member.awaitPause();
            assertThat(member.snapshots.exclusively(member.storage.snapshots()::zxids))
                    .containsExactly(0L);
            assertThat(member.written).failsWithin(SOON);
            assertThat(member.folder.names()).doesNotContain("next-snapshot.tmp", "snapshot.c");
            clock.set(SnapshotTurn.SLOT_MILLIS);
            await().atMost(SOON).until(() -> {
                var next = new CompletableFuture<String>();
                member.snapshots.begin(LARGE, next); // the one given up may not have ended yet
                return next.handle((name, failure) -> failure == null).join();
            });
        }
    }

    @Test
    void membersThatChangeChangeTheTurns() throws Exception {
        try (var member = new Member(1, 3, 0)) {
            member.begin(LARGE);
            member.awaitPause();
            member.snapshots.turn(SnapshotTurn.ALONE);
            assertThat(member.written).succeedsWithin(SOON);
        }
    }

    @Test
    void theEndWaitsForNoTurnAndLeavesNobodyWaiting() throws Exception {
        var member = new Member(1, 3, 0);
        member.begin(LARGE);
        member.awaitPause();
        member.close();
        assertThat(member.written).isCompletedExceptionally();
        var late = new CompletableFuture<String>();
        member.snapshots.begin(LARGE, late);
        assertThat(late).isCompletedExceptionally();
    }

    @Test
    void whereRoomIsShortNothingHalfWrittenKeepsItAndOldOnesGo() throws Exception {
        var folder = new CrashingFolder();
        folder.capacity(64 << 20);
        Storage storage = Records.watched(folder, 8 << 20, 0);
        try (storage;
                var snapshots = new Snapshots(storage, 1, clock::get)) {
            storage.snapshots().write(database(1));
            snapshots.turn(new SnapshotTurn(1, 3));
            var written = new CompletableFuture<String>();
            snapshots.begin(LARGE, written);
            await().atMost(SOON).until(() -> folder.names().contains("next-snapshot.tmp"));
            folder.put("of-somebody-else", new byte[(int) folder.space().usable() - (4 << 20)]);
            storage.space().look();
            assertThat(written).failsWithin(SOON).withThrowableThat().withMessageContaining("the disk is full");
            await().atMost(SOON).until(() -> !folder.names().contains("next-snapshot.tmp"));
            assertThat(storage.snapshots().zxids()).containsExactly(0L, 1L);
            snapshots.purgeSoon();
            await().atMost(SOON).until(() -> storage.snapshots().zxids().equals(List.of(1L)));
        }
    }

    /** One that is not on disk as it was written gets no name, and nothing older goes for it. */
    @Test
    void whatDoesNotReadBackDoesNotCount() throws Exception {
        try (var member = new Member(0, 1, 1)) {
            Storage storage = member.storage;
            storage.snapshots().write(database(1));
            member.folder.misdirect(1);
            member.begin(database(2));
            assertThat(member.written).failsWithin(SOON);
            assertThat(storage.snapshots().zxids()).containsExactly(0L, 1L);
            assertThat(member.folder.names()).noneMatch(name -> name.contains("next-snapshot"));
            assertThat(member.snapshots.meter().metrics().toString()).contains("snapshot_error_count, value=1");
        }
    }

    private static Database database(int znodes) {
        Database database = Database.empty();
        for (long zxid = 1; zxid <= znodes; zxid++) {
            database = database.apply(TxnRecord.parse(Records.record(zxid, ZNODE_BYTES)))
                    .after();
        }
        return database;
    }
}
