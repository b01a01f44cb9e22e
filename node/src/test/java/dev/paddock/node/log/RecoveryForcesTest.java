package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process dies between a write and its force, the next one reports what it finds, and then the power goes. */
class RecoveryForcesTest {
    private static final Recovery.Limits LIMITS = new Recovery.Limits(30, 1 << 20, false, TreeRules.DEFAULT);

    private final List<TxnRecord> history = Databases.history(11, 200);

    /** What a server does, up to where its process dies. */
    private interface Life {
        void live(Storage storage) throws IOException;
    }

    @Test
    void whatWasReportedSurvivesThePowerLossAfterIt() throws IOException {
        CrashingFolder disk = new CrashingFolder();
        Storage storage = open(disk, disk);
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        append(storage, 0, 10);
        storage.log().force();
        append(storage, 10, 20);
        disk.losePowerAfter(1); // after the write, before the force
        assertThat(lives(storage, s -> s.log().force())).isFalse();
        disk.startAgain();
        assertThat(open(disk, disk).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .isEqualTo(20);
        CrashingFolder after = disk.afterPowerLoss(0);
        assertThat(open(after, after).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .isEqualTo(20);
    }

    @Test
    void whatAForceFailedOnIsWrittenAgain() throws IOException {
        CrashingFolder disk = new CrashingFolder();
        Storage storage = open(disk, disk);
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        append(storage, 0, 10);
        storage.log().force();
        append(storage, 10, 20);
        disk.failing("force");
        assertThatThrownBy(() -> storage.log().force()).isInstanceOf(LogFailedException.class);
        disk.failing("");
        Storage next = open(disk, disk);
        assertThat(next.recover(SnapshotStoreTest.NO_PROGRESS).lastZxid()).isEqualTo(20);
        append(next, 20, 30);
        next.log().force();
        CrashingFolder after = disk.afterPowerLoss(0);
        assertThat(open(after, after).recover(SnapshotStoreTest.NO_PROGRESS).lastZxid())
                .as("what a start reported")
                .isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void whereverTheProcessDied(long seed) throws IOException {
        for (int step = 0; diesAndLosesPower(step, seed, 0, true, this::writing); step++) {}
        for (int step = 0; diesAndLosesPower(step, seed, 60, true, s -> s.log().truncate(33)); step++) {}
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void whereverTheProcessDiedInAnInstall(long seed) throws IOException {
        Life install = s -> s.install(Databases.some(99, 40));
        for (int step = 0; diesAndLosesPower(step, seed, 60, true, install); step++) {}
        for (int step = 0; diesAndLosesPower(step, seed, 60, false, install); step++) {}
    }

    /**
     * One run.
     *
     * @param step     of the folder in question before which the process dies
     * @param before   txns that are forced before the life in question
     * @param inLog    whether the folder in question is that of the log, not that of the snapshots
     * @return whether it died at all
     */
    private boolean diesAndLosesPower(int step, long seed, int before, boolean inLog, Life life) throws IOException {
        CrashingFolder snapshots = new CrashingFolder();
        CrashingFolder logs = new CrashingFolder();
        Storage storage = open(snapshots, logs);
        storage.recover(SnapshotStoreTest.NO_PROGRESS);
        append(storage, 0, before);
        storage.log().force();
        (inLog ? logs : snapshots).losePowerAfter(step);
        boolean finished = lives(storage, life);
        logs.startAgain();
        snapshots.startAgain();
        Recovered reported = open(snapshots, logs).recover(SnapshotStoreTest.NO_PROGRESS);
        Recovered left =
                open(snapshots.afterPowerLoss(seed), logs.afterPowerLoss(seed)).recover(SnapshotStoreTest.NO_PROGRESS);
        assertThat(left.lastZxid()).as("step %s", step).isEqualTo(reported.lastZxid());
        assertThat(left.database().difference(reported.database())).isNull();
        assertThat(left.acceptedEpoch()).isEqualTo(reported.acceptedEpoch());
        assertThat(left.currentEpoch()).isEqualTo(reported.currentEpoch());
        return !finished;
    }

    private void writing(Storage storage) throws IOException {
        storage.epochs().storeAccepted(3);
        append(storage, 0, 7);
        storage.log().force();
        storage.storeCurrentEpoch(3);
        append(storage, 7, 15);
        storage.log().roll();
        storage.snapshots().write(Databases.after(Database.empty(), history.subList(0, 15)));
        append(storage, 15, 25);
        storage.log().force();
    }

    private static boolean lives(Storage storage, Life life) throws IOException {
        try {
            life.live(storage);
            return true;
        } catch (CrashingFolder.PowerLost | LogFailedException e) {
            return false;
        }
    }

    private static Storage open(Folder snapshots, Folder logs) {
        return new Storage(snapshots, logs, logs, Records.GROWING, LIMITS, Records.AT_ONCE);
    }

    private void append(Storage storage, int from, int to) throws IOException {
        for (TxnRecord record : history.subList(from, to)) {
            storage.log().append(record.toBytes(), record.header().zxid());
        }
    }
}
