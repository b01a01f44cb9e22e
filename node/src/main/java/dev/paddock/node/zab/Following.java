package dev.paddock.node.zab;

import dev.paddock.node.Invariant;
import dev.paddock.node.members.Members;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A follower of one leader, from dialling it to the broadcast phase: Zab (DSN 2011) phases 1 to 3, with the packets of
 * Apache ZooKeeper 3.9. Owned by the core thread.
 *
 * <p>The order that makes it safe: transactions forced, then currentEpoch saved, then NEWLEADER acknowledged. An ack of
 * a proposal leaves only when the log is forced up to it.
 */
final class Following {
    private static final long REDIAL_NANOS = 50_000_000L;
    private static final long DIAL_LIMIT_NANOS =
            2_000_000_000L; // a leader that refuses connections for so long is dead
    private static final long HEIR_REDIAL_NANOS = 20_000_000L;
    private static final long HEIR_LIMIT_NANOS = 300_000_000L; // then an election is quicker
    private static final int DEFERRED_MAX = 1 << 20;

    private enum Phase {
        DIALLING,
        DISCOVERY, // waiting for LEADERINFO
        ACCEPTING, // saving acceptedEpoch
        SYNC, // waiting for DIFF, TRUNC or SNAP
        SNAPSHOT, // waiting for the snapshot that follows SNAP
        TRUNCATING, // the disk cuts our log; packets wait
        DIFF, // taking history until NEWLEADER
        PERSISTING, // history is being forced, then currentEpoch saved
        ACKED, // waiting for UPTODATE
        ACTIVE
    }

    private final Membership members;
    private final Timing timing;
    private final History history;
    private final Epochs epochs;
    private final long leader; // sid
    private final long master; // sid of who serves us: the leader, or a follower of its that serves observers
    private final boolean mayServe; // observers
    private final boolean learnsOnly; // since we do not know what we promised to whom
    private final Deque<Long> unacked = new ArrayDeque<>(); // zxids proposed to us and not acked yet; ascending
    private final Deque<QuorumPacket> deferred = new ArrayDeque<>(); // arrived while the disk was cutting our log

    private Phase phase = Phase.DIALLING;
    private long diallingSinceNanos;
    private long link = -1;
    private long epoch = -1; // the leader's new epoch, once it told us
    private long cutTo; // what TRUNC asked for
    private boolean snapshotWanted; // our disk could not do what TRUNC asked for
    private long historyEnd; // what must be forced before NEWLEADER may be acknowledged
    private boolean savingEpoch;
    private long redialAtNanos = Long.MAX_VALUE;
    private boolean isNamed; // by the leader before
    private boolean wasSentAway;
    private long lastHeardNanos;
    private long patienceNanos; // with silence, once we are active
    private boolean failed;
    private boolean isUnfit; // the leader, to learn from without a vote
    private boolean observes; // learns and does not vote
    private @Nullable Members announced; // by NEWLEADER: what UPTODATE will make of the members
    private long heir = -1; // sid of who leads next, if the leader has said so
    private @Nullable ObserverMaster observers; // once we are active, if we may serve any

    /**
     * @param leader   sid
     * @param master   sid of the server to dial, which is the leader or serves observers
     * @param mayServe whether this server serves observers itself, if it is none
     * @param learnsOnly whether it may count in no quorum, though it may be a voter
     */
    Following(
            Membership members,
            Timing timing,
            History history,
            Epochs epochs,
            long leader,
            long master,
            boolean mayServe,
            boolean learnsOnly,
            long nowNanos) {
        this.members = members;
        this.timing = timing;
        this.history = history;
        this.epochs = epochs;
        this.leader = leader;
        this.master = master;
        this.mayServe = mayServe;
        this.learnsOnly = learnsOnly;
        this.observes = learnsOnly || members.observes();
        this.diallingSinceNanos = nowNanos;
        this.lastHeardNanos = nowNanos;
        this.patienceNanos = timing.syncNanos();
    }

    void start(Consumer<Effect> out) {
        dial(out);
    }

