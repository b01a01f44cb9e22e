package dev.paddock.node.log;

import static dev.paddock.node.log.Records.append;
import static dev.paddock.node.log.Records.range;
import static dev.paddock.node.log.Records.zxids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does as its disk fills up; the disk is a folder in memory of so many bytes. */
@Timeout(60)
class DiskSpaceTest {
    private static final String OTHERS = "of-somebody-else";
    private static final int LOW_BYTES = 20_000;
    private static final int RESERVE_BYTES = 10_000;

    private final CrashingFolder disk = new CrashingFolder();

    private Storage server() throws IOException {
        disk.capacity(200_000);
        return Records.watched(disk, LOW_BYTES, RESERVE_BYTES);
    }

    /** Something else on the disk grows until only so much is left. */
    private void leave(long bytes) {
        if (disk.names().contains(OTHERS)) remove();
        disk.put(OTHERS, new byte[(int) (disk.space().usable() - bytes)]);
        assertThat(disk.space().usable()).isEqualTo(bytes);
    }

    private void remove() {
        try {
            disk.delete(OTHERS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isLowBelowTheMarkAndWellAboveItAndAQuarter() throws IOException {
        Storage storage = server();
        List<Boolean> told = new ArrayList<>();
        storage.space().listen(told::add);
        leave(LOW_BYTES);
        storage.space().look();
        assertThat(told).isEmpty();
        leave(LOW_BYTES - 1);
        storage.space().look();
        leave(LOW_BYTES + LOW_BYTES / 4 - 1);
        storage.space().look();
        assertThat(told).containsExactly(true);
        leave(LOW_BYTES + LOW_BYTES / 4);
        storage.space().look();
        assertThat(told).containsExactly(true, false);
        assertThat(storage.space().usableBytes()).isEqualTo(LOW_BYTES + LOW_BYTES / 4);
    }

    @Test
    void whatWasForcedStaysAndTheRestGoesToAnotherFileWhereverTheDiskIsFull() throws IOException {
        int moves = 0;
        for (int left = 0; left < 1_500; left += 37) {
            var small = new CrashingFolder();
            small.capacity(100_000);
            Storage storage = Records.watched(small, LOW_BYTES, RESERVE_BYTES);
            append(storage.log(), 1, 10);
            storage.log().force();
            small.put(OTHERS, new byte[(int) small.space().usable() - left]);
            append(storage.log(), 11, 20);
            storage.log().force();
            boolean isMoved = !small.names().contains(ReserveFile.FILE);
            if (isMoved) moves++;
            assertThat(LogFiles.files(small)).hasSize(isMoved ? 2 : 1);
            assertThat(storage.space().isLow()).isEqualTo(isMoved);
            append(storage.log(), 21, 22);
            storage.log().force();
            CrashingFolder after = small.afterPowerLoss(0);
            assertThat(zxids(after, 1)).as("%s bytes left", left).isEqualTo(range(1, 22));
            assertThat(Records.storage(after).log().lastZxid()).isEqualTo(22);
        }
        assertThat(moves).isBetween(10, 40);
    }

    @Test
    void recordsLongerThanABatchMoveToo() throws IOException {
        disk.capacity(8 << 20);
        Storage storage = Records.watched(disk, LOW_BYTES, 4 << 20);
        append(storage.log(), 1, 3);
        storage.log().force();
        leave(1_500_000);
        for (long zxid = 4; zxid <= 6; zxid++) storage.log().append(Records.record(zxid, 600_000), zxid);
        storage.log().append(Records.record(7, 1_200_000), 7);
        storage.log().force();
        assertThat(LogFiles.files(disk)).hasSize(2);
        assertThat(zxids(disk.afterPowerLoss(0), 1)).isEqualTo(range(1, 7));
    }

    @Test
    void powerLostAtAnyStepOfTheMoveLeavesWhatWasForced() throws IOException {
        int steps = 0;
        for (boolean isOver = false; !isOver; steps++) {
            for (long seed = 0; seed < 6; seed++) {
                var small = new CrashingFolder();
                small.tearInOrder();
                small.capacity(100_000);
                Storage storage = Records.watched(small, LOW_BYTES, RESERVE_BYTES);
                append(storage.log(), 1, 10);
                storage.log().force();
                small.put(OTHERS, new byte[(int) small.space().usable() - 700]);
                small.losePowerAfter(steps);
                try {
                    append(storage.log(), 11, 20);
                    storage.log().force();
                    isOver = true;
                } catch (LogFailedException e) {
                    assertThat(e).hasCauseInstanceOf(CrashingFolder.PowerLost.class);
                }
                List<Long> left = zxids(small.afterPowerLoss(seed), 1);
                assertThat(left).isEqualTo(range(1, left.size())).hasSizeGreaterThanOrEqualTo(isOver ? 20 : 10);
            }
        }
        assertThat(steps).isGreaterThan(6);
    }

    @Test
    void waitsWhereTheReserveIsGoneAndGoesOnAsSoonAsThereIsRoom() throws Exception {
        Storage storage = server();
        append(storage.log(), 1, 10);
        storage.log().force();
        leave(0);
        storage.space().makeRoom(new IOException("No space left on device")); // the reserve
        leave(0);
        CompletableFuture<Void> forced = CompletableFuture.runAsync(() -> write(storage, 11, 20));
        await().until(() -> LogFiles.files(disk).size() == 1 && storage.space().isLow());
        assertThat(forced).isNotDone();
        leave(50_000);
        forced.get(30, TimeUnit.SECONDS);
        assertThat(zxids(disk.afterPowerLoss(0), 1)).isEqualTo(range(1, 20));
    }

    @Test
    void whoIsToStopDoesNotWait() throws Exception {
        Storage storage = server();
        append(storage.log(), 1, 10);
        storage.log().force();
        leave(0);
        storage.space().makeRoom(new IOException("No space left on device"));
        leave(0);
        CompletableFuture<Void> forced = CompletableFuture.runAsync(() -> write(storage, 11, 20));
        storage.space().giveUp();
        assertThatThrownBy(() -> forced.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
        assertThat(zxids(disk.afterPowerLoss(0), 1)).isEqualTo(range(1, 10));
    }

    private static void write(Storage storage, long from, long to) {
        try {
            append(storage.log(), from, to);
            storage.log().force();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSnapshotLeavesRoomForTheLog() throws IOException {
        Storage storage = server();
        append(storage.log(), 1, 200);
        storage.log().force();
        Database database = Database.empty(TreeRules.DEFAULT);
        for (long zxid = 1; zxid <= 200; zxid++) {
            database = database.apply(TxnRecord.parse(Records.record(zxid, 10))).after();
        }
        Database all = database;
        leave(LOW_BYTES + 3_000);
        assertThatThrownBy(() -> storage.snapshots().write(all)).isInstanceOf(NoRoomException.class);
        assertThat(disk.space().usable()).as("nothing is left of it").isEqualTo(LOW_BYTES + 3_000);
        leave(LOW_BYTES + 50_000);
        storage.snapshots().write(all);
        assertThat(storage.snapshots().zxids()).contains(200L);
    }

    @Test
    void whatCanWaitGoesOnAsSoonAsItFits() throws IOException {
        disk.capacity(200_000);
        List<Long> waits = new ArrayList<>();
        Storage storage = Records.watched(
                disk, TreeRules.DEFAULT, 0, LOW_BYTES, RESERVE_BYTES, () -> 1_000_000_000L * waits.size(), millis -> {
                    waits.add(millis);
                    if (waits.size() == 3) leave(LOW_BYTES);
                    return waits.size() < 20;
                });
        leave(LOW_BYTES - 1);
        storage.space().makeRoom(new NoRoomException(disk.path(""), LOW_BYTES));
        assertThat(waits).hasSize(3);
        assertThat(disk.names()).as("it is for what cannot wait").contains(ReserveFile.FILE);
    }

    @Test
    void theReserveIsMadeAgainOnceThereIsRoomForIt() throws IOException {
        Storage storage = server();
        assertThat(disk.bytes(ReserveFile.FILE)).hasSize(RESERVE_BYTES);
        storage.space().makeRoom(new IOException("No space left on device"));
        assertThat(disk.names()).doesNotContain(ReserveFile.FILE);
        storage.space().look();
        assertThat(storage.space().isLow()).as("a quota may be the reason").isTrue();
        Storage next = Records.watched(disk, LOW_BYTES, RESERVE_BYTES);
        assertThat(disk.names()).contains(ReserveFile.FILE);
        leave(LOW_BYTES + LOW_BYTES / 4 - 1);
        next.space().makeRoom(new IOException("Disk quota exceeded"));
        assertThat(disk.names()).doesNotContain(ReserveFile.FILE);
    }

    @Test
    void noLogFileIsPreparedAheadWhereItWouldTakeTheRoom() throws IOException {
        disk.capacity(100_000);
        for (long room : new long[] {20_000, 60_000}) {
            var preallocator =
                    new Preallocator(disk, 30_000, WatchedDisk.of(disk, LOW_BYTES)::hasRoomFor, Records.AT_ONCE);
            leave(room);
            preallocator.request();
            assertThat(preallocator.isReady()).isEqualTo(room == 60_000);
        }
    }

    @Test
    void aTenthOfASmallDiskIsLow() throws IOException {
        disk.capacity(100_000);
        assertThat(WatchedDisk.of(disk, -1).lowBytes()).isEqualTo(10_000);
        disk.capacity(1L << 40);
        assertThat(WatchedDisk.of(disk, -1).lowBytes()).isEqualTo(64 << 20);
    }

    /** What is before the log files is noted when there is room. */
    @Test
    void aStartOnAFullDiskNeedsNoRoomToNoteWhatIsBeforeTheLogFiles() throws IOException {
        Storage storage = server();
        append(storage.log(), 1, 5);
        storage.log().force();
        storage.log().roll();
        append(storage.log(), 6, 10);
        storage.log().force();
        storage.close();
        disk.lose(Seams.FILE);
        leave(100);
        Storage next = Records.watched(disk, LOW_BYTES, 0);
        assertThat(next.log().lastZxid()).isEqualTo(10);
        assertThat(Seams.in(disk)).isEmpty();
        next.close();
        remove();
        assertThat(Records.watched(disk, LOW_BYTES, 0).log().lastZxid()).isEqualTo(10);
        assertThat(Seams.in(disk)).containsOnlyKeys(1L, 6L);
    }
}
