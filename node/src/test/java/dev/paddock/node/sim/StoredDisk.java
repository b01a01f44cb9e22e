package dev.paddock.node.sim;

import dev.paddock.node.log.CrashingFolder;
import dev.paddock.node.log.DamagedFileException;
import dev.paddock.node.log.LogRecord;
import dev.paddock.node.log.Records;
import dev.paddock.node.log.Recovered;
import dev.paddock.node.log.Storage;
import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk with the production storage on it: logs, snapshots and epochs as files, in a folder in memory that knows what was
 * forced. Power fails at any step of the files and leaves sectors and names of what was not forced, or not.
 */
class StoredDisk extends SimDisk {
    static final int RETAINED_SNAPSHOTS = 2;

    CrashingFolder folder = new CrashingFolder();
    boolean isHealedByOthers = true;

    /** Whether a power loss may leave later sectors of a file and not earlier ones. */
    BooleanSupplier losesOrder = () -> false;

    /** Once in so many times it does, then. */
    int losesOrderOnceIn = 3;

    /** Told when one does. */
    Runnable learned = () -> {}; // a leader's history, though it is not known any more what was promised

    Runnable lostOrder = () -> {};

    /** Told what a crash cut short. */
    Consumer<String> cutShort = what -> {};

    private final long preAllocBytes;
    private String underWay = "";
    private int stepsMax = 1; // that anything took which was asked for, with all that waited for the same force
    private int stepsOfSnapshot = 20; // the last one, with the purge behind it
    private int stepsOfStart = 1; // the last one
    private int stepsOfCut = 4; // the last one
    private @Nullable RandomGenerator crashOfStart; // that is to come
    private @Nullable RandomGenerator crashOfCut; // likewise

    private @Nullable Storage storage;
    private @Nullable Recovered found;
    private boolean dirty; // something was appended and not forced
    private boolean failed; // after which a server asks nothing more of its disk
    private long durable;
    private Kept kept = new Kept(0, 0, 0);
    private boolean foundAll = true;
    private long acknowledged; // where it ended when it was damaged
    private boolean
            damaged; // its files are not what was written, and no leader has made up for it since they were read
    private boolean isRead; // since then
    private boolean hasOldMarks; // a power loss may have taken those that tell how far the log went
    private boolean isUnsure; // a power loss may have left what looks like damage, as the next start will tell
    private boolean keepsPower; // what a power loss would make of the damage, nobody could tell from a write cut short

    /** What every start must find, at least: up to where the log goes, and the epochs. */
    private record Kept(long zxid, long accepted, long current) {
        Kept upTo(long end) {
            return new Kept(end, accepted, current);
        }

        boolean isIn(Recovered found) {
            return found.lastZxid() >= zxid && found.acceptedEpoch() >= accepted && found.currentEpoch() >= current;
        }
    }

    StoredDisk() {
        this(0);
    }

    /** @param preAllocBytes size of log files that are made ahead; 0 lets them grow */
    StoredDisk(long preAllocBytes) {
        this.preAllocBytes = preAllocBytes;
        folder.tearInOrder();
    }

    @Override
    void tell(Consumer<String> steps) {
        folder.beforeEach(steps);
    }

    @Override
    void open() throws IOException {
        RandomGenerator dice = crashOfStart;
        crashOfStart = null;
        if (dice != null) folder.losePowerAfter(dice.nextInt(stepsOfStart));
        underWay = "starts";
        int before = folder.steps();
        try {
            start();
            stepsOfStart = Math.max(1, folder.steps() - before);
            if (folder.hasLostPower()) throw new IOException("the power went while a log file was prepared");
        } finally {
            if (dice != null && folder.hasLostPower()) goDown(dice);
            else folder.startAgain(); // it took fewer steps than that
        }
    }

    /** The next start is cut short, unless it takes fewer steps than the last. */
    void crashInStart(RandomGenerator dice) {
        crashOfStart = dice;
    }

    /** The next start and the next cut of the log go well. */
    void goWell() {
        crashOfStart = null;
        crashOfCut = null;
    }

    private void start() throws IOException {
        storage = opened();
        if (damaged) acknowledged = Math.max(acknowledged, durable); // what came after the damage went the same way
        folder.looks();
        recoverWhatIsLeft();
        folder.readWell();
        foundAll = damaged || !found().isComplete() || kept.isIn(found());
        kept = new Kept(durable, found().knowsEpochs() ? found().acceptedEpoch() : 0, found().currentEpoch());
        if (isUnsure && !found().isComplete()) damaged = true;
        isUnsure = false;
        isRead = true;
        keepsPower = false;
        hasOldMarks = false;
        dirty = false;
        failed = false;
    }