    /** The leader before this one has named it. Who has not heard of its being named yet follows that one still, and sends us away. */
    void named() {
        isNamed = true;
    }

    private void dial(Consumer<Effect> out) {
        out.accept(isDirect() ? new Effect.Dial(master) : new Effect.DialMaster(master));
    }

    /** Whether this server should look for a leader again. */
    boolean failed() {
        return failed;
    }

    /** sid. */
    long leader() {
        return leader;
    }

    /** sid of who serves us. */
    long master() {
        return master;
    }

    /** Whether the leader itself serves us. */
    boolean isDirect() {
        return master == leader;
    }

    /** The observers that we serve; null if we serve none. */
    @Nullable
    ObserverMaster observers() {
        return observers;
    }

    /** Whether the leader was there and we served under it. */
    boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    /** Whether a link to the leader has stood. */
    boolean isReached() {
        return phase != Phase.DIALLING || wasSentAway;
    }

    /** Whether only a server with a vote can follow this leader. */
    boolean isUnfit() {
        return isUnfit;
    }

    long epoch() {
        return epoch;
    }

    boolean observes() {
        return observes;
    }

    /** sid of who leads next by the word of the leader, -1 if an election must find out. */
    long heir() {
        return heir;
    }

    long link() {
        return link;
    }

    void step(long nowNanos, Input input, Consumer<Effect> out) {
        switch (input) {
            case Input.Tick() -> tick(nowNanos, out);
            case Input.LeaderLinked(long sid, long linked) -> linked(nowNanos, sid, linked, out);
            case Input.LeaderUnreachable(long sid) -> unreachable(nowNanos, sid);
            case Input.Unlinked(long gone) -> unlinked(nowNanos, gone, out);
            case Input.Received(long from, QuorumPacket packet) -> received(nowNanos, from, packet, out);
            case Input.ObserverLinked(long from) -> observerLinked(nowNanos, from, out);
            case Input.ReceivedSnapshot s -> snapshot(nowNanos, s, out);
            case Input.Forced(long zxid) -> persisted(out);
            case Input.SnapshotInstalled(long zxid) -> persisted(out);
            case Input.Truncated _ -> truncated(nowNanos, out);
            case Input.TruncationRefused _ -> {
                if (phase == Phase.TRUNCATING) askForSnapshot(nowNanos, out);
            }
            case Input.Progress(long from) -> {
                if (from == link) lastHeardNanos = nowNanos;
                else if (observers != null) observers.progress(nowNanos, from);
            }
            case Input.AcceptedEpochSaved(long saved) -> accepted(saved, out);
            case Input.CurrentEpochSaved(long saved) -> currentEpochSaved(saved, out);
            case Input.Heard _, Input.LearnerLinked _ -> {} // the Peer's own business
        }
    }

    private void tick(long nowNanos, Consumer<Effect> out) {
        if (nowNanos >= redialAtNanos) {
            redialAtNanos = Long.MAX_VALUE;
            dial(out);
        }
        if (observers != null) observers.tick(nowNanos, out);
        long silent = nowNanos - lastHeardNanos;
        failed |= wasSentAway
                && (phase == Phase.DIALLING || phase == Phase.DISCOVERY)
                && nowNanos - diallingSinceNanos > HEIR_LIMIT_NANOS;
        failed |= history.isDiskStuck();
        failed |= switch (phase) {
            case DIALLING -> nowNanos - diallingSinceNanos > Math.min(timing.dialNanos(), DIAL_LIMIT_NANOS);
            case ACTIVE -> silent > patienceNanos;
            default -> silent > timing.initNanos();
        };
    }

    private void linked(long nowNanos, long sid, long linked, Consumer<Effect> out) {
        if (phase != Phase.DIALLING || sid != master) { // an earlier role's: we would follow another than we say
            out.accept(new Effect.Unlink(linked));
            return;
        }
        link = linked;
        lastHeardNanos = nowNanos;
        phase = Phase.DISCOVERY;
        LearnerInfo info = new LearnerInfo(
                members.self(), Succession.PROTOCOL_VERSION, members.committed().version());
        int type = observes ? QuorumPacket.OBSERVERINFO : QuorumPacket.FOLLOWERINFO;
        send(type, Zxid.of(epochs.accepted(), 0), info.toBytes(), out);
    }

