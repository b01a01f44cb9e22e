package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.log.CrashingFolder;
import dev.paddock.node.log.DamagedLogException;
import dev.paddock.node.log.LogFailedException;
import dev.paddock.node.log.Records;
import dev.paddock.node.log.Recovered;
import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.node.log.Storage;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DiskThreadTest {
    private static final RecoveryProgress SILENT = new RecoveryProgress() {
        @Override
        public void reading(String snapshot, long bytes) {}

        @Override
        public void replayed(long records, long zxid) {}
    };

    private final CrashingFolder folder = new CrashingFolder();
    private final BlockingQueue<Input> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final CountDownLatch diskGoesOn = new CountDownLatch(1);

    private Storage storage;
    private Snapshots snapshots;
    private DiskThread disk;

    @BeforeEach
    void start() throws IOException {
        storage = Records.storage(folder);
        snapshots = new Snapshots(storage, 0, System::currentTimeMillis);
        disk = new DiskThread(
                1, storage, snapshots, never(), 1000, SILENT, members -> {}, new Answers(), failures::add);
        disk.start();
    }

    @AfterEach
    void stop() throws Exception {
        diskGoesOn.countDown();
        disk.close();
        snapshots.close();
        storage.close();
    }

    private static SnapshotSchedule never() {
        return new SnapshotSchedule(Integer.MAX_VALUE, 0, 1, 0, new SplittableRandom(1));
    }

    private final class Answers implements DiskThread.Core {
        @Override
        public void inputs(List<? extends Input> inputs) {
            answers.addAll(inputs);
        }

        @Override
        public void put(Consumer<Replica> letter) {
            throw new AssertionError("no snapshot is due");
        }
    }

    @Test
    void answersWhatItForced() throws Exception {
        disk.ask(appends(1, 3));
        assertThat(answer()).isEqualTo(new Input.Forced(3));
        assertThat(Records.storage(folder.afterPowerLoss(0)).log().lastZxid()).isEqualTo(3);
    }

    /** By which a log that has lost its end to damage is told from one whose end was never written. */
    @Test
    void howFarItForcedIsSoonKnownAfterAPowerLossToo() throws Exception {
        var isIdle = new AtomicBoolean();
        var forcedWhileIdle = new CountDownLatch(1);
        folder.beforeEach(kind -> {
            if (isIdle.get() && kind.equals("force")) forcedWhileIdle.countDown();
        });
        disk.ask(appends(1, 3));
        assertThat(answer()).isEqualTo(new Input.Forced(3));
        isIdle.set(true);
        assertThat(forcedWhileIdle.await(30, TimeUnit.SECONDS)).isTrue();
        disk.ask(appends(4, 4));
        assertThat(answer()).as("and what was before is done").isEqualTo(new Input.Forced(4));
        CrashingFolder after = folder.afterPowerLoss(0);
        assertThat(Records.storage(after.copy()).log().lastZxid()).isEqualTo(4);
        after.cut("log.1", after.size("log.1") / 2);
        assertThatThrownBy(() -> Records.storage(after))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("all up to zxid 0x3 was acknowledged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "force"})
    void afterAFailureItAcknowledgesNothingMoreAndEndsTheServer(String kind) throws Exception {
        disk.ask(appends(1, 3));
        assertThat(answer()).isEqualTo(new Input.Forced(3));
        folder.failing(kind);
        disk.ask(appends(4, 4));
        assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(LogFailedException.class);
        folder.failing("");
        disk.ask(appends(5, 5));
        disk.ask(List.of(new Effect.SaveAcceptedEpoch(7)));
        disk.close();
        assertThat(answers).isEmpty();
        assertThat(storage.epochs().accepted()).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void powerLostAtAnyStepLeavesNoEpochWithoutTheRecordsAskedForBefore(long seed) throws Exception {
        boolean isDone = false;
        for (int step = 0; !isDone; step++) {
            CrashingFolder cut = new CrashingFolder();
            cut.tearInOrder();
            isDone = savesAnEpochBehindRecords(cut, step);
            Recovered left = Records.over(cut.afterPowerLoss(seed)).recover(SILENT);
            if (left.currentEpoch() == 1)
                assertThat(left.lastZxid())
                        .as("records where their epoch is, power lost at step %d", step)
                        .isEqualTo(5);
            else assertThat(isDone).isFalse();
        }
    }

    /** Whether it came to an end before the power was lost. */
    private boolean savesAnEpochBehindRecords(CrashingFolder cut, int step) throws IOException {
        Storage theirs = Records.storage(cut);
        theirs.epochs().storeAccepted(1);
        cut.losePowerAfter(step);
        try (var none = new Snapshots(theirs, 0, System::currentTimeMillis);
                var thread = new DiskThread(
                        1, theirs, none, never(), 1000, SILENT, members -> {}, new Answers(), failures::add)) {
            List<Effect.ToDisk> batch = new ArrayList<>(appends(1, 5));
            batch.add(new Effect.SaveCurrentEpoch(1));
            thread.ask(batch);
            thread.start();
        }
        boolean isDone = failures.poll() == null;
        if (isDone) assertThat(answers).containsExactly(new Input.Forced(5), new Input.CurrentEpochSaved(1));
        else assertThat(answers).isEmpty();
        return isDone;
    }

    @Test
    void refusesToCutBelowASnapshotAndThenTakesTheLeaders() throws Exception {
        disk.ask(appends(1, 10));
        assertThat(answer()).isEqualTo(new Input.Forced(10));
        storage.snapshots().write(after(8));
        disk.ask(List.of(new Effect.Truncate(5)));
        assertThat(answer()).isEqualTo(new Input.TruncationRefused(5));
        assertThat(Records.storage(folder.afterPowerLoss(0)).log().lastZxid())
                .as("nothing was cut")
                .isEqualTo(10);
        disk.ask(List.of(new Effect.InstallSnapshot(after(5))));
        assertThat(answer()).isEqualTo(new Input.SnapshotInstalled(5));
        disk.ask(appends(6, 6));
        assertThat(answer()).isEqualTo(new Input.Forced(6));
        assertThat(Records.storage(folder.afterPowerLoss(0)).log().lastZxid()).isEqualTo(6);
    }

    @Test
    void refusesToCutToWhatTheLogLacks() throws Exception {
        disk.ask(appends(1, 4));
        disk.ask(appends((1L << 32) + 1, (1L << 32) + 2));
        await().until(() -> answers.contains(new Input.Forced((1L << 32) + 2)));
        answers.clear();
        disk.ask(List.of(new Effect.Truncate(6)));
        assertThat(answer()).isEqualTo(new Input.TruncationRefused(6));
        disk.ask(List.of(new Effect.Truncate(3)));
        assertThat(answer()).isInstanceOfSatisfying(Input.Truncated.class, cut -> {
            assertThat(cut.database().difference(after(3))).isNull();
            assertThat(cut.recent()).extracting(Proposal::zxid).containsExactly(1L, 2L, 3L);
        });
        disk.ask(List.of(new Effect.Truncate(0)));
        assertThat(answer()).isInstanceOf(Input.Truncated.class);
    }

    @Test
    void cutsOnlyAfterTheSnapshotUnderWay() throws Exception {
        disk.ask(appends(1, 10));
        assertThat(answer()).isEqualTo(new Input.Forced(10));
        CountDownLatch writing = new CountDownLatch(1);
        folder.beforeEach(kind -> {
            if (Thread.currentThread().getName().equals("snapshot") && kind.equals("write")) {
                writing.countDown();
                waitForTheDisk();
            }
        });
        disk.snapshot(after(6), new CompletableFuture<>());
        assertThat(writing.await(30, TimeUnit.SECONDS)).isTrue();
        disk.ask(List.of(new Effect.Truncate(8)));
        await().during(Duration.ofMillis(200)).until(answers::isEmpty);
        diskGoesOn.countDown();
        assertThat(answer()).isInstanceOf(Input.Truncated.class);
        assertThat(storage.snapshots().zxids()).contains(6L);
        assertThat(failures).isEmpty();
    }

    @Test
    void aSnapshotWaitsForTheLog() throws Exception {
        disk.ask(appends(1, 3));
        assertThat(answer()).isEqualTo(new Input.Forced(3));
        disk.snapshot(after(5), new CompletableFuture<>()); // a quorum has committed what we have not logged
        disk.ask(List.of(new Effect.SaveAcceptedEpoch(1)));
        assertThat(answer()).isEqualTo(new Input.AcceptedEpochSaved(1));
        snapshots.close();
        assertThat(folder.names()).doesNotContain("snapshot.5");
    }

    @Test
    void aSnapshotAskedForJustBeforeTheEndIsRefused() throws Exception {
        CountDownLatch forcing = new CountDownLatch(1);
        folder.beforeEach(kind -> {
            if (kind.equals("force")) {
                forcing.countDown();
                waitForTheDisk();
            }
        });
        disk.ask(appends(1, 1));
        assertThat(forcing.await(30, TimeUnit.SECONDS)).isTrue();
        var before = new CompletableFuture<String>();
        disk.snapshot(after(1), before);
        Thread closing = Thread.ofPlatform().start(disk::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        diskGoesOn.countDown();
        assertThat(before).failsWithin(Duration.ofSeconds(30));
        closing.join();
        var after = new CompletableFuture<String>();
        disk.snapshot(after(1), after);
        assertThat(after).isCompletedExceptionally();
        assertThat(folder.names()).doesNotContain("snapshot.1");
    }

    @Test
    void aSnapshotThatStillWaitsForTheLogIsRefusedInTheEnd() throws Exception {
        var written = new CompletableFuture<String>();
        disk.snapshot(after(5), written);
        disk.ask(appends(1, 3));
        assertThat(answer()).isEqualTo(new Input.Forced(3));
        assertThat(written).isNotDone();
        disk.close();
        assertThat(written).isCompletedExceptionally();
    }

    @Test
    void aDiskThatFailsLetsNobodyWaitForASnapshot() throws Exception {
        var written = new CompletableFuture<String>();
        disk.snapshot(after(5), written);
        folder.failing("write");
        disk.ask(appends(1, 5));
        assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(LogFailedException.class);
        folder.failing("");
        assertThat(written).failsWithin(Duration.ofSeconds(30));
    }

    @Test
    void aDiskThatHangsKeepsNobodyFromEnding() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        folder.beforeEach(kind -> {
            if (kind.equals("force")) {
                hanging.countDown();
                waitForTheDisk();
            }
        });
        disk.ask(appends(1, 1));
        assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
        var written = new CompletableFuture<String>();
        disk.snapshot(after(1), written);
        disk.close();
        assertThat(written).isCompletedExceptionally();
        snapshots.close();
        storage.close();
        assertThat(answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void onAFullDiskItUsesTheReserveAndTellsTheCore(int left) throws Exception {
        CrashingFolder small = new CrashingFolder();
        small.capacity(200_000);
        Storage full = Records.watched(small, 40_000, 30_000); // the reserve takes the file of seams and a log file
        BlockingQueue<Consumer<Replica>> letters = new LinkedBlockingQueue<>();
        DiskThread.Core core = new DiskThread.Core() {
            @Override
            public void inputs(List<? extends Input> inputs) {
                answers.addAll(inputs);
            }

            @Override
            public void put(Consumer<Replica> letter) {
                letters.add(letter);
            }
        };
        var snapshotsOfFull = new Snapshots(full, 0, System::currentTimeMillis);
        try (var thread =
                new DiskThread(1, full, snapshotsOfFull, never(), 1000, SILENT, members -> {}, core, failures::add)) {
            thread.start();
            small.put("of-somebody-else", new byte[(int) small.space().usable() - left]);
            thread.ask(List.of(new Effect.SaveAcceptedEpoch(1)));
            assertThat(answer()).isEqualTo(new Input.AcceptedEpochSaved(1));
            thread.ask(appends(1, 3));
            assertThat(answer()).isEqualTo(new Input.Forced(3));
            assertThat(letters.poll(30, TimeUnit.SECONDS)).isNotNull();
            assertThat(full.space().isLow()).isTrue();
            var written = new CompletableFuture<String>();
            thread.snapshot(after(2), written);
            assertThat(written).failsWithin(Duration.ofSeconds(30));
            small.delete("of-somebody-else");
            await().atMost(Duration.ofSeconds(50)) // after a failed write it stays in doubt for ten
                    .until(() -> !full.space().isLow() && small.names().contains("reserve"));
        }
        snapshotsOfFull.close();
        assertThat(failures).isEmpty();
        Storage after = Records.storage(small.afterPowerLoss(0));
        assertThat(after.log().lastZxid()).isEqualTo(3);
        assertThat(after.epochs().accepted()).hasValue(1);
    }

    private void waitForTheDisk() {
        try {
            diskGoesOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Input answer() throws InterruptedException {
        return answers.poll(30, TimeUnit.SECONDS);
    }

    private static List<Effect.ToDisk> appends(long from, long to) {
        List<Effect.ToDisk> appends = new ArrayList<>();
        for (long zxid = from; zxid <= to; zxid++) {
            appends.add(new Effect.Append(new Proposal(zxid, Records.record(zxid, 10))));
        }
        return appends;
    }

    private static Database after(long zxid) {
        Database database = Database.empty();
        for (long each = 1; each <= zxid; each++) {
            database = database.apply(TxnRecord.parse(Records.record(each, 10))).after();
        }
        return database;
    }
}
