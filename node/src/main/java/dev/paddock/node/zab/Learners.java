package dev.paddock.node.zab;

import dev.paddock.node.members.Members;
import dev.paddock.node.zab.LearnerLink.Phase;
import dev.paddock.wire.Id;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The learners of one leader, or the observers of one follower: at most one link for each server that has said who it is. Owned by
 * the core thread.
 */
final class Learners {
    private final Membership members;
    private final long self; // sid of the leader, which is a voter that follows itself
    private final History history;
    private final Map<Long, LearnerLink> byLink = new TreeMap<>();
    private final Map<Long, LearnerLink> bySid = new TreeMap<>(); // those that said who they are
    private long pingRound; // of the newest ping; learners send its number back

    Learners(Membership members, History history) {
        this.members = members;
        this.self = members.self();
        this.history = history;
    }

    void add(long link, long nowNanos) {
        byLink.put(link, new LearnerLink(link, nowNanos));
    }

    /** Null if the link was closed by us. */
    @Nullable
    LearnerLink at(long link) {
        return byLink.get(link);
    }

    @Nullable
    LearnerLink of(long sid) {
        return bySid.get(sid);
    }

    /**
     * What the learner says that it is.
     *
     * @throws ProtocolException if it may not follow
     */
    LearnerInfo admitted(LearnerLink learner, QuorumPacket p) {
        boolean introduces = p.type() == QuorumPacket.OBSERVERINFO || p.type() == QuorumPacket.FOLLOWERINFO;
        if (!introduces || p.data() == null) throw learner.unexpected(p);
        LearnerInfo info = LearnerInfo.parse(p.data());
        requireAdmitted(info.sid());
        if (info.configVersion() > members.committed().version()) {
            throw new ProtocolException("server " + info.sid() + " has a newer configuration");
        }
        return info;
    }

    /** Where the members may change, a server that is to become one follows first, without a vote. */
    private void requireAdmitted(long sid) {
        boolean isMember = members.servers().containsKey(sid);
        if (sid == self || !(isMember || members.changeable())) {
            throw new ProtocolException("server " + sid + " is not another member of this ensemble");
        }
    }

    /** The learner said who it is, and has no other link any more. */
    void introduce(LearnerLink learner, LearnerInfo info, boolean observes) {
        learner.sid = info.sid();
        learner.observes = observes;
        learner.takesHandOver = info.protocolVersion() >= Succession.PROTOCOL_VERSION;
        learner.phase = Phase.INTRODUCED;
        bySid.put(info.sid(), learner);
    }

    /** Calls a learner to an epoch. */
    static void call(LearnerLink learner, long epoch, Consumer<Effect> out) {
        learner.phase = Phase.CALLED;
        byte[] version = new LeaderInfo(Leading.PROTOCOL_VERSION).toBytes();
        send(learner, QuorumPacket.LEADERINFO, Zxid.of(epoch, 0), version, out);
    }

    /** Gives a learner all that is committed, and what is proposed if it votes, and then the epoch with its members. */
    void synchronize(LearnerLink learner, long epoch, Members first, Consumer<Effect> out) {
        CatchUp.send(history, learner, out);
        for (Proposal p : history.pending()) {
            if (!learner.observes) send(learner, QuorumPacket.PROPOSAL, p.zxid(), p.payload(), out);
        }
        learner.phase = Phase.SYNCING;
        learner.syncedZxid = history.lastCommitted();
        byte[] config = first.text().getBytes(StandardCharsets.UTF_8);
        send(learner, QuorumPacket.NEWLEADER, Zxid.of(epoch, 0), config, out);
    }

    /** A synchronized learner may serve. */
    static void activate(LearnerLink learner, Consumer<Effect> out) {
        learner.phase = Phase.ACTIVE;
        send(learner, QuorumPacket.UPTODATE, -1, null, out);
    }

    @Nullable
    LearnerLink remove(long link) {
        LearnerLink gone = byLink.remove(link);
        if (gone != null) bySid.remove(gone.sid, gone);
        return gone;
    }

    /** Closes the links of those that said nothing for too long. */
    void closeSilent(long nowNanos, Timing timing, Consumer<LearnerLink> close, Consumer<Effect> out) {
        for (LearnerLink learner : all()) {
            long patience = learner.phase == Phase.ACTIVE ? timing.syncNanos() : timing.initNanos();
            if (nowNanos - learner.lastHeardNanos <= patience) continue;
            out.accept(new Effect.Note("server " + learner.sid + " was silent for too long"));
            close.accept(learner);
        }
    }

    /** All of them, in the order in which they came; they may be removed meanwhile. */
    List<LearnerLink> all() {
        return List.copyOf(byLink.values());
    }