    private void unreachable(long nowNanos, long sid) {
        if (phase != Phase.DIALLING || sid != master) return;
        if (isDirect()) redialAtNanos = nowNanos + REDIAL_NANOS;
        else failed = true; // another serves as well
    }

    private void observerLinked(long nowNanos, long from, Consumer<Effect> out) {
        if (observers == null) out.accept(new Effect.Unlink(from)); // came in an earlier role
        else observers.add(from, nowNanos);
    }

    private void unlinked(long nowNanos, long gone, Consumer<Effect> out) {
        boolean isEarly = isNamed && nowNanos - diallingSinceNanos < HEIR_LIMIT_NANOS;
        if (gone == link && phase == Phase.DISCOVERY && isEarly) {
            wasSentAway = true;
            redialAtNanos = nowNanos + HEIR_REDIAL_NANOS;
            phase = Phase.DIALLING;
            link = -1;
        }
        failed |= gone == link;
        if (observers != null) observers.remove(gone, out);
    }

    private void received(long nowNanos, long from, QuorumPacket p, Consumer<Effect> out) {
        if (from != link) { // an observer's, or of a link that we gave up
            if (observers != null) observers.received(nowNanos, from, p, out);
            return;
        }
        lastHeardNanos = nowNanos;
        if (phase == Phase.TRUNCATING) {
            if (deferred.size() >= DEFERRED_MAX) throw new ProtocolException("sent too much during a truncation");
            deferred.add(p);
            return;
        }
        switch (phase) {
            case DISCOVERY -> leaderInfo(nowNanos, expect(p, QuorumPacket.LEADERINFO), out);
            case SYNC -> chooseSync(p, out);
            case DIFF, PERSISTING, ACKED, ACTIVE -> broadcast(p, out);
            case DIALLING, ACCEPTING, SNAPSHOT, TRUNCATING -> throw unexpected(p);
        }
    }

    private void leaderInfo(long nowNanos, QuorumPacket p, Consumer<Effect> out) {
        epoch = Zxid.epoch(p.zxid());
        if (epoch > Leading.EPOCH_MAX) throw new ProtocolException("leads an impossible epoch");
        if (isOurs(p.data())) patienceNanos = timing.leaderSilenceNanos();
        else if (learnsOnly) {
            out.accept(new Effect.Note(
                    "server " + leader + " is Apache's and would count this one: waiting for all voters"));
            isUnfit = true;
            failed = true;
            return;
        }
        if (epoch < epochs.accepted() && !observes && !members.isVoter(members.self())) {
            observes = true; // so that we acknowledge nothing of this epoch, should we get a vote in it
            comeAgain(nowNanos, out);
            return;
        }
        if (epoch < (observes ? epochs.current() : epochs.accepted())) { // what an observer promises binds nobody
            throw new ProtocolException("leads epoch " + epoch + " but we accepted " + epochs.accepted());
        }
        if (learnsOnly) epochs.join(epoch);
        if (learnsOnly
                || epoch < epochs.accepted()
                || (epoch == epochs.accepted() && epochs.isKnown())) { // our promise cannot count for this leader again
            ackEpoch(-1, snapshotWanted ? 0 : history.lastAppended(), out);
            return;
        }
        phase = Phase.ACCEPTING;
        epochs.accepting(epoch);
        out.accept(new Effect.SaveAcceptedEpoch(epoch));
    }

    /** Apache's leaders ping seldom, and count whoever is a voter, also if it only learns. */
    private static boolean isOurs(byte @Nullable [] leaderInfo) {
        return leaderInfo != null && LeaderInfo.parse(leaderInfo).protocolVersion() >= Leading.PROTOCOL_VERSION;
    }

