package dev.paddock.node.sim;

import dev.paddock.node.Invariant;
import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A disk that does what it is asked in order, answers when it is done, and on a crash loses what was not forced. What is
 * durable is a snapshot and the log after it, as {@code dev.paddock.node.log} leaves them.
 */
class SimDisk {
    int performed;
    final Deque<Effect.ToDisk> queue = new ArrayDeque<>(); // asked for, not durable yet
    final List<Proposal> log = new ArrayList<>(); // durable, ascending
    TreeRules rules = TreeRules.DEFAULT;
    Database base = Database.empty(); // the newest durable snapshot
    Optional<Members> members = Optional.empty(); // those committed last
    private long accepted;
    private long current;
    private long rotten; // zxid up to which it reached before it rotted; 0 once that is made up for

    /** The tree that a server has on it keeps other rules; before the first start. */
    void rules(TreeRules others) {
        rules = others;
        base = Database.empty(others);
    }

    /** Each step of its files is told, if it has any, by its kind. */
    void tell(Consumer<String> steps) {}

    /** The clock of the server on it; before it starts. */
    void time(LongSupplier monotonic) {}

    /** Whether the server on it looks how much room it has. */
    boolean isWatched() {
        return false;
    }

    /** Takes who is told whether room is low; told at once if it is. */
    void listen(Consumer<Boolean> told) {}

    /** Looks how much room there is. */
    void look() {}

    /** Whether what it was asked last waits for room; to be tried again by {@link #perform}. */
    boolean isWaiting() {
        return false;
    }

    /** A server starts on it. */
    void open() throws IOException {}

    /** Whether the last start, unless it told that something is missing, found all that was made durable before. */
    boolean foundAll() {
        return true;
    }

    /** What a server finds when it starts. */
    Durable recover() {
        long ofHistory = Zxid.epoch(lastZxid()); // a record of an epoch is there only after that epoch's first history
        long held = Math.max(current, ofHistory);
        return new Durable(Math.max(accepted, held), held, lastZxid(), isComplete(), afterBase());
    }

    List<Proposal> afterBase() {
        return log.stream().filter(p -> p.zxid() > base.lastZxid()).toList();
    }

    Database database() {
        Database database = base;
        for (Proposal p : afterBase())
            database = database.apply(TxnRecord.parse(p.payload())).after();
        return database;
    }

    long lastZxid() {
        return log.isEmpty()
                ? base.lastZxid()
                : Math.max(base.lastZxid(), log.getLast().zxid());
    }

    void ask(Effect.ToDisk effect) {
        queue.addLast(effect);
    }

    int pending() {
        return queue.size();
    }

    /** Makes the oldest {@code n} durable and returns the answers to them. */
    List<Input> perform(int n) throws IOException {
        List<Input> answers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Effect.ToDisk effect = queue.removeFirst();
            performed++;
            persist(effect);
            if (effect instanceof Effect.SaveMembers) continue; // nobody waits for it
            Input answer = answer(effect);
            if (answer instanceof Input.Forced && !answers.isEmpty() && answers.getLast() instanceof Input.Forced) {
                answers.removeLast();
            }
            answers.add(answer);
        }
        return answers;
    }

    /** Power fails before anything of what was under way reached the disk. */
    void lose() {
        queue.clear();
    }

    /** Power fails: some of what was under way may have reached the disk, the rest has not. */
    void crash(RandomGenerator random) {
        int reached = queue.isEmpty() ? 0 : random.nextInt(queue.size() + 1);
        while (reached-- > 0) persist(queue.removeFirst());
        if (queue.peekFirst() instanceof Effect.InstallSnapshot(Database database)
                && database.lastZxid() >= base.lastZxid()
                && random.nextBoolean()) {
            base = database; // durable, and what the log held beyond it is still there
        }
        lose();
    }

    /** The newest records rot, and the mark of what was forced tells that they were there. */
    void rot(int records) {
        int left = Math.max(0, log.size() - records);
        if (left == log.size()) return;
        rotten = lastZxid();
        log.subList(left, log.size()).clear();
    }

    boolean isComplete() {
        return rotten == 0;
    }

    /** All up to here was durable at some time, whatever rotted since. */
    long acknowledged() {
        return Math.max(lastZxid(), rotten);
    }

    /** Writes a snapshot of our own and drops the log that it covers. */
    void snapshot(Database committed) throws IOException {
        if (committed.lastZxid() <= base.lastZxid()) return;
        base = committed;
        log.removeIf(p -> p.zxid() <= committed.lastZxid());
    }

    void persist(Effect.ToDisk effect) {
        switch (effect) {
            case Effect.Append(Proposal p) -> {
                long last = log.isEmpty() ? 0 : log.getLast().zxid(); // a snapshot of our own may be ahead of the log
                Invariant.check(p.zxid() > last, "appended out of order", p.zxid(), last);
                log.add(p);
            }
            case Effect.SaveAcceptedEpoch(long epoch) -> accepted = epoch;
            case Effect.SaveCurrentEpoch(long epoch) -> {
                current = epoch;
                rotten = 0;
            }
            case Effect.SaveMembers(Members saved) -> members = Optional.of(saved);
            case Effect.InstallSnapshot(Database database) -> {
                base = database;
                log.clear();
            }
            case Effect.Truncate(long zxid) -> {
                if (zxid >= base.lastZxid()) log.removeIf(p -> p.zxid() > zxid);
            }
        }
    }

    Input answer(Effect.ToDisk effect) {
        return switch (effect) {
            case Effect.Append(Proposal p) -> new Input.Forced(p.zxid());
            case Effect.SaveAcceptedEpoch(long epoch) -> new Input.AcceptedEpochSaved(epoch);
            case Effect.SaveCurrentEpoch(long epoch) -> new Input.CurrentEpochSaved(epoch);
            case Effect.SaveMembers _ -> throw new IllegalArgumentException("never answered");
            case Effect.InstallSnapshot(Database database) -> new Input.SnapshotInstalled(database.lastZxid());
            case Effect.Truncate(long zxid) ->
                zxid < base.lastZxid()
                        ? new Input.TruncationRefused(zxid)
                        : new Input.Truncated(database(), afterBase());
        };
    }
}