    /** A server that holds our history in our epoch and acknowledges what comes; null if it does not. */
    @Nullable
    LearnerLink follower(long sid) {
        LearnerLink learner = bySid.get(sid);
        return learner != null && learner.phase.synced() && !learner.observes ? learner : null;
    }

    /** Whether a voter holds our history in our epoch. */
    boolean isSynced(long sid) {
        return sid == self || follower(sid) != null;
    }

    /** Whether a voter has answered in the last {@code nanos}; Apache's answer each ping as well. */
    boolean isHeard(long sid, long nowNanos, long nanos) {
        if (sid == self) return true;
        LearnerLink learner = follower(sid);
        return learner != null && nowNanos - learner.lastHeardNanos <= nanos;
    }

    /** The newest zxid that a voter has forced. */
    long acked(long sid) {
        if (sid == self) return history.lastForced();
        LearnerLink learner = follower(sid);
        return learner == null ? 0 : learner.lastAcked;
    }

    /** The round of the newest ping that a voter has answered. */
    long answeredPing(long sid) {
        if (sid == self) return pingRound;
        LearnerLink learner = follower(sid);
        return learner == null ? 0 : learner.pingRound;
    }

    /** How many hold our history in our epoch. */
    int synced(boolean observers) {
        int synced = 0;
        for (LearnerLink learner : byLink.values()) {
            if (learner.phase.synced() && learner.observes == observers) synced++;
        }
        return synced;
    }

    /** The links of observers that hold our history, by sid. */
    SortedMap<Long, Long> observerLinks() {
        var links = new TreeMap<Long, Long>();
        for (LearnerLink learner : byLink.values()) {
            if (learner.phase.synced() && learner.observes) links.put(learner.sid, learner.link);
        }
        return links;
    }

    /** To all that get the history as it grows, observers aside. */
    void forward(QuorumPacket p, Consumer<Effect> out) {
        for (LearnerLink learner : byLink.values()) {
            if (learner.phase.forwarding() && !learner.observes) out.accept(new Effect.Send(learner.link, p));
        }
    }

    /** To the observers among them, who get what is committed. */
    void inform(Proposal p, Consumer<Effect> out) {
        inform(QuorumPacket.INFORM, p.zxid(), p.payload(), out);
    }

    /** Likewise, of a reconfiguration with which that server leads. */
    void informOfMembers(Proposal p, long leader, Consumer<Effect> out) {
        byte[] data = ByteBuffer.allocate(Long.BYTES + p.payload().length)
                .putLong(leader)
                .put(p.payload())
                .array();
        inform(QuorumPacket.INFORMANDACTIVATE, p.zxid(), data, out);
    }

    private void inform(int type, long zxid, byte[] data, Consumer<Effect> out) {
        for (LearnerLink learner : byLink.values()) {
            if (learner.phase.forwarding() && learner.observes) send(learner, type, zxid, data, out);
        }
    }

    /** A sign of life is asked of everybody that holds our history, who hear whether we refuse changes. Returns the round. */
    long ping(boolean refuses, Consumer<Effect> out) {
        nextRound();
        for (LearnerLink learner : byLink.values()) {
            if (!learner.phase.synced()) continue;
            List<Id> said = refuses && learner.takesHandOver ? DiskRoom.REFUSES : null;
            out.accept(new Effect.Send(learner.link, new QuorumPacket(QuorumPacket.PING, pingRound, null, said)));
        }
        return pingRound;
    }

    void nextRound() {
        pingRound++;
    }

    /** Whether this server holds our history, acknowledges what comes, and has room on its disk for more. */
    boolean hasRoom(long sid) {
        LearnerLink learner = follower(sid);
        return learner != null && !learner.isShort;
    }

    /** Whether some follower has said that its disk is full. */
    boolean isAnyShort() {
        for (LearnerLink learner : byLink.values()) {
            if (learner.isShort && learner.phase.synced() && !learner.observes) return true;
        }
        return false;
    }

    /** Whether this voter is up to date and would follow whom we name; Apache's servers elect somebody. */
    boolean takesHandOver(long sid) {
        LearnerLink learner = follower(sid);
        return learner != null && learner.takesHandOver && learner.phase == Phase.ACTIVE;
    }

    /** A ping of the newest round that names who leads next. */
    void nameHeir(LearnerLink to, long heir, Consumer<Effect> out) {
        if (!to.takesHandOver || to.phase != Phase.ACTIVE) return;
        byte[] named = ByteBuffer.allocate(Long.BYTES).putLong(heir).array();
        send(to, QuorumPacket.PING, pingRound, named, out);
    }

    static void send(LearnerLink to, int type, long zxid, byte @Nullable [] data, Consumer<Effect> out) {
        out.accept(new Effect.Send(to.link, new QuorumPacket(type, zxid, data, null)));
    }
}