    private void accepted(long saved, Consumer<Effect> out) {
        if (phase != Phase.ACCEPTING || saved != epoch) return;
        if (epochs.isKnown()) ackEpoch((int) epochs.current(), history.lastAppended(), out);
        else ackEpoch(-1, snapshotWanted ? 0 : history.lastAppended(), out); // perhaps we promised it to another
    }

    private void ackEpoch(int currentEpoch, long lastZxid, Consumer<Effect> out) {
        phase = Phase.SYNC;
        send(QuorumPacket.ACKEPOCH, lastZxid, new AckEpoch(currentEpoch).toBytes(), out);
    }

    private void chooseSync(QuorumPacket p, Consumer<Effect> out) {
        switch (p.type()) {
            case QuorumPacket.DIFF -> {
                toldHow("DIFF", p.zxid(), out);
                phase = Phase.DIFF;
            }
            case QuorumPacket.SNAP -> {
                toldHow("SNAP", p.zxid(), out);
                phase = Phase.SNAPSHOT;
            }
            case QuorumPacket.TRUNC -> {
                if (p.zxid() > history.lastAppended()) throw new ProtocolException("truncates what we lack");
                history.checkAgreed(p.zxid());
                toldHow("TRUNC", p.zxid(), out);
                phase = Phase.TRUNCATING;
                cutTo = p.zxid();
                out.accept(new Effect.Truncate(p.zxid()));
            }
            default -> throw unexpected(p);
        }
    }

    private void toldHow(String packet, long zxid, Consumer<Effect> out) {
        out.accept(new Effect.Note("server " + master + " brings us from " + Zxid.toString(history.lastAppended())
                + " to " + Zxid.toString(zxid) + " by " + packet));
    }

    private void truncated(long nowNanos, Consumer<Effect> out) {
        if (phase != Phase.TRUNCATING) return;
        Invariant.check(history.lastAppended() == cutTo, "cut to another zxid", history.lastAppended(), cutTo);
        phase = Phase.DIFF;
        while (!deferred.isEmpty() && !failed) received(nowNanos, link, deferred.removeFirst(), out);
    }

    /**
     * Our disk cannot go back to what the leader asked for: mostly since our newest snapshot is of a leader that was never
     * established. It can be replaced but not cut, so we come again as one that has nothing. Our promise of this epoch was given before, with
     * the truth about our log, and does not count again.
     */
    private void askForSnapshot(long nowNanos, Consumer<Effect> out) {
        out.accept(new Effect.Note("cannot go back to " + Zxid.toString(cutTo) + ": asking for a snapshot"));
        deferred.clear();
        snapshotWanted = true;
        comeAgain(nowNanos, out);
    }

    private void comeAgain(long nowNanos, Consumer<Effect> out) {
        out.accept(new Effect.Unlink(link));
        link = -1;
        phase = Phase.DIALLING;
        diallingSinceNanos = nowNanos;
        dial(out);
    }

    private void snapshot(long nowNanos, Input.ReceivedSnapshot s, Consumer<Effect> out) {
        if (s.link() != link) return;
        if (phase != Phase.SNAPSHOT) throw new ProtocolException("sent a snapshot out of turn");
        lastHeardNanos = nowNanos;
        history.checkAgreed(s.database().lastZxid());
        phase = Phase.DIFF;
        history.installing(s.database().lastZxid());
        members.reset(s.database());
        out.accept(new Effect.Reset(s.database()));
        out.accept(new Effect.InstallSnapshot(s.database()));
    }

    private void broadcast(QuorumPacket p, Consumer<Effect> out) {
        switch (p.type()) {
            case QuorumPacket.PROPOSAL -> propose(p, out);
            case QuorumPacket.COMMIT -> commit(p, out);
            case QuorumPacket.COMMITANDACTIVATE -> activate(p, out);
            case QuorumPacket.INFORM -> informed(new Proposal(p.zxid(), data(p)), out);
            case QuorumPacket.INFORMANDACTIVATE -> informedOfMembers(p, out);
            case QuorumPacket.NEWLEADER -> newLeader(p, out);
            case QuorumPacket.UPTODATE -> upToDate(p, out);
            case QuorumPacket.PING -> pinged(p, out);
            case QuorumPacket.REVALIDATE, QuorumPacket.SYNC -> out.accept(new Effect.FromLeader(link, p));
            default -> throw unexpected(p);
        }
    }

