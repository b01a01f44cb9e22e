package dev.paddock.node.zab;

import dev.paddock.node.zab.LearnerLink.Phase;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Zxid;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The observers of an active follower: what a leader does for them, with what is committed and nothing else, as the observer
 * master of Apache ZooKeeper 3.9. It lasts as long as the follower's part in this epoch. Owned by the core thread.
 */
final class ObserverMaster {
    private final Membership members;
    private final Timing timing;
    private final History history;
    private final long epoch; // of our leader, which is established
    private final Learners observers;
    private long nextPingNanos = Long.MIN_VALUE;
    private boolean refuses; // the leader, changes: it has said so
    private boolean isAnyAhead; // of us, and waits until we have what it has

    ObserverMaster(Membership members, Timing timing, History history, long epoch) {
        this.members = members;
        this.timing = timing;
        this.history = history;
        this.epoch = epoch;
        this.observers = new Learners(members, history);
    }

    void add(long link, long nowNanos) {
        observers.add(link, nowNanos);
    }

    boolean has(long link) {
        return observers.at(link) != null;
    }

    int synced() {
        return observers.synced(true);
    }

    SortedMap<Long, Long> links() {
        return observers.observerLinks();
    }

    void progress(long nowNanos, long link) {
        LearnerLink observer = observers.at(link);
        if (observer != null) observer.lastHeardNanos = nowNanos;
    }

    /** A packet of an observer that {@link #has} a link here. */
    void received(long nowNanos, long link, QuorumPacket p, Consumer<Effect> out) {
        LearnerLink observer = observers.at(link);
        if (observer == null) return;
        observer.lastHeardNanos = nowNanos;
        switch (observer.phase) {
            case NEW -> introduce(observer, p, out);
            case CALLED -> epochAcked(observer, p, out);
            case SYNCING, SYNCED, ACTIVE -> synced(observer, p, out);
            case INTRODUCED, READY -> throw observer.unexpected(p);
        }
    }

    private void introduce(LearnerLink observer, QuorumPacket p, Consumer<Effect> out) {
        if (p.type() != QuorumPacket.OBSERVERINFO) throw observer.unexpected(p);
        LearnerInfo info = observers.admitted(observer, p);
        LearnerLink before = observers.of(info.sid());
        if (before != null) close(before, out);
        observers.introduce(observer, info, true);
        Learners.call(observer, epoch, out);
    }

    private void epochAcked(LearnerLink observer, QuorumPacket p, Consumer<Effect> out) {
        if (p.type() != QuorumPacket.ACKEPOCH || p.data() == null) throw observer.unexpected(p);
        long currentEpoch = AckEpoch.parse(p.data()).currentEpoch();
        if (currentEpoch > epoch || Zxid.epoch(p.zxid()) > epoch) {
            throw new ProtocolException("observer " + observer.sid + " is ahead of epoch " + epoch);
        }
        observer.lastZxid = p.zxid();
        observer.phase = Phase.READY;
        synchronize(observer, out);
    }

    /**
     * Unless it is ahead of us. What it has of this epoch our leader has proposed; we either get as far, or the epoch ends
     * before, and our part in it as well.
     */
    private void synchronize(LearnerLink observer, Consumer<Effect> out) {
        boolean isOfThisEpoch = Zxid.epoch(observer.lastZxid) == epoch && Zxid.counter(observer.lastZxid) > 0;
        if (isOfThisEpoch && observer.lastZxid > history.lastCommitted()) isAnyAhead = true;
        else observers.synchronize(observer, epoch, members.committed(), out);
    }

    private void synced(LearnerLink observer, QuorumPacket p, Consumer<Effect> out) {
        switch (p.type()) {
            case QuorumPacket.ACK -> {
                if (p.zxid() != Zxid.of(epoch, 0)) throw observer.unexpected(p);
                if (observer.phase == Phase.SYNCING) Learners.activate(observer, out);
            }
            case QuorumPacket.REQUEST, QuorumPacket.REVALIDATE, QuorumPacket.PING ->
                out.accept(new Effect.FromLearner(observer.link, observer.sid, p));
            default -> throw observer.unexpected(p);
        }
    }

    /** Our leader has committed this, and so have we. */
    void committed(Proposal p, Consumer<Effect> out) {
        observers.inform(p, out);
        synchronizeReady(out);
    }

    /** Likewise, of a reconfiguration with which that server leads. */
    void committedMembers(Proposal p, long leader, Consumer<Effect> out) {
        observers.informOfMembers(p, leader, out);
        synchronizeReady(out);
    }

    private void synchronizeReady(Consumer<Effect> out) {
        if (!isAnyAhead) return;
        isAnyAhead = false;
        for (LearnerLink observer : observers.all()) {
            if (observer.phase == Phase.READY) synchronize(observer, out);
        }
    }

    /** The leader refuses changes for want of room, or takes them again. */
    void refuses(boolean nowRefuses) {
        refuses = nowRefuses;
    }

    void tick(long nowNanos, Consumer<Effect> out) {
        observers.closeSilent(nowNanos, timing, observer -> close(observer, out), out);
        if (nowNanos < nextPingNanos) return;
        nextPingNanos = nowNanos + timing.pingNanos();
        observers.ping(refuses, out);
    }

    /** The link is gone. */
    void remove(long link, Consumer<Effect> out) {
        LearnerLink gone = observers.remove(link);
        if (gone != null && gone.phase.forwarding()) out.accept(new Effect.LearnerGone(link));
    }

    void close(long link, Consumer<Effect> out) {
        out.accept(new Effect.Unlink(link));
        remove(link, out);
    }

    private void close(LearnerLink observer, Consumer<Effect> out) {
        close(observer.link, out);
    }

    void closeAll(Consumer<Effect> out) {
        for (LearnerLink observer : observers.all()) close(observer, out);
    }
}
