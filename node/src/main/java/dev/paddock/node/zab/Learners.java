package dev.paddock.node.zab;

import dev.paddock.node.zab.LearnerLink.Phase;
import dev.paddock.wire.Id;
import dev.paddock.wire.QuorumPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The learners of one leader: at most one link for each server that has said who it is. Owned by the core thread. */
final class Learners {
    private final long self; // sid of the leader, which is a voter that follows itself
    private final History history;
    private final Map<Long, LearnerLink> byLink = new TreeMap<>();
    private final Map<Long, LearnerLink> bySid = new TreeMap<>(); // those that said who they are
    private long pingRound; // of the newest ping; learners send its number back

    Learners(long self, History history) {
        this.self = self;
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

    /** The learner said who it is. */
    void introduce(LearnerLink learner, long sid, boolean observes) {
        learner.sid = sid;
        learner.observes = observes;
        learner.phase = Phase.INTRODUCED;
        bySid.put(sid, learner);
    }

    @Nullable
    LearnerLink remove(long link) {
        LearnerLink gone = byLink.remove(link);
        if (gone != null) bySid.remove(gone.sid, gone);
        return gone;
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
    void inform(int type, long zxid, byte[] data, Consumer<Effect> out) {
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