    Storage opened() throws IOException {
        return Records.over(folder, rules, preAllocBytes);
    }

    /** Nothing else is on the disk, which is a large one. */
    void makeRoom() {
        folder.capacity(Long.MAX_VALUE);
    }

    /** Less is left of one that is full. */
    int roomBytesMax() {
        return 4096;
    }

    /** As {@code server.Node} with others who can make up for what is damaged. */
    private void recoverWhatIsLeft() throws IOException {
        while (true) {
            try {
                recovered();
                return;
            } catch (DamagedFileException damage) {
                if (!isHealedByOthers || !storage().setAside(damage)) throw damage;
            } catch (IOException e) {
                storage().space().makeRoom(e);
            }
        }
    }

    @Override
    boolean foundAll() {
        return foundAll;
    }

    /** Whether nothing but the newest log tells how far it went, as after a power loss until the next start. */
    boolean hasOldMarks() {
        return hasOldMarks;
    }

    /** Its files are not what was written any more. */
    void damaged() {
        acknowledged = durable;
        damaged = true;
        isRead = false;
        keepsPower = true;
    }

    @Override
    boolean isComplete() {
        return !damaged && !isUnsure;
    }

    @Override
    long acknowledged() {
        return damaged || isUnsure ? Math.max(durable, acknowledged) : durable;
    }

    private Recovered recovered() throws IOException {
        Recovered all = storage().recover(Records.SILENT);
        found = all;
        durable = all.lastZxid();
        return all;
    }

    Storage storage() {
        if (storage == null) throw new IllegalStateException("not open");
        return storage;
    }

    private Recovered found() {
        if (found == null) throw new IllegalStateException("not open");
        return found;
    }

    @Override
    Durable recover() {
        return new Durable(
                found().acceptedEpoch(),
                found().currentEpoch(),
                found().knowsEpochs(),
                found().lastZxid(),
                found().isComplete(),
                proposals(found().tail()));
    }

    private static List<Proposal> proposals(List<LogRecord> records) {
        return records.stream().map(r -> new Proposal(r.zxid(), r.payload())).toList();
    }

    @Override
    Database database() {
        return found().database();
    }

    @Override
    long lastZxid() {
        return durable;
    }

    /** As {@code server.DiskThread}: appends wait for one force, the rest finds all before it on disk. */
    @Override
    List<Input> perform(int n) throws IOException {
        List<Input> done = new ArrayList<>();
        boolean isDone = false;
        int before = folder.steps();
        try {
            for (int i = 0; i < n; i++) {
                performed++;
                carryOut(queue.removeFirst(), done);
            }
            force(done);
            isDone = true;
        } finally {
            failed = !isDone;
            stepsMax = Math.max(stepsMax, folder.steps() - before);
        }
        return done;
    }

    private static String words(Effect.ToDisk effect) {
        return switch (effect) {
            case Effect.Append _ -> "appends";
            case Effect.SaveAcceptedEpoch _, Effect.SaveCurrentEpoch _ -> "saves of epochs";
            case Effect.InstallSnapshot _ -> "installations of snapshots";
            case Effect.Truncate _ -> "cuts of the log";
            case Effect.SaveMembers _ -> "saves of members";
        };
    }

