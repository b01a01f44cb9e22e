package dev.paddock.node.sim;

import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Faults planted to see that they are found. Each breaks one promise that the core builds on, or makes. */
final class Mutants {
    private Mutants() {}

    /** Answers before it is durable: the newest records are still in a cache that a crash empties. */
    static final class EarlyDisk extends SimDisk {
        private final Deque<Effect.ToDisk> cache = new ArrayDeque<>();
        private final int kept;

        EarlyDisk(int kept) {
            this.kept = kept;
        }

        @Override
        void persist(Effect.ToDisk effect) {
            if (effect instanceof Effect.Append) {
                cache.addLast(effect);
                flushTo(kept);
            } else {
                if (!isEpoch(effect)) flushTo(0);
                super.persist(effect);
            }
        }

        private void flushTo(int left) {
            while (cache.size() > left) super.persist(cache.removeFirst());
        }

        @Override
        void lose() {
            cache.clear();
            super.lose();
        }
    }

    /** Saves the epoch of a new leader before the history that it stands for. */
    static final class EpochFirstDisk extends SimDisk {
        private final Deque<Effect.ToDisk> history = new ArrayDeque<>();
        private boolean synchronizing;

        @Override
        void persist(Effect.ToDisk effect) {
            if (effect instanceof Effect.Append && synchronizing) {
                history.addLast(effect);
                return;
            }
            if (effect instanceof Effect.SaveAcceptedEpoch) synchronizing = true;
            if (effect instanceof Effect.SaveCurrentEpoch) synchronizing = false;
            else flush();
            super.persist(effect);
        }

        private void flush() {
            while (!history.isEmpty()) super.persist(history.removeFirst());
        }

        @Override
        void lose() {
            history.clear();
            synchronizing = false;
            super.lose();
        }
    }

    private static boolean isEpoch(Effect.ToDisk effect) {
        return effect instanceof Effect.SaveAcceptedEpoch || effect instanceof Effect.SaveCurrentEpoch;
    }

    /** Holds a leader's snapshot in memory only; what comes after it goes to the log. */
    static final class SnapshotLosingDisk extends SimDisk {
        @Override
        void persist(Effect.ToDisk effect) {
            if (!(effect instanceof Effect.InstallSnapshot)) super.persist(effect);
        }
    }

    /** Removes the log before the snapshot that replaces it is there. */
    static final class LogFirstDisk extends SimDisk {
        private Database waiting;

        @Override
        void persist(Effect.ToDisk effect) {
            if (effect instanceof Effect.InstallSnapshot(Database database)) {
                log.clear();
                base = Database.empty();
                waiting = database;
            } else {
                settle();
                super.persist(effect);
            }
        }

        private void settle() {
            if (waiting != null) base = waiting;
            waiting = null;
        }

        @Override
        void lose() {
            waiting = null;
            super.lose();
        }
    }

    /** Takes what rot has left of its log for all that it ever acknowledged. */
    static final class TrustingDisk extends SimDisk {
        @Override
        boolean isComplete() {
            return true;
        }
    }

    /** Votes with what is left of damaged files, as if it were all that it ever acknowledged. */
    static final class TrustingStoredDisk extends StoredDisk {
        @Override
        Durable recover() {
            Durable left = super.recover();
            return new Durable(
                    left.acceptedEpoch(),
                    left.currentEpoch(),
                    left.knowsEpochs(),
                    left.lastZxid(),
                    true,
                    left.recent());
        }
    }

    /** Finds less in its log than is there. */
    static final class ForgetfulDisk extends SimDisk {
        @Override
        Durable recover() {
            Durable all = super.recover();
            if (all.recent().size() < 2) return all;
            List<Proposal> less = all.recent().subList(0, all.recent().size() - 1);
            return new Durable(
                    all.acceptedEpoch(), all.currentEpoch(), less.getLast().zxid(), true, less);
        }
    }

    /** All claim the same long history, and promise as if they had none: the largest sid leads. */
    static SimNetwork.Tamper votingWithoutHistory() {
        return (from, effect) -> switch (effect) {
            case Effect.Notify(long sid, Notification n)
            when n.leader() == from && n.state() == 0 ->
                new Effect.Notify(
                        sid,
                        new Notification(
                                n.state(), from, Long.MAX_VALUE, n.electionEpoch(), 1_000, n.version(), n.config()));
            case Effect.Send(long link, QuorumPacket p)
            when p.type() == QuorumPacket.ACKEPOCH ->
                new Effect.Send(link, new QuorumPacket(p.type(), 0, withoutEpoch(p), null));
            default -> effect;
        };
    }

    private static byte[] withoutEpoch(QuorumPacket ackEpoch) {
        byte[] told = ackEpoch.data();
        boolean promises = told != null && AckEpoch.parse(told).currentEpoch() != -1;
        return new AckEpoch(promises ? 0 : -1).toBytes();
    }

    /** A server tells of the log that it ends earlier than it does. */
    static SimNetwork.Tamper telling(long sid, long lastZxid) {
        return (from, effect) -> effect instanceof Effect.Send(long link, QuorumPacket p)
                        && p.type() == QuorumPacket.ACKEPOCH
                        && from == sid
                ? new Effect.Send(link, new QuorumPacket(p.type(), lastZxid, p.data(), null))
                : effect;
    }

    /** A leader takes a proposal that it sent for one that was acknowledged: a quorum of one less. */
    static SimNetwork.Tamper countingSentAsAcked(Simulation sim) {
        return (from, effect) -> {
            if (effect instanceof Effect.Send(long link, QuorumPacket p) && p.type() == QuorumPacket.PROPOSAL) {
                QuorumPacket ack = new QuorumPacket(QuorumPacket.ACK, p.zxid());
                sim.after(1, () -> sim.server(from).input(new Input.Received(link, ack)));
            }
            return effect;
        };
    }

    /** A leader takes a ping that it sent for one that was answered: it believes that it leads. */
    static SimNetwork.Tamper countingPingsAsAnswered(Simulation sim) {
        return (from, effect) -> {
            if (effect instanceof Effect.Send(long link, QuorumPacket p)
                    && p.type() == QuorumPacket.PING
                    && p.data() == null) {
                sim.after(
                        1,
                        () -> sim.server(from)
                                .input(new Input.Received(
                                        link, new QuorumPacket(p.type(), p.zxid(), new byte[0], null))));
            }
            return effect;
        };
    }

    /** A follower gives new members their power when it hears of them, not when a quorum holds them. */
    static SimNetwork.Tamper activatingAtOnce(Simulation sim) {
        return (from, effect) -> {
            if (effect instanceof Effect.Send(long link, QuorumPacket p)
                    && p.type() == QuorumPacket.PROPOSAL
                    && TxnRecord.parse(p.data()).txn() instanceof Txn.Reconfig) {
                byte[] leader = ByteBuffer.allocate(Long.BYTES).putLong(from).array();
                QuorumPacket activate = new QuorumPacket(QuorumPacket.COMMITANDACTIVATE, p.zxid(), leader, null);
                sim.after(1, () -> sim.network.send(from, new Effect.Send(link, activate)));
            }
            return effect;
        };
    }
}
