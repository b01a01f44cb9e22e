package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** History that is missing or is another between two log files, where no zxid tells. */
class SeamsTest {
    private static final String FIRST = "log.100000001";
    private static final String SECOND = "log.200000001";
    private static final String THIRD = "log.300000001";

    /** At the end of a snapshot, which older servers do not write: the digest with its zxid, and the zxid that it is of. */
    private static final int SEALED_ZXIDS_BYTES =
            SnapshotFormat.DIGEST_BYTES + SnapshotFormat.ZXID_BYTES + 2 * SnapshotFormat.SEAL_BYTES;

    private final CrashingFolder folder = new CrashingFolder();

    @Test
    void theEndOfAnEpochThatIsGoneIsMissed() throws IOException {
        epochs(2, 10);
        Records.cut(folder, FIRST, 2);
        assertRefused(LogGapException.class, SECOND, "0x200000001 comes after 0x100000008, and came after 0x10000000a");
        Recovered left = recoveredFromWhatIsLeft();
        assertThat(left.lastZxid()).isEqualTo(Zxid.of(1, 8));
        assertThat(left.isComplete()).isFalse();
        assertThat(folder.names()).contains(FIRST, SECOND + ".damaged");
    }

    /** Not seen by Apache's server, which has no other way to tell: the same files without what is ours. */
    @Test
    void withoutSeamsNothingIsKnown() throws IOException {
        epochs(2, 10);
        Records.cut(folder, FIRST, 2);
        folder.lose("seams");
        assertThat(recovered().isComplete()).isTrue();
    }