    private void carryOut(Effect.ToDisk effect, List<Input> done) throws IOException {
        if (effect instanceof Effect.Append(Proposal p)) {
            underWay = words(effect);
            storage().log().append(p.payload(), p.zxid());
            dirty = true;
            return;
        }
        force(done);
        underWay = words(effect);
        switch (effect) {
            case Effect.SaveAcceptedEpoch(long epoch) -> {
                once(() -> storage().epochs().storeAccepted(epoch));
                kept = new Kept(kept.zxid(), epoch, kept.current());
                done.add(new Input.AcceptedEpochSaved(epoch));
            }
            case Effect.SaveCurrentEpoch(long epoch) -> {
                once(() -> storage().storeCurrentEpoch(epoch));
                kept = new Kept(kept.zxid(), kept.accepted(), epoch);
                if (kept.accepted() < epoch) learned.run();
                else if (isRead && !folder.isMisdirected()) damaged = false;
                done.add(new Input.CurrentEpochSaved(epoch));
            }
            case Effect.InstallSnapshot(Database database) -> {
                kept = kept.upTo(Math.min(kept.zxid(), database.lastZxid())); // until then this or the history before
                once(() -> storage().install(database));
                durable = database.lastZxid();
                kept = kept.upTo(durable);
                done.add(new Input.SnapshotInstalled(durable));
            }
            case Effect.Truncate(long zxid) -> once(() -> done.add(cut(zxid)));
            case Effect.SaveMembers(Members saved) -> members = Optional.of(saved);
            case Effect.Append _ -> throw new IllegalStateException("appends are taken above");
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Until there is room for it. */
    private void once(Step step) throws IOException {
        while (true) {
            try {
                step.run();
                return;
            } catch (IOException e) {
                storage().space().makeRoom(e);
            }
        }
    }

    private void force(List<Input> done) throws IOException {
        if (!dirty) return;
        underWay = "forces of the log";
        storage().log().force();
        dirty = false;
        durable = storage().log().lastZxid();
        kept = kept.upTo(durable);
        done.add(new Input.Forced(durable));
    }

    private Input cut(long zxid) throws IOException {
        RandomGenerator dice = crashOfCut;
        crashOfCut = null;
        if (dice != null) folder.losePowerAfter(dice.nextInt(stepsOfCut));
        int before = folder.steps();
        Input done = truncate(zxid);
        stepsOfCut = Math.max(1, folder.steps() - before);
        if (dice != null) folder.startAgain(); // it took fewer steps than that
        return done;
    }

    private Input truncate(long zxid) throws IOException {
        if (!storage().canTruncateTo(zxid)) return new Input.TruncationRefused(zxid);
        kept = kept.upTo(Math.min(kept.zxid(), zxid));
        storage().log().truncate(zxid);
        Recovered left = recovered();
        if (left.lastZxid() != zxid) throw new IOException("cut to another zxid");
        return new Input.Truncated(left.database(), proposals(left.tail()));
    }

    /** A snapshot of our own, and a purge of what it makes needless. */
    @Override
    void snapshot(Database committed) throws IOException {
        if (storage == null || committed.lastZxid() > storage.log().lastZxid()) return;
        int before = folder.steps();
        underWay = "snapshots";
        storage.log().roll();
        storage.snapshots().write(committed);
        underWay = "purges";
        purge(storage);
        stepsOfSnapshot = folder.steps() - before;
    }

    /** The next snapshot, or the purge behind it, is cut short, unless they take fewer steps than the last. */
    void crashInSnapshot(RandomGenerator dice) {
        folder.losePowerAfter(dice.nextInt(stepsOfSnapshot));
    }

    /** The next cut of the log is cut short, unless it takes fewer steps than the last. */
    void crashInCut(RandomGenerator dice) {
        crashOfCut = dice;
    }

    void purge(Storage all) throws IOException {
        all.purge(RETAINED_SNAPSHOTS);
    }

    @Override
    void lose() {
        queue.clear();
        storage = null;
        folder = folder.afterPowerLoss(0);
    }

    private void losePower(RandomGenerator random) {
        boolean isInOrder = random.nextInt(losesOrderOnceIn) > 0 || !losesOrder.getAsBoolean();
        folder = folder.afterPowerLoss(2 + random.nextInt(1 << 20), isInOrder);
        hasOldMarks = true;
        if (isInOrder) return;
        lostOrder.run();
        acknowledged = durable;
        isUnsure = true;
    }

    @Override
    void crash(RandomGenerator random) {
        int reached = queue.isEmpty() ? 0 : random.nextInt(queue.size() + 1);
        int some =
                random.nextBoolean() ? stepsMax : 1 + random.nextInt(stepsMax); // most of what is under way takes few
        int steps = random.nextInt(some);
        if (!folder.hasLostPower()) {
            folder.losePowerAfter(steps);
            try {
                if (!failed) perform(reached);
            } catch (IOException _) {
                // the power went, or the disk had failed before
            }
        }
        queue.clear();
        goDown(random);
    }

    private void goDown(RandomGenerator random) {
        storage = null;
        if (folder.hasLostPower()) cutShort.accept(underWay);
        if (keepsPower || random.nextInt(3) == 0) folder.startAgain(); // the process alone died
        else losePower(random);
    }
}
