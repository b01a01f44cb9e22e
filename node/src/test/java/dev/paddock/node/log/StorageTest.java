package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
    private static final Recovery.Limits LIMITS = new Recovery.Limits(30, 1 << 20, false, TreeRules.DEFAULT);

    private final List<TxnRecord> history = Databases.history(11, 200);
    private final CrashingFolder folder = new CrashingFolder();

    @Test
    void beginsWithAnEmptySnapshot() throws IOException {
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.database().difference(Database.empty())).isNull();
        assertThat(recovered.lastZxid()).isZero();
        assertThat(recovered.acceptedEpoch()).isZero();
        assertThat(recovered.currentEpoch()).isZero();
        assertThat(recovered.notes()).isEmpty();
        assertThat(folder.names())
                .containsExactly("acceptedEpoch", "currentEpoch", "promised", "snapshot.0", "snapshots");
    }

    @Test
    void recoversSnapshotLogAndTail() throws IOException {
        write(folder, 0, 190);
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.database().difference(after(190))).isNull();
        assertThat(recovered.lastZxid()).isEqualTo(190);
        assertThat(recovered.tail()).extracting(LogRecord::zxid).isEqualTo(Records.range(161, 190));
        assertThat(recovered.tail().getLast().payload())
                .isEqualTo(history.get(189).toBytes());
    }

    @Test
    void fallsBackToAnOlderSnapshotWhereTheLogHasTheRest() throws IOException {
        write(folder, 0, 200);
        byte[] newest = folder.bytes("snapshot.c8");
        newest[newest.length / 2] ^= 1;
        folder.put("snapshot.c8", newest);
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.database().difference(after(200))).isNull();
        assertThat(recovered.notes()).singleElement().asString().contains("snapshot.c8", "damaged");
    }

    @Test
    void refusesADamagedSnapshotThatTheLogDoesNotReach() throws IOException {
        Storage storage = write(folder, 0, 100);
        storage.install(after(150));
        assertThat(folder.names()).contains("snapshot.96").doesNotContain("log.1");
        byte[] installed = folder.bytes("snapshot.96");
        installed[installed.length / 2] ^= 1;
        folder.put("snapshot.96", installed);
        assertThatThrownBy(() -> open(folder).recover(SnapshotStoreTest.NO_PROGRESS))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("snapshot.96");
    }

    @Test
    void refusesLogsWithoutTheirSnapshot() throws IOException { // M22
        Storage storage = write(folder, 0, 150);
        assertThat(storage.purge(1)).isEqualTo(2);
        folder.delete("snapshot.96");
        append(storage, 150, 160);
        assertThatThrownBy(() -> open(folder).recover(SnapshotStoreTest.NO_PROGRESS))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("no snapshot of what was before");
        folder.put("snapshot.96", new byte[0]);
        assertThatThrownBy(() -> open(folder).recover(SnapshotStoreTest.NO_PROGRESS))
                .isInstanceOf(DamagedFileException.class);
    }

    @Test
    void withItsOnlySnapshotDamagedAllIsSetAside() throws IOException {
        Storage before = write(folder, 0, 100);
        before.install(after(150));
        append(before, 150, 160);
        before.log().force();
        folder.flip("snapshot.96", folder.size("snapshot.96") / 2, 4);
        Recovered recovered = recoveredFromWhatIsLeft(open(folder));
        assertThat(recovered.lastZxid()).isZero();
        assertThat(recovered.isComplete()).isFalse();
        assertThat(folder.names()).contains("snapshot.96.damaged", "log.97.damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot.64", "log.65", "forced"})
    void aSectorThatCannotBeReadIsDamage(String file) throws IOException {
        write(folder, 0, 140).log().force();
        folder.spoil(file, 0);
        Storage storage = open(folder);
        Recovered recovered = recoveredFromWhatIsLeft(storage);
        boolean isCovered = file.startsWith("snapshot"); // by an older one and the log
        assertThat(recovered.lastZxid()).isEqualTo(file.startsWith("log") ? 100 : 140);
        assertThat(recovered.isComplete()).isEqualTo(isCovered);
        if (!isCovered) assertThat(folder.names()).contains(file + ".damaged");
        storage.epochs().storeAccepted(3);
        storage.storeCurrentEpoch(3);
        assertThat(recoveredFromWhatIsLeft(open(folder)).isComplete()).isTrue();
    }

    @Test
    void aSnapshotWithTheNameOfALaterOneIsDamaged() throws IOException {
        write(folder, 0, 140).log().force();
        folder.swap("snapshot.64", "snapshot.32");
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.notes()).anySatisfy(note -> assertThat(note).contains("snapshot.64", "it is another one"));
        assertThat(recovered.database().difference(after(140))).isNull();
        folder.swap("snapshot.64", "snapshot.0");
        assertThat(open(folder)
                        .recover(SnapshotStoreTest.NO_PROGRESS)
                        .database()
                        .difference(after(140)))
                .isNull();
    }

    /** Whole, and of that zxid, but not of this history: as from a copy of another server's folder. */
    @Test
    void aSnapshotThatThisServerDidNotWriteIsPassedOver() throws IOException {
        write(folder, 0, 140).log().force();
        folder.put("snapshot.64", anotherSnapshot());
        Storage storage = open(folder);
        Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.database().difference(after(140))).isNull();
        assertThat(recovered.notes()).singleElement().asString().contains("snapshot.64", "none of those");
        assertThat(storage.snapshots().purge(1)).contains(50L);
    }

    /** Apache's server was here, and wrote its own. */
    @Test
    void whereNothingElseLeadsThereItIsUsed() throws IOException {
        Storage storage = write(folder, 0, 100);
        storage.install(after(100));
        append(storage, 100, 110);
        byte[] another = anotherSnapshot();
        folder.put("snapshot.64", another);
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.lastZxid()).isEqualTo(110);
        assertThat(recovered.isComplete()).isTrue();
        assertThat(folder.bytes("snapshot.64")).isEqualTo(another);
        folder.spoil("snapshots", 0); // then nothing is noted
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).notes()).isEmpty();
        assertThat(folder.names()).contains("snapshots.damaged");
    }

    private static byte[] anotherSnapshot() throws IOException {
        var elsewhere = new CrashingFolder();
        Storage other = open(elsewhere);
        other.recover(SnapshotStoreTest.NO_PROGRESS);
        other.snapshots().write(Databases.some(99, 100));
        return elsewhere.bytes("snapshot.64");
    }

    @Test
    void whatTheSystemCannotReadIsDamage(@TempDir Path path) throws IOException {
        Files.createDirectory(path.resolve("log.1")); // can be opened and not read
        try (ReadableFile file = new ReadOnlyFolder(path).read("log.1")) {
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(16), 0))
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageContaining("log.1 is damaged at offset 0: it cannot be read");
        }
    }

    @Test
    void whatWasSeenToBeMissingIsMissingAfterAPowerLoss() throws IOException {
        Storage storage = write(folder, 0, 100);
        storage.storeCurrentEpoch(0);
        append(storage, 100, 120);
        storage.log().force();
        folder.lose("log.65");
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).isComplete())
                .isFalse();
        assertThat(open(folder.afterPowerLoss(0))
                        .recover(SnapshotStoreTest.NO_PROGRESS)
                        .isComplete())
                .isFalse();
    }

    @Test
    void whatAStartFoundIsMissedIfItIsLostAfterwards() throws IOException {
        Storage storage = write(folder, 0, 100);
        storage.storeCurrentEpoch(0);
        append(storage, 100, 120);
        storage.log().force();
        CrashingFolder after = folder.afterPowerLoss(0); // the mark is that of 100
        assertThat(open(after).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .isEqualTo(120);
        after.lose("log.65");
        assertThat(open(after).recover(SnapshotStoreTest.NO_PROGRESS).isComplete())
                .isFalse();
    }

    private static Recovered recoveredFromWhatIsLeft(Storage storage) throws IOException {
        while (true) {
            try {
                return storage.recover(SnapshotStoreTest.NO_PROGRESS);
            } catch (DamagedFileException damage) {
                assertThat(storage.setAside(damage)).as(damage.getMessage()).isTrue();
            }
        }
    }

    @Test
    void refusesAnEmptySnapshotThatIsAllThereIs() throws IOException {
        folder.put("snapshot.96", new byte[0]);
        for (int start = 0; start < 2; start++) {
            assertThatThrownBy(() -> open(folder).recover(SnapshotStoreTest.NO_PROGRESS))
                    .as("start %s", start)
                    .isInstanceOf(DamagedFileException.class);
        }
    }

    @Test
    void takesALogFromTheBeginningWithoutSnapshot() throws IOException {
        write(folder, 0, 40);
        for (String name : folder.names()) {
            if (name.startsWith("snapshot")) {
                folder.delete(name);
            }
        }
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.database().difference(after(40))).isNull();
    }

    @Test
    void cutsAndNotesATornTail() throws IOException {
        Storage before = write(folder, 0, 139);
        TxnRecord last = history.get(139);
        before.log().append(last.toBytes(), last.header().zxid());
        before.log().roll(); // which leaves no mark
        String newest = LogFiles.files(folder).getLast().name();
        byte[] log = folder.bytes(newest);
        folder.put(newest, Arrays.copyOf(log, log.length - 3));
        Storage storage = open(folder);
        Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.lastZxid()).isEqualTo(139);
        assertThat(recovered.isComplete()).isTrue();
        assertThat(recovered.notes()).singleElement().asString().contains("cut a torn tail", newest);
        append(storage, 139, 145);
        assertThat(open(folder)
                        .recover(SnapshotStoreTest.NO_PROGRESS)
                        .database()
                        .difference(after(145)))
                .isNull();
    }

    @Test
    void goesBackAfterATruncation() throws IOException {
        Storage storage = write(folder, 0, 140);
        assertThat(storage.log().truncate(120)).isEqualTo(120);
        assertThat(storage.recover(SnapshotStoreTest.NO_PROGRESS).database().difference(after(120)))
                .isNull();
        append(storage, 120, 130);
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .isEqualTo(130);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepOfAnInstallBehindASnapshotLeavesTheOldOrTheNew(long seed) throws IOException {
        Database installed = Databases.some(99, 150);
        boolean finished = false;
        for (int step = 0; !finished; step++) {
            CrashingFolder disk = new CrashingFolder();
            Storage storage = write(disk, 0, 120);
            storage.install(after(180)); // of a leader that was never established
            append(storage, 180, 190);
            disk.losePowerAfter(step);
            try {
                storage.install(installed);
                finished = true;
            } catch (CrashingFolder.PowerLost | LogFailedException e) {
                finished = false;
            }
            Recovered recovered = open(disk.afterPowerLoss(seed)).recover(SnapshotStoreTest.NO_PROGRESS);
            boolean isNew = finished || recovered.lastZxid() == 150;
            assertThat(recovered.database().difference(isNew ? installed : after(190)))
                    .as("power lost after step %d", step)
                    .isNull();
        }
    }

    @Test
    void anInstalledSnapshotDoesNotSayThatItIsOfOneMoment() throws IOException {
        Storage storage = write(folder, 0, 100);
        assertThat(digestOf("snapshot.64")).isPresent();
        storage.install(after(150));
        assertThat(digestOf("snapshot.96")).isEmpty();
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .isEqualTo(150);
    }

    private Optional<DigestAudit.Entry> digestOf(String snapshot) throws IOException {
        return new SnapshotFile(folder, snapshot)
                .read(-1, TreeRules.DEFAULT, bytes -> {})
                .digest();
    }

    @Test
    void aForcedEndThatIsGoneIsMissed() throws IOException {
        write(folder, 0, 140).log().force();
        String newest = LogFiles.files(folder).getLast().name();
        byte[] log = folder.bytes(newest);
        folder.put(newest, Arrays.copyOf(log, log.length - 3));
        byte[] torn = folder.bytes(newest);
        Storage storage = open(folder);
        assertThatThrownBy(() -> storage.recover(SnapshotStoreTest.NO_PROGRESS))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining(newest + " is damaged at offset ")
                .hasMessageContaining("all up to zxid 0x8c was acknowledged");
        assertThat(folder.bytes(newest)).as("as it was").isEqualTo(torn);
        Recovered recovered = recoveredFromWhatIsLeft(storage);
        assertThat(recovered.lastZxid()).isEqualTo(100);
        assertThat(recovered.isComplete()).isFalse();
        assertThat(folder.bytes(newest + ".damaged")).isEqualTo(torn);
    }

    /** Its last record is gone as a whole, so that nothing looks torn. */
    @Test
    void aForcedRecordThatIsGoneIsMissed() throws IOException {
        write(folder, 0, 140).log().force();
        Records.cut(folder, LogFiles.files(folder).getLast().name(), 1);
        for (int start = 0; start < 2; start++) { // until it is there again
            Storage storage = open(folder);
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.lastZxid()).isEqualTo(139 + start);
            assertThat(recovered.isComplete()).isEqualTo(start > 0);
            assertThat(recovered.notes().isEmpty()).isEqualTo(start > 0);
            append(storage, 139 + start, 140);
            storage.log().force();
        }
    }

    @Test
    void whatIsSetAsideIsMissedUntilALeadersHistoryIsThere() throws IOException {
        write(folder, 0, 140).log().force();
        byte[] log = folder.bytes("log.65");
        log[log.length / 2] ^= 1;
        folder.put("log.65", log);
        Storage storage = open(folder);
        assertThatThrownBy(() -> storage.recover(SnapshotStoreTest.NO_PROGRESS))
                .isInstanceOfSatisfying(
                        DamagedLogException.class,
                        damage -> assertThat(aside(storage, damage)).isTrue());
        Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.lastZxid()).isEqualTo(100);
        assertThat(recovered.isComplete()).isFalse();
        assertThat(folder.names()).contains("log.65.damaged");
        append(storage, 100, 145);
        storage.log().force();
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).isComplete())
                .isFalse();
        storage.epochs().storeAccepted(3);
        storage.storeCurrentEpoch(3);
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).isComplete())
                .isTrue();
    }

    private static boolean aside(Storage storage, DamagedFileException damage) {
        try {
            return storage.setAside(damage);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void purgesOnlyWhatNoKeptSnapshotNeeds() throws IOException {
        Storage storage = write(folder, 0, 200); // snapshots of 0, 50, 100, 150 and 200
        append(storage, 200, 200);
        storage.purge(2);
        assertThat(storage.snapshots().zxids()).containsExactly(150L, 200L);
        assertThat(LogFiles.files(folder).getFirst().zxid()).isEqualTo(151);
        folder.put("snapshot.c8", new byte[0]);
        assertThat(open(folder)
                        .recover(SnapshotStoreTest.NO_PROGRESS)
                        .database()
                        .difference(after(200)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepOfAnInstallLeavesTheOldOrTheNew(long seed) throws IOException { // M38
        Database installed = Databases.some(99, 180);
        for (int step = 0; ; step++) {
            CrashingFolder disk = new CrashingFolder();
            Storage storage = write(disk, 0, 120);
            disk.losePowerAfter(step);
            boolean finished = true;
            try {
                storage.install(installed);
            } catch (CrashingFolder.PowerLost | LogFailedException e) {
                finished = false;
            }
            CrashingFolder after = disk.afterPowerLoss(seed);
            Storage again = open(after);
            Recovered recovered = again.recover(SnapshotStoreTest.NO_PROGRESS);
            if (finished || recovered.lastZxid() == 180) {
                assertThat(recovered.database().difference(installed)).isNull();
                assertThat(LogFiles.files(after)).isEmpty();
            } else {
                assertThat(recovered.database().difference(after(120)))
                        .as("the old history, with power lost at step %s", step)
                        .isNull();
            }
            if (finished) {
                break;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepOfAnInstallBelowOurSnapshotsLeavesTheOldOrTheNew(long seed) throws IOException {
        Database installed = Databases.some(99, 70); // ours of 100 came from a leader that never had a quorum
        boolean finished = false;
        for (int step = 0; !finished; step++) {
            CrashingFolder disk = new CrashingFolder();
            Storage storage = write(disk, 0, 120);
            disk.losePowerAfter(step);
            try {
                storage.install(installed);
                finished = true;
                disk.startAgain();
                append(storage, 70, 75);
            } catch (CrashingFolder.PowerLost | LogFailedException e) {
                finished = false;
            }
            Storage again = open(disk.afterPowerLoss(seed));
            Recovered recovered = again.recover(SnapshotStoreTest.NO_PROGRESS);
            if (recovered.lastZxid() == 120) {
                assertThat(finished).isFalse();
                assertThat(recovered.database().difference(after(120))).isNull();
            } else {
                List<TxnRecord> later = history.subList(70, (int) recovered.lastZxid());
                assertThat(recovered.database().difference(Databases.after(installed, later)))
                        .isNull();
                assertThat(again.snapshots().zxids()).containsExactly(70L);
            }
            if (finished) {
                assertThat(recovered.lastZxid()).isEqualTo(75);
            }
        }
    }

    @Test
    void raisesTheCurrentEpochToThatOfTheHistory() throws IOException { // M8: txns first, then the epoch
        Storage storage = open(folder);
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        storage.epochs().storeAccepted(2);
        storage.epochs().storeCurrent(1);
        long zxid = (2L << 32) + 1;
        storage.log().append(Records.record(zxid, 3), zxid);
        storage.log().force();
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.currentEpoch()).isEqualTo(2);
        assertThat(recovered.acceptedEpoch()).isEqualTo(2);
        assertThat(recovered.notes()).singleElement().asString().contains("raised the current epoch from");
        assertThat(storage.epochs().current()).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "'', 2", "3, ''"})
    void doubtsEpochsThatContradict(String accepted, String current) throws IOException {
        open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        set("acceptedEpoch", accepted);
        set("currentEpoch", current);
        isInDoubt(accepted.isEmpty() ? "acceptedEpoch" : "currentEpoch");
    }

    private void isInDoubt(String file) throws IOException {
        for (int start = 0; start < 2; start++) {
            Recovered found = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(found.knowsEpochs()).isFalse();
            EpochDoubt doubt = found.doubts().getFirst();
            assertThat(doubt.file()).hasFileName(file);
            assertThat(doubt.message()).contains(file + " is damaged at offset 0: ");
            assertThat(found.notes()).contains(doubt.message());
            assertThat(doubt.choices()).contains("cp COPY " + doubt.file(), "printf " + doubt.atLeast() + " > ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", " ", "99999999999"})
    void doubtsAnEpochThatIsNone(String text) throws IOException {
        set("currentEpoch", text);
        set("acceptedEpoch", "1");
        isInDoubt("currentEpoch");
    }

    @Test
    void doubtsAnEpochThatIsTooLargeForAZxid() throws IOException {
        open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        set("acceptedEpoch", "4294967296");
        isInDoubt("acceptedEpoch");
    }

    /** What two leaders have left: one whose epoch 5 was accepted, and one whose history of epoch 4 was taken over. */
    private void promised(Storage storage) throws IOException {
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        storage.epochs().storeAccepted(4);
        storage.storeCurrentEpoch(4);
        storage.epochs().storeAccepted(5);
    }

    @ParameterizedTest
    @CsvSource({
        "acceptedEpoch, x",
        "acceptedEpoch, ''",
        "acceptedEpoch, 4",
        "currentEpoch, x",
        "currentEpoch, ''",
        "currentEpoch, 5"
    })
    void doubtsWhatMayHaveBeenMore(String file, String text) throws IOException {
        promised(open(folder));
        set(file, text);
        isInDoubt(file);
        Storage storage = open(folder);
        assertThat(storage.recover(SnapshotStoreTest.NO_PROGRESS).acceptedEpoch())
                .isEqualTo(5);
        storage.epochs().storeAccepted(6); // of a leader that all others follow
        storage.storeCurrentEpoch(6);
        Recovered healed = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(healed.knowsEpochs()).isTrue();
        assertThat(healed.acceptedEpoch()).isEqualTo(6);
        assertThat(healed.currentEpoch()).isEqualTo(6);
    }

    @Test
    void doubtsAPromiseThatCannotBeRead() throws IOException {
        promised(open(folder));
        folder.spoil("acceptedEpoch", 0);
        isInDoubt("acceptedEpoch");
    }

    @Test
    void takesOverWhatApachesServerHasAcceptedSince() throws IOException {
        promised(open(folder));
        set("acceptedEpoch", "8");
        set("currentEpoch", "7");
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.knowsEpochs()).isTrue();
        assertThat(recovered.acceptedEpoch()).isEqualTo(8);
        assertThat(recovered.currentEpoch()).isEqualTo(7);
        set("acceptedEpoch", "7"); // and no older one then
        isInDoubt("acceptedEpoch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "3"})
    void derivesACurrentEpochThatCanOnlyBeOne(String text) throws IOException {
        Storage storage = open(folder);
        promised(storage);
        storage.storeCurrentEpoch(5);
        set("currentEpoch", text);
        Recovered recovered = open(folder).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(recovered.knowsEpochs()).isTrue();
        assertThat(recovered.currentEpoch()).isEqualTo(5);
        assertThat(recovered.notes()).singleElement().asString().contains("5");
        assertThat(open(folder).recover(SnapshotStoreTest.NO_PROGRESS).notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void powerLostAtAnyStepLeavesTheOldOrTheNewEpoch(long seed) throws IOException { // M21
        for (int step = 0; ; step++) {
            CrashingFolder disk = new CrashingFolder();
            new EpochFiles(disk, disk).storeAccepted(4);
            disk.losePowerAfter(step);
            boolean finished = true;
            try {
                new EpochFiles(disk, disk).storeAccepted(5);
            } catch (CrashingFolder.PowerLost e) {
                finished = false;
            }
            CrashingFolder left = disk.afterPowerLoss(seed);
            EpochFiles after = new EpochFiles(left, left);
            assertThat(after.accepted().orElseThrow()).isIn(finished ? List.of(5L) : List.of(4L, 5L));
            after.storeAccepted(6);
            assertThat(after.accepted()).hasValue(6);
            if (finished) {
                break;
            }
        }
    }

    @Test
    void locksItsFoldersAndKeepsThemApart(@TempDir Path path) throws IOException {
        NodeConfig.Storage config = config(path.resolve("data"), path.resolve("log"));
        try (Storage storage = Storage.open(config, TreeRules.DEFAULT, Records.AT_ONCE)) {
            storage.recover(SnapshotStoreTest.NO_PROGRESS);
            append(storage, 0, 3);
            assertThatThrownBy(() -> Storage.open(config, TreeRules.DEFAULT, Records.AT_ONCE))
                    .isInstanceOf(DataFolderException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
        }
        assertThatThrownBy(() -> Storage.open(
                        config(path.resolve("log"), path.resolve("data")), TreeRules.DEFAULT, Records.AT_ONCE))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("has log files");
        try (Storage storage = Storage.open(config, TreeRules.DEFAULT, Records.AT_ONCE)) {
            assertThat(storage.recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                    .isEqualTo(3);
        }
        assertThat(Files.exists(path.resolve("log/version-2/log.1"))).isTrue();
        assertThat(Files.exists(path.resolve("data/version-2/snapshot.0"))).isTrue();
    }

    private static NodeConfig.Storage config(Path data, Path log) {
        return new NodeConfig.Storage(data, log, 1000, 1 << 16, 3, 0, false, NodeConfig.Log.DEFAULT);
    }

    private static Storage open(Folder folder) {
        return new Storage(folder, folder, folder, Records.GROWING, LIMITS, Records.AT_ONCE);
    }

    /** Writes a part of the history, with a snapshot and a new file after each 50 txns. */
    private Storage write(Folder disk, int from, int to) throws IOException {
        Storage storage = open(disk);
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        for (int at = from; at < to; at += 50) {
            int end = Math.min(to, at + 50);
            append(storage, at, end);
            if (end == at + 50) {
                storage.log().roll();
                storage.snapshots().write(after(end));
            }
        }
        return storage;
    }

    private void append(Storage storage, int from, int to) throws IOException {
        for (TxnRecord record : history.subList(from, to)) {
            storage.log().append(record.toBytes(), record.header().zxid());
        }
        storage.log().force();
    }

    private Database after(int txns) {
        return Databases.after(Database.empty(), history.subList(0, txns));
    }

    private void set(String name, String text) throws IOException {
        if (text.isEmpty()) {
            folder.delete(name);
        } else {
            folder.put(name, text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
