package dev.paddock.node.sim;

import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** More disks that break one promise each, after failures that such systems really had. */
final class BrokenDisks {
    private BrokenDisks() {}

    /** The same tree under another zxid. */
    private static Database named(Database database, long zxid) {
        Txn.Error nothing = new Txn.Error(0);
        return database.apply(new TxnHeader(0, 0, zxid, 0, nothing.type()), nothing)
                .after();
    }

    /** Takes a leader's snapshot for all history that came while it was written (M13). */
    static final class NamesSnapshotsLateDisk extends SimDisk {
        private final Deque<Effect.ToDisk> asked = new ArrayDeque<>();

        @Override
        void ask(Effect.ToDisk effect) {
            asked.addLast(effect);
            super.ask(effect);
        }

        @Override
        void persist(Effect.ToDisk effect) {
            asked.removeFirst();
            if (effect instanceof Effect.Append(Proposal p) && p.zxid() <= base.lastZxid()) return;
            super.persist(effect);
            if (!(effect instanceof Effect.InstallSnapshot)) return;
            for (Effect.ToDisk later : asked) {
                if (later instanceof Effect.Append(Proposal p)) base = named(base, p.zxid());
            }
        }

        @Override
        void lose() {
            asked.clear();
            super.lose();
        }
    }

    /** Takes its snapshots amid a multi: they hold the first half of the newest one (M14). */
    static final class HalfMultiDisk extends SimDisk {
        @Override
        void snapshot(Database committed) throws IOException {
            if (committed.lastZxid() <= base.lastZxid()) return;
            Database torn = base;
            for (Proposal p : afterBase()) {
                if (p.zxid() > committed.lastZxid()) break;
                TxnRecord record = TxnRecord.parse(p.payload());
                torn = record.txn() instanceof Txn.Multi(List<Txn.Sub> all)
                        ? torn.apply(record.header(), new Txn.Multi(all.subList(0, all.size() / 2)))
                                .after()
                        : torn.apply(record).after();
            }
            super.snapshot(named(torn, committed.lastZxid()));
        }
    }

    /** A process that died goes on writing: what it had asked for reaches the log of the one that was started next (M17). */
    static final class TwoWritersDisk extends SimDisk {
        private final Deque<Effect.ToDisk> asked = new ArrayDeque<>();
        private final Deque<Proposal> left = new ArrayDeque<>();

        @Override
        void ask(Effect.ToDisk effect) {
            asked.addLast(effect);
            super.ask(effect);
        }

        @Override
        void persist(Effect.ToDisk effect) {
            asked.removeFirst();
            super.persist(effect);
            if (!left.isEmpty()) log.add(left.removeFirst());
        }

        @Override
        void lose() {
            for (Effect.ToDisk effect : asked) if (effect instanceof Effect.Append(Proposal p)) left.addLast(p);
            asked.clear();
            super.lose();
        }
    }

    /** The disk is full when the log is to be cut, and the server goes on with what it has in memory (M20). */
    static final class UncutDisk extends SimDisk {
        @Override
        void persist(Effect.ToDisk effect) {
            if (!(effect instanceof Effect.Truncate)) super.persist(effect);
        }

        @Override
        Input answer(Effect.ToDisk effect) {
            if (!(effect instanceof Effect.Truncate(long zxid)) || zxid < base.lastZxid()) return super.answer(effect);
            Database cut = base;
            List<Proposal> kept = new ArrayList<>();
            for (Proposal p : afterBase()) {
                if (p.zxid() > zxid) continue;
                cut = cut.apply(TxnRecord.parse(p.payload())).after();
                kept.add(p);
            }
            return new Input.Truncated(cut, kept);
        }
    }

    /** Leaves its own log in place under the snapshot of a leader, records of a lost leadership included (M38). */
    static final class KeepsLogDisk extends SimDisk {
        @Override
        void persist(Effect.ToDisk effect) {
            if (effect instanceof Effect.InstallSnapshot(Database database)) base = database;
            else super.persist(effect);
        }
    }

    /** Has a hole in what it passes on: the newest half of the log in memory is not there after a start (M10). */
    static final class HoleInMemoryDisk extends SimDisk {
        @Override
        Durable recover() {
            Durable all = super.recover();
            List<Proposal> some = all.recent().subList(0, all.recent().size() / 2);
            return new Durable(all.acceptedEpoch(), all.currentEpoch(), all.lastZxid(), all.isComplete(), some);
        }
    }

    /** Holds its history and forgets, at each start, which epochs it promised and took over beyond it. */
    static final class ForgetsPromisesDisk extends SimDisk {
        @Override
        Durable recover() {
            Durable all = super.recover();
            long held = Zxid.epoch(all.lastZxid());
            return new Durable(held, held, all.lastZxid(), all.isComplete(), all.recent());
        }
    }

    /** Where the files of its epochs are lost, it takes what is left for all that it ever promised. */
    static final class TrustsEpochsDisk extends StoredDisk {
        @Override
        Durable recover() {
            Durable left = super.recover();
            return new Durable(
                    left.acceptedEpoch(), left.currentEpoch(), left.lastZxid(), left.isComplete(), left.recent());
        }
    }
}