    /**
     * A ping with data, which Apache's leaders never send, names who leads next: we leave for that one. They do ping before they
     * have our ack of NEWLEADER, but close the link if anything else comes before it.
     */
    private void pinged(QuorumPacket p, Consumer<Effect> out) {
        if (phase == Phase.DIFF || phase == Phase.PERSISTING) return;
        byte[] named = p.data();
        if (phase != Phase.ACTIVE || named == null) {
            if (observers != null) observers.refuses(DiskRoom.refuses(p));
            out.accept(new Effect.FromLeader(link, p));
            return;
        }
        long next = leaderNamed(named);
        if (!members.isVoter(next)) throw new ProtocolException("hands over to " + next + ", which is no voter");
        heir = next;
        failed = true;
    }

    private void propose(QuorumPacket p, Consumer<Effect> out) {
        append(new Proposal(p.zxid(), data(p)), out);
        unacked.add(p.zxid());
    }

    /** Only what can be read: in our log it would be committed in the end, and stop this server. */
    private void append(Proposal p, Consumer<Effect> out) {
        if (Zxid.epoch(p.zxid()) > epoch) throw new ProtocolException("proposed beyond its epoch");
        long written = TxnRecord.parse(p.payload()).header().zxid();
        if (written != p.zxid()) {
            throw new ProtocolException("proposed " + Zxid.toString(written) + " as " + Zxid.toString(p.zxid()));
        }
        history.append(p, out);
        members.appended(p, out);
    }

    private static byte[] data(QuorumPacket p) {
        byte[] data = p.data();
        if (data == null) throw new ProtocolException("proposed nothing");
        return data;
    }

    /** An observer hears of a transaction when it has committed, and acknowledges nothing. */
    private void informed(Proposal p, Consumer<Effect> out) {
        if (p.zxid() <= history.lastCommitted()) return;
        if (!history.pending().isEmpty()) {
            throw new ProtocolException("committed " + Zxid.toString(p.zxid()) + " ahead of what it proposed");
        }
        append(p, out);
        history.commit(p.zxid(), out);
    }

    // Reconfiguration.

    private void informedOfMembers(QuorumPacket p, Consumer<Effect> out) {
        byte[] data = data(p);
        long nextLeader = leaderNamed(data);
        informed(new Proposal(p.zxid(), Arrays.copyOfRange(data, Long.BYTES, data.length)), out);
        activated(p.zxid(), nextLeader, out);
    }

    private void activate(QuorumPacket p, Consumer<Effect> out) {
        long nextLeader = leaderNamed(data(p));
        Proposal committed = committed(p, out);
        if (committed != null && observers != null) observers.committedMembers(committed, nextLeader, out);
        activated(p.zxid(), nextLeader, out);
    }

    private static long leaderNamed(byte[] data) {
        if (data.length < Long.BYTES) throw new ProtocolException("named no leader");
        return ByteBuffer.wrap(data).getLong();
    }

    /** The reconfiguration is committed: it takes effect, and we leave if it gives us another leader or another part. */
    private void activated(long zxid, long nextLeader, Consumer<Effect> out) {
        Members next = members.proposed();
        if (!members.isChanging() || next.version() != zxid) return; // members do not change here, or this is known
        members.commit(next, out);
        if (nextLeader == leader && members.observes() == observes) return;
        failed = true;
        heir = nextLeader;
    }

    private void commit(QuorumPacket p, Consumer<Effect> out) {
        Proposal committed = committed(p, out);
        if (committed != null && observers != null) observers.committed(committed, out);
    }