    @Test
    void aFileThatHeldAWholeEpochIsMissed() throws IOException {
        epochs(3, 10);
        folder.lose(SECOND);
        assertRefused(LogGapException.class, THIRD, "came after 0x20000000a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatIsGoneBehindASnapshotIsMissed(boolean isPurged) throws IOException {
        Storage storage = epochs(3, 10);
        storage.snapshots().write(database(1, 10));
        if (isPurged) folder.lose(FIRST);
        assertThat(recovered().lastZxid()).isEqualTo(Zxid.of(3, 10));
        folder.lose(SECOND);
        assertRefused(LogGapException.class, THIRD, "comes after 0x10000000a, and came after 0x20000000a");
    }

    @Test
    void whatASnapshotHoldsIsNotMissed() throws IOException {
        Storage storage = epochs(2, 10);
        storage.snapshots().write(database(1, 10));
        Records.cut(folder, FIRST, 2);
        assertThat(recovered().lastZxid()).isEqualTo(Zxid.of(2, 10));
        assertThat(recovered().isComplete()).isTrue();
    }

    @Test
    void otherRecordsOfTheSameZxidsAreNotBelieved() throws IOException {
        epochs(2, 10);
        folder.put(FIRST, otherFrom(5).bytes(FIRST));
        assertRefused(DamagedLogException.class, FIRST, "not those that " + SECOND + " was begun behind");
        assertThat(recoveredFromWhatIsLeft().lastZxid()).isZero();
    }

    @Test
    void recordsThatWereCutOffAreNotBelievedWhenTheyComeBack() throws IOException {
        Storage storage = epochs(1, 10);
        write(storage, 1, 11, 12);
        String cut = LogFiles.files(folder).getLast().name();
        byte[] bytes = folder.bytes(cut);
        storage.log().truncate(Zxid.of(1, 10));
        write(storage, 2, 1, 5);
        storage.close();
        assertThat(recovered().lastZxid()).isEqualTo(Zxid.of(2, 5));
        folder.put(cut, bytes);
        assertRefused(DamagedLogException.class, cut, "was begun behind");
    }

    @Test
    void otherRecordsThanWereForcedAreNotBelieved() throws IOException {
        epochs(1, 10);
        folder.put(FIRST, otherFrom(5).bytes(FIRST));
        assertRefused(DamagedLogException.class, FIRST, "not those that were forced");
        assertThat(recoveredFromWhatIsLeft().isComplete()).isFalse();
    }

    /** Apache's server was here with another history, in which a file has the name of one of ours. */
    @Test
    void aSeamOfAnotherHistorySaysNothing() throws IOException {
        epochs(2, 10);
        CrashingFolder other = otherFrom(1);
        folder.put(FIRST, other.bytes(FIRST));
        folder.put(SECOND, other.bytes(SECOND));
        Records.cut(folder, FIRST, 2);
        assertThat(recovered().isComplete()).isTrue();
    }

    @Test
    void theEndIsComparedAfterATruncationAsWell() throws IOException {
        Storage storage = epochs(1, 10);
        storage.log().truncate(Zxid.of(1, 7));
        storage.recover(Records.SILENT);
        write(storage, 2, 1, 5);
        assertThat(recovered().lastZxid()).isEqualTo(Zxid.of(2, 5));
        CrashingFolder other = otherFrom(5);
        folder.put(FIRST, other.bytes(FIRST));
        Records.cut(folder, FIRST, 3);
        assertRefused(DamagedLogException.class, FIRST, "was begun behind");
    }

    @Test
    void seamsThatCannotBeReadAreBegunAnew() throws IOException {
        epochs(2, 10);
        folder.spoil("seams", 0);
        Storage storage = Records.over(folder);
        assertThat(storage.recover(Records.SILENT).isComplete()).isTrue();
        assertThat(folder.names()).contains("seams.damaged");
        write(storage, 3, 1, 5);
        Records.cut(folder, SECOND, 2);
        assertRefused(LogGapException.class, THIRD, "came after 0x20000000a");
    }

    @Test
    void aGarbledSeamLeavesTheOthers() throws IOException {
        epochs(3, 10);
        byte[] seams = folder.bytes("seams");
        seams[2 * 64 + 30] ^= 1; // the second, of the second file
        folder.put("seams", seams);
        assertThat(Seams.in(folder)).containsOnlyKeys(Zxid.of(1, 1), Zxid.of(3, 1));
        Records.cut(folder, SECOND, 2);
        assertRefused(LogGapException.class, THIRD, "came after 0x20000000a");
    }

    /** As after Apache's server, which writes none. */
    @Test
    void aStartNotesWhatNoSeamTells() throws IOException {
        epochs(3, 10);
        Map<Long, Seam> written = Seams.in(folder);
        folder.lose("seams");
        assertThat(recovered().isComplete()).isTrue();
        Map<Long, Seam> noted = Seams.in(folder);
        assertThat(noted.keySet()).isEqualTo(written.keySet());
        written.forEach((first, seam) -> assertThat(noted.get(first).before().last())
                .isEqualTo(seam.before().last()));
        assertThat(recovered().isComplete()).isTrue();
        assertThat(Seams.in(folder)).isEqualTo(noted);
        folder.lose(SECOND);
        assertRefused(LogGapException.class, THIRD, "came after 0x20000000a");
    }

    @Test
    void whatASnapshotHeldThenIsMissedWithoutIt() throws IOException {
        Storage storage = epochs(2, 10);
        storage.snapshots().write(database(1, 5));
        storage.snapshots().write(database(1, 10));
        Records.cut(folder, FIRST, 2);
        folder.lose("seams");
        assertThat(recovered().isComplete()).isTrue();
        folder.lose("snapshot.10000000a");
        assertRefused(LogGapException.class, SECOND, "0x200000001 comes after 0x100000008, and came after 0x10000000a");
    }

    @Test
    void nothingIsNotedBeforeTheBeginningOfHistory() throws IOException {
        Storage storage = epochs(2, 10);
        storage.close();
        folder.lose("seams");
        folder.lose("snapshot.0");
        assertThat(recovered().isComplete()).isTrue();
        assertThat(Seams.in(folder).get(Zxid.of(1, 1)).before().last()).isZero();
        assertThat(folder.names()).contains("snapshot.0"); // written anew
        assertThat(recovered().isComplete()).isTrue();
    }

    /** A person may find it in a backup. */
    @Test
    void whatWasMissingWhenAStartNotedItMayComeBack() throws IOException {
        epochs(3, 10);
        byte[] bytes = folder.bytes(SECOND);
        folder.lose("seams");
        folder.lose(SECOND);
        assertThat(recovered().isComplete()).isTrue();
        folder.put(SECOND, bytes);
        assertThat(recovered().isComplete()).isTrue();
        folder.lose(SECOND); // of which it is known by now only that it follows the first
        Records.cut(folder, FIRST, 2);
        assertRefused(LogGapException.class, THIRD, "came after 0x10000000a");
    }

    /** As a server of Apache's writes that has led or taken a snapshot over before the first change of an epoch. */
    @Test
    void aSnapshotInFrontOfAnEpochIsNotMissed() throws IOException {
        Storage storage = Records.storage(folder);
        write(storage, 1, 1, 10);
        storage.snapshots().write(database(1, 5));
        storage.snapshots().write(database(1, 10));
        byte[] written = folder.bytes("snapshot.10000000a");
        folder.put("snapshot.200000000", Arrays.copyOf(written, written.length - SEALED_ZXIDS_BYTES));
        folder.lose("snapshot.10000000a");
        write(storage, 3, 1, 10);
        storage.close();
        folder.lose("seams");
        assertThat(recovered().isComplete()).isTrue();
        folder.lose("snapshot.200000000");
        assertThat(recovered().lastZxid()).isEqualTo(Zxid.of(3, 10));
        Records.cut(folder, FIRST, 2);
        assertRefused(LogGapException.class, THIRD, "0x300000001 comes after 0x100000008, and came after 0x10000000a");
    }

    /** What was before the first file behind a snapshot is not read. */
    @Test
    void whatIsNotReadIsNotNoted() throws IOException {
        Storage storage = epochs(3, 10);
        storage.snapshots().write(database(2, 5));
        folder.lose("seams");
        assertThat(recovered().isComplete()).isTrue();
        assertThat(Seams.in(folder)).containsOnlyKeys(Zxid.of(3, 1));
    }

    @Test
    void nothingIsNotedWhereTheEndIsMissing() throws IOException {
        epochs(3, 10).storeCurrentEpoch(3);
        folder.lose("seams");
        folder.lose(THIRD);
        assertThat(recovered().isComplete()).isFalse();
        assertThat(Seams.in(folder)).isEmpty();
    }

    @Test
    void theNewestOfManyAreNoted() throws IOException {
        epochs(200, 1);
        folder.lose("seams");
        for (int start = 0; start < 3; start++)
            assertThat(recovered().isComplete()).isTrue();
        assertThat(Seams.in(folder)).hasSize(128).containsKeys(Zxid.of(73, 1), Zxid.of(200, 1));
    }

    @Test
    void aCheckNamesWhatIsMissingUnlessASnapshotHoldsIt() throws IOException {
        epochs(2, 10);
        Records.cut(folder, FIRST, 2);
        assertThat(check(0L)).singleElement().isInstanceOf(LogCheck.Damaged.class);
        assertThat(check(0L, Zxid.of(1, 9))).singleElement().isInstanceOf(LogCheck.Damaged.class);
        assertThat(check(0L, Zxid.of(1, 10))).singleElement().isInstanceOf(LogCheck.Covered.class);
        folder.lose(FIRST);
        assertThat(check(Zxid.of(1, 9))).singleElement().isInstanceOf(LogCheck.Damaged.class);
        assertThat(check(Zxid.of(1, 10))).isEmpty();
    }

    private List<LogCheck.Finding> check(Long... snapshots) throws IOException {
        List<LogCheck.Finding> findings = new ArrayList<>();
        var files = new DataFiles(folder, List.of(), LogFiles.files(folder), Seams.in(folder));
        new LogCheck(files, List.of(snapshots), findings::add, (records, file) -> {}).run();
        return findings;
    }

    /** On a full disk, where the next file is tried again each second. */
    @Test
    void aFileThatIsBegunAgainAndAgainTakesNoPlaceFromOthers() throws IOException {
        var seams = new Seams(folder);
        seams.begin(1, 7, Stretch.until(0), true);
        for (int again = 0; again < 300; again++) seams.begin(2, 8, Stretch.until(1), true);
        assertThat(Seams.in(folder)).containsOnlyKeys(1L, 2L).isEqualTo(seams.newest());
        seams.begin(2, 9, Stretch.until(1), true); // another record
        assertThat(Seams.in(folder).get(2L).firstSum()).isEqualTo(9);
    }

    @Test
    void theNewestAreKept() throws IOException {
        var seams = new Seams(folder);
        for (int first = 1; first <= 300; first++) seams.begin(first, first, Stretch.until(first - 1), true);
        assertThat(seams.newest().keySet()).hasSize(256).contains(45L, 300L).doesNotContain(44L);
        assertThat(Seams.in(folder)).isEqualTo(seams.newest());
        assertThat(folder.size("seams")).isEqualTo(256 * 64);
        var next = new Seams(folder);
        next.load();
        next.begin(7, 8, Stretch.until(6), true); // anew
        assertThat(next.newest().get(7L).number()).isEqualTo(301);
        assertThat(next.newest()).hasSize(256).doesNotContainKey(45L);
    }

    /** What is written beside the log never makes a healthy one look damaged, wherever the power goes. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void powerLostAtAnyStepLeavesAWholeLog(long seed) throws IOException {
        boolean isOver = false;
        for (int step = 0; !isOver; step++) {
            var disk = new CrashingFolder();
            disk.tearInOrder();
            long[] forced = {0};
            disk.losePowerAfter(step);
            isOver = lives(disk, forced);
            goesOn(disk.afterPowerLoss(seed), forced[0], step);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void powerLostAtAnyStepOfAStartThatNotesLeavesAWholeLog(long seed) throws IOException {
        epochs(3, 10).storeCurrentEpoch(3);
        folder.lose("seams");
        boolean isOver = false;
        for (int step = 0; !isOver; step++) {
            CrashingFolder disk = folder.copy();
            disk.tearInOrder();
            disk.losePowerAfter(step);
            isOver = starts(disk);
            goesOn(disk.afterPowerLoss(seed), Zxid.of(3, 10), step);
        }
    }

    private static boolean starts(CrashingFolder disk) throws IOException {
        try {
            return Records.over(disk).recover(Records.SILENT).isComplete();
        } catch (CrashingFolder.PowerLost e) {
            return false;
        }
    }

    @Test
    void aProcessThatDiesAtAnyStepLeavesAWholeLog() throws IOException {
        boolean isOver = false;
        for (int step = 0; !isOver; step++) {
            var disk = new CrashingFolder();
            long[] forced = {0};
            disk.losePowerAfter(step);
            isOver = lives(disk, forced);
            disk.startAgain();
            goesOn(disk, forced[0], step);
        }
    }

    private static boolean lives(CrashingFolder disk, long[] forced) throws IOException {
        try {
            Storage storage = Records.storage(disk);
            forced[0] = write(storage, 1, 1, 4);
            forced[0] = write(storage, 1, 5, 9);
            forced[0] = Zxid.of(1, 6);
            storage.log().truncate(forced[0]);
            storage.recover(Records.SILENT);
            forced[0] = write(storage, 2, 1, 3);
            storage.log().roll();
            forced[0] = write(storage, 3, 1, 3);
            forced[0] = Zxid.of(2, 2);
            storage.install(database(2, 2));
            return true;
        } catch (CrashingFolder.PowerLost | LogFailedException e) {
            return false;
        }
    }

    /** Three more starts, each of which begins an epoch and a file and is compared by the next. */
    private static void goesOn(CrashingFolder disk, long forced, int step) throws IOException {
        long reached = forced;
        for (int start = 0; start < 3; start++) {
            Storage storage = Records.over(disk);
            Recovered recovered = storage.recover(Records.SILENT);
            assertThat(recovered.isComplete())
                    .as("step %s, start %s", step, start)
                    .isTrue();
            assertThat(recovered.lastZxid())
                    .as("step %s, start %s", step, start)
                    .isGreaterThanOrEqualTo(reached);
            reached = write(storage, Zxid.epoch(recovered.lastZxid()) + 4, 1, 3);
        }
    }

    /** So many epochs of so many records, each in a file. */
    private Storage epochs(int count, int records) throws IOException {
        Storage storage = Records.storage(folder);
        for (int epoch = 1; epoch <= count; epoch++) write(storage, epoch, 1, records);
        return storage;
    }

    /** Writes records of an epoch, forces them and ends the file; says which is the last. */
    private static long write(Storage storage, long epoch, int from, int to) throws IOException {
        Records.append(storage.log(), Zxid.of(epoch, from), Zxid.of(epoch, to));
        storage.log().force();
        storage.log().roll();
        return Zxid.of(epoch, to);
    }

    /** The same two epochs, with other records from one counter on. */
    private static CrashingFolder otherFrom(int counter) throws IOException {
        var other = new CrashingFolder();
        Storage storage = Records.storage(other);
        for (int epoch = 1; epoch <= 2; epoch++) {
            for (int i = 1; i <= 10; i++) {
                long zxid = Zxid.of(epoch, i);
                storage.log().append(Records.record(zxid, i < counter ? (int) (zxid % 50) : 60), zxid);
            }
            storage.log().roll();
        }
        return other;
    }

    private static Database database(int epoch, int records) {
        List<TxnRecord> txns = Records.range(Zxid.of(epoch, 1), Zxid.of(epoch, records)).stream()
                .map(zxid -> TxnRecord.parse(Records.record(zxid, (int) (zxid % 50))))
                .toList();
        return Databases.after(Database.empty(TreeRules.DEFAULT), txns);
    }

    private void assertRefused(Class<? extends DamagedLogException> how, String file, String why) {
        assertThatThrownBy(this::recovered)
                .isExactlyInstanceOf(how)
                .hasMessageContaining(file + " is damaged at offset ")
                .hasMessageContaining(why);
    }

    private Recovered recovered() throws IOException {
        return Records.over(folder).recover(Records.SILENT);
    }

    private Recovered recoveredFromWhatIsLeft() throws IOException {
        Storage storage = Records.over(folder);
        while (true) {
            try {
                return storage.recover(Records.SILENT);
            } catch (DamagedFileException damage) {
                assertThat(storage.setAside(damage)).as(damage.getMessage()).isTrue();
            }
        }
    }
}