    /** Null if it was told again (ZOOKEEPER-4394). */
    private @Nullable Proposal committed(QuorumPacket p, Consumer<Effect> out) {
        if (p.zxid() <= history.lastCommitted()) return null;
        Proposal next = history.pending().peekFirst();
        if (next == null || next.zxid() != p.zxid()) {
            throw new ProtocolException("committed " + Zxid.toString(p.zxid()) + " out of order");
        }
        history.commit(p.zxid(), out);
        if (phase == Phase.DIFF) unacked.remove(p.zxid()); // committed history: NEWLEADER's ack covers it
        return next;
    }

    private void newLeader(QuorumPacket p, Consumer<Effect> out) {
        if (phase != Phase.DIFF || p.zxid() != Zxid.of(epoch, 0)) throw unexpected(p);
        phase = Phase.PERSISTING;
        byte[] config = p.data();
        if (members.changeable() && config != null && config.length > 0) announced = Membership.parsed(config);
        historyEnd = history.lastAppended();
        persisted(out);
    }

    /** Takes the next step that the disk allows: the epoch after all history, acks after both. */
    private void persisted(Consumer<Effect> out) {
        if (phase == Phase.PERSISTING && !savingEpoch && history.isForced(historyEnd)) {
            savingEpoch = true;
            epochs.entering(epoch);
            out.accept(new Effect.SaveCurrentEpoch(epoch));
        }
        if (phase == Phase.ACKED || phase == Phase.ACTIVE) ackForced(out);
    }

    private void currentEpochSaved(long saved, Consumer<Effect> out) {
        if (phase != Phase.PERSISTING || saved != epoch) return;
        if (observes
                && !learnsOnly
                && members.isVoter(members.self())) { // as this history has it: our vote may be needed
            failed = true;
            return;
        }
        phase = Phase.ACKED;
        send(QuorumPacket.ACK, Zxid.of(epoch, 0), null, out);
        ackForced(out);
    }

    /** One ack a proposal: Apache's leader counts them one by one. */
    private void ackForced(Consumer<Effect> out) {
        while (!unacked.isEmpty() && history.isForced(unacked.getFirst())) {
            send(QuorumPacket.ACK, unacked.removeFirst(), null, out);
        }
    }

    private void upToDate(QuorumPacket p, Consumer<Effect> out) {
        if (phase != Phase.ACKED) throw unexpected(p);
        phase = Phase.ACTIVE;
        Invariant.check(epochs.current() == epoch, "active in an epoch that is not saved");
        send(QuorumPacket.ACK, Zxid.of(epoch, 0), null, out);
        Members first = announced;
        if (first != null && first.version() > members.committed().version()) {
            members.commit(first, out);
            if (members.observes() != observes || !members.isVoter(leader)) {
                failed = true;
                return;
            }
        }
        out.accept(new Effect.Activated(false, epoch));
        if (mayServe && !observes) serve(out);
    }

    private void serve(Consumer<Effect> out) {
        observers = new ObserverMaster(members, timing, history, epoch);
        out.accept(new Effect.ListenForObservers(true));
    }

    /** This server follows no longer: whoever hangs on it must look for another. */
    void leave(Consumer<Effect> out) {
        if (observers != null) {
            out.accept(new Effect.ListenForObservers(false));
            observers.closeAll(out);
        }
        if (link >= 0) out.accept(new Effect.Unlink(link));
    }

    /** Closes the link of an observer that broke the protocol; false if it is none. */
    boolean drop(long from, Consumer<Effect> out) {
        if (observers == null || !observers.has(from)) return false;
        observers.close(from, out);
        return true;
    }

    private void send(int type, long zxid, byte @Nullable [] data, Consumer<Effect> out) {
        out.accept(new Effect.Send(link, new QuorumPacket(type, zxid, data, null)));
    }

    private QuorumPacket expect(QuorumPacket p, int type) {
        if (p.type() != type) throw unexpected(p);
        return p;
    }

    private ProtocolException unexpected(QuorumPacket p) {
        return new ProtocolException("packet of type " + p.type() + " in phase " + phase);
    }
}
