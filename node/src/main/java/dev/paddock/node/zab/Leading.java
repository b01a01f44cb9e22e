package dev.paddock.node.zab;

import dev.paddock.node.Invariant;
import dev.paddock.node.members.Members;
import dev.paddock.node.zab.LearnerLink.Phase;
import dev.paddock.wire.AckEpoch;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A leader from discovery to broadcast: Zab (DSN 2011), phases 1 to 3, with the packets of Apache ZooKeeper 3.9. Owned
 * by the core thread.
 *
 * <p>Its log is the history that it makes everybody's. A proposal commits when a quorum has forced it and all before it;
 * our own disk is one vote.
 */
final class Leading {
    /** What a leader calls its protocol that is heard at least each {@link Timing#pingNanos}. Apache's learners do not look at it. */
    static final int PROTOCOL_VERSION = 0x10001;

    static final long EPOCH_MAX = 0x7000_0000L; // far below what a sign bit would spoil; a packet may claim any
    private static final long DIAL_LIMIT_NANOS = 2_000_000_000L; // voters that elected us dial us within this time
    private static final long ALONE_LIMIT_NANOS = 200_000_000L; // voters that left us elect somebody by then

    private enum State {
        DISCOVERY, // until a quorum has told its acceptedEpoch
        NAMING, // acceptedEpoch is being saved
        CALLING, // until a quorum has acknowledged the epoch
        ENTERING, // currentEpoch is being saved
        SYNC, // until a quorum holds our history
        BROADCAST
    }

    private final Membership members;
    private final Timing timing;
    private final History history;
    private final Epochs epochs;
    private final long startedNanos;
    private final long ownEpoch; // our currentEpoch and last zxid when elected: nobody in the quorum may be ahead
    private final long ownZxid;
    private final Learners learners;
    private final Confirmations confirmations = new Confirmations();
    private final Succession succession;
    private final QuorumRoom room;
    private final RollOver rollOver;
    private final Map<Long, Long> called = new TreeMap<>(); // sid to the acceptedEpoch it told
    private final Set<Long> promised = new TreeSet<>(); // sids that promised to follow this epoch and no older one

    private State state = State.DISCOVERY;
    private long epoch = -1;
    private long lastProposed;
    private long nextPingNanos;
    private long quorumSeenNanos; // linked before the broadcast phase, synchronized in it
    private long quorumHeardNanos; // in the broadcast phase: none of it was silent for too long
    private long spurnedNanos = Long.MAX_VALUE; // when a voter told first that it cannot promise our epoch to us
    private boolean failed;

    /** @param isShort whether our disk has no room for more */
    Leading(
            Membership members,
            Timing timing,
            History history,
            Epochs epochs,
            RollOver rollOver,
            boolean isShort,
            long nowNanos) {
        this.rollOver = rollOver;
        this.members = members;
        this.timing = timing;
        this.history = history;
        this.epochs = epochs;
        this.learners = new Learners(members, history);
        this.succession = new Succession(members, learners, history);
        this.room = new QuorumRoom(members, learners, isShort);
        this.startedNanos = nowNanos;
        this.quorumSeenNanos = nowNanos;
        this.nextPingNanos = nowNanos;
        this.ownEpoch = epochs.current();
        this.ownZxid = history.lastAppended();
    }

    /** Starts as one voter among several. */
    void start(Consumer<Effect> out) {
        introduced(members.self(), epochs.accepted(), out);
    }

    /** Starts as the only server: no epochs, as Apache's standalone server; the counter goes on. */
    void startAlone(Consumer<Effect> out) {
        epoch = Zxid.epoch(history.lastAppended());
        lastProposed = history.lastAppended();
        state = State.BROADCAST;
        if (rollOver.isHere(lastProposed)) beginAnotherAlone();
        out.accept(new Effect.Activated(true, epoch));
    }

    boolean failed() {
        return failed || succession.isOver();
    }

    /** sid of who leads next by our own word, -1 if an election must find out. */
    long heir() {
        return succession.heir();
    }

    boolean broadcasting() {
        return state == State.BROADCAST && !failed && !succession.isUnderWay();
    }

    long epoch() {
        return epoch;
    }

    /** The zxid that the next proposal must have. */
    long nextZxid() {
        return lastProposed + 1;
    }

    void step(long nowNanos, Input input, Consumer<Effect> out) {
        switch (input) {
            case Input.Tick() -> tick(nowNanos, out);
            case Input.LearnerLinked(long link) -> learners.add(link, nowNanos);
            case Input.Received(long link, QuorumPacket p) -> received(nowNanos, link, p, out);
            case Input.Unlinked(long link) -> remove(link, out);
            case Input.Forced(long zxid) -> commitAcked(nowNanos, out);
            case Input.AcceptedEpochSaved(long saved) -> accepted(saved, out);
            case Input.CurrentEpochSaved(long saved) -> entered(nowNanos, saved, out);
            case Input.Progress(long link) -> {
                LearnerLink learner = learners.at(link);
                if (learner != null) learner.lastHeardNanos = nowNanos;
            }
            case Input.LeaderLinked(long sid, long link) ->
                out.accept(new Effect.Unlink(link)); // dialled in an earlier role
            case Input.ObserverLinked(long link) -> out.accept(new Effect.Unlink(link)); // came in an earlier role
            case Input.Heard _,
                    Input.LeaderUnreachable _,
                    Input.ReceivedSnapshot _,
                    Input.SnapshotInstalled _,
                    Input.TruncationRefused _,
                    Input.Truncated _ -> {} // the Peer's own business, or too late
        }
        goOnHandingOver(nowNanos, out);
    }

    /** Proposes the next transaction; its zxid must be {@link #nextZxid}. */
    void propose(Proposal p, Consumer<Effect> out) {
        Invariant.check(broadcasting(), "proposed without a quorum");
        Invariant.check(p.zxid() == nextZxid(), "proposal gap", p.zxid(), lastProposed);
        lastProposed = p.zxid();
        learners.forward(new QuorumPacket(QuorumPacket.PROPOSAL, p.zxid(), p.payload(), null), out);
        history.append(p, out);
        members.appended(p, out);
        if (rollOver.isHere(lastProposed) && !beginAnotherAlone()) {
            out.accept(new Effect.Note("the zxids of epoch " + epoch + " are used up: electing anew"));
            failed = true;
        }
    }

    /** Nobody else counts zxids of a standalone server: it goes on in the next epoch without an election. */
    private boolean beginAnotherAlone() {
        if (!members.alone()) return false;
        epoch++;
        lastProposed = Zxid.of(epoch, 0);
        return true;
    }

    private void received(long nowNanos, long link, QuorumPacket p, Consumer<Effect> out) {
        LearnerLink learner = learners.at(link);
        if (learner == null) return; // closed by us; this was still under way
        learner.lastHeardNanos = nowNanos;
        switch (learner.phase) {
            case NEW -> introduce(learner, p, out);
            case CALLED -> epochAcked(learner, p, out);
            case SYNCING, SYNCED, ACTIVE -> synced(learner, p, out);
            case INTRODUCED, READY -> throw learner.unexpected(p);
        }
    }

    // Phase 1, discovery: a quorum promises to follow no older epoch.

    private void introduce(LearnerLink learner, QuorumPacket p, Consumer<Effect> out) {
        LearnerInfo info = learners.admitted(learner, p);
        LearnerLink before = learners.of(info.sid());
        if (before != null) close(before, out);
        learners.introduce(learner, info, p.type() == QuorumPacket.OBSERVERINFO);
        introduced(info.sid(), Zxid.epoch(p.zxid()), out);
        if (isVoter(learner)) checkPromise(info.sid(), Zxid.epoch(p.zxid()), out);
        if (epoch >= 0 && state != State.NAMING) Learners.call(learner, epoch, out);
    }

    private void introduced(long sid, long acceptedEpoch, Consumer<Effect> out) {
        if (acceptedEpoch > EPOCH_MAX) throw new ProtocolException("server " + sid + " accepted an impossible epoch");
        if (state != State.DISCOVERY) return;
        called.put(sid, acceptedEpoch);
        if (!members.isQuorum(called::containsKey)) return;
        state = State.NAMING;
        epoch = called.values().stream().mapToLong(e -> e).max().orElseThrow() + 1;
        epochs.accepting(epoch);
        out.accept(new Effect.SaveAcceptedEpoch(epoch));
    }

    private void checkPromise(long sid, long acceptedEpoch, Consumer<Effect> out) {
        if (state == State.DISCOVERY || acceptedEpoch <= epoch) return;
        out.accept(new Effect.Note("server " + sid + " accepted epoch " + acceptedEpoch + ": electing anew"));
        failed = true; // it can never follow this epoch: name a newer one
    }

    /** A voter that came as an observer only learns, for now. */
    private boolean isVoter(LearnerLink learner) {
        return members.isVoter(learner.sid) && !learner.observes;
    }

    private boolean isThere(long sid) {
        LearnerLink learner = learners.of(sid);
        return sid == members.self() || (learner != null && !learner.observes);
    }

    private void accepted(long saved, Consumer<Effect> out) {
        if (state != State.NAMING || saved != epoch) return;
        state = State.CALLING;
        for (LearnerLink learner : learners.all()) {
            if (learner.phase == Phase.INTRODUCED) Learners.call(learner, epoch, out);
        }
        epochPromised(members.self(), out);
    }

    private void epochAcked(LearnerLink learner, QuorumPacket p, Consumer<Effect> out) {
        if (p.type() != QuorumPacket.ACKEPOCH || p.data() == null) throw learner.unexpected(p);
        int currentEpoch = AckEpoch.parse(p.data()).currentEpoch();
        boolean ahead = currentEpoch > ownEpoch || (currentEpoch == ownEpoch && p.zxid() > ownZxid);
        boolean votes = isVoter(learner);
        if (votes && (ahead || (currentEpoch == -1 && !promised.contains(learner.sid)))) {
            spurnedNanos = Math.min(spurnedNanos, learner.lastHeardNanos);
        }
        if (ahead
                && votes
                && state == State.CALLING) { // later a quorum has promised, and what it lacks was never committed
            throw new ProtocolException("server " + learner.sid + " is ahead of its leader");
        }
        learner.lastZxid = p.zxid();
        learner.phase = Phase.READY;
        if (state == State.SYNC || state == State.BROADCAST) learners.synchronize(learner, epoch, established(), out);
        else if (currentEpoch != -1) epochPromised(learner.sid, out);
    }

    private void epochPromised(long sid, Consumer<Effect> out) {
        promised.add(sid);
        if (state != State.CALLING || !members.isQuorum(promised::contains)) return;
        state = State.ENTERING;
        epochs.entering(epoch);
        out.accept(new Effect.SaveCurrentEpoch(epoch));
    }

    // Phase 2, synchronization: a quorum holds our history.

    private void entered(long nowNanos, long saved, Consumer<Effect> out) {
        if (state != State.ENTERING || saved != epoch) return;
        state = State.SYNC;
        lastProposed = Zxid.of(epoch, 0);
        for (LearnerLink learner : learners.all()) {
            if (learner.phase == Phase.READY) learners.synchronize(learner, epoch, established(), out);
        }
        establish(nowNanos, out); // alone we are a quorum
    }

    /**
     * The configuration that our epoch begins with. A reconfiguration that we found in our history is completed by it; one
     * that no quorum ever knew gets the epoch as its version, so that it wins over what a server was first started with.
     */
    private Members established() {
        if (state == State.BROADCAST || !members.changeable()) return members.committed();
        Members latest = members.proposed();
        return latest.version() == 0 ? latest.withVersion(Zxid.of(epoch, 0)) : latest;
    }

    private void establish(long nowNanos, Consumer<Effect> out) {
        if (state == State.SYNC && members.isQuorum(learners::isSynced)) {
            Members first = established();
            state = State.BROADCAST;
            quorumSeenNanos = nowNanos;
            quorumHeardNanos = nowNanos;
            room.waitUntil(nowNanos + timing.tickNanos());
            if (first.version() > members.committed().version()) members.commit(first, out);
            out.accept(new Effect.Activated(true, epoch));
            if (!members.isVoter(members.self())) succession.resign(nowNanos, -1, out);
        }
        if (state != State.BROADCAST) return;
        for (LearnerLink learner : learners.all()) {
            if (learner.phase == Phase.SYNCED) Learners.activate(learner, out);
        }
    }

    /** Whether voters that hold our history in our epoch would be a quorum of these members. */
    boolean isQuorumSynced(Members next) {
        return next.isQuorum(learners::isSynced);
    }

    SortedMap<Long, Long> observerLinks() {
        return learners.observerLinks();
    }

    /** How many learners hold our history in our epoch. */
    int synced(boolean observers) {
        return learners.synced(observers);
    }

    // Phase 3, broadcast.

    private void synced(LearnerLink learner, QuorumPacket p, Consumer<Effect> out) {
        switch (p.type()) {
            case QuorumPacket.ACK -> acked(learner, p.zxid(), out);
            case QuorumPacket.REQUEST, QuorumPacket.REVALIDATE ->
                out.accept(new Effect.FromLearner(learner.link, learner.sid, p));
            case QuorumPacket.PING -> {
                learner.pingRound = Math.max(learner.pingRound, p.zxid());
                learner.isShort = DiskRoom.isShort(p);
                out.accept(new Effect.FromLearner(learner.link, learner.sid, p));
                quorumHeard(out);
            }
            default -> throw learner.unexpected(p);
        }
    }

    private void acked(LearnerLink learner, long zxid, Consumer<Effect> out) {
        if (Zxid.counter(zxid) == 0) { // of NEWLEADER, and once more after UPTODATE
            if (zxid != Zxid.of(epoch, 0)) throw new ProtocolException("acked another epoch: " + Zxid.toString(zxid));
            if (learner.phase == Phase.SYNCING) {
                learner.phase = Phase.SYNCED;
                learner.lastAcked = Math.max(learner.lastAcked, learner.syncedZxid);
            }
            establish(learner.lastHeardNanos, out);
        } else if (zxid > Math.max(lastProposed, ownZxid)) {
            throw new ProtocolException("acked the future: " + Zxid.toString(zxid));
        } else {
            learner.lastAcked = Math.max(learner.lastAcked, zxid); // a link is FIFO: an ack covers all before it
        }
        commitAcked(learner.lastHeardNanos, out);
    }

    private void commitAcked(long nowNanos, Consumer<Effect> out) {
        if (state != State.BROADCAST || history.pending().isEmpty()) return;
        long before =
                members.committed().reachedByQuorum(learners::acked); // what precedes a reconfiguration needs no more
        long limit =
                members.isChanging() ? Math.min(before, members.proposed().reachedByQuorum(learners::acked)) : before;
        while (!succession.isResigned() && !history.pending().isEmpty()) {
            Proposal next = history.pending().getFirst();
            boolean isBefore =
                    members.isChanging() && next.zxid() < members.proposed().version();
            if (next.zxid() > (isBefore ? before : limit)) return;
            confirmations.committing(next.zxid(), out);
            if (members.isChanging() && next.zxid() == members.proposed().version()) {
                reconfigure(nowNanos, next, out);
                commitAcked(nowNanos, out); // from here on the new quorum alone decides
                return;
            }
            learners.forward(new QuorumPacket(QuorumPacket.COMMIT, next.zxid(), null, null), out);
            learners.inform(next, out);
            history.commit(next.zxid(), out);
        }
    }

    // Reconfiguration.

    /** Both quorums hold the reconfiguration: it takes effect, and whoever is to lead from now on is named with it. */
    private void reconfigure(long nowNanos, Proposal p, Consumer<Effect> out) {
        Members next = members.proposed();
        long leader = succession.leaderOf(next);
        byte[] named = ByteBuffer.allocate(Long.BYTES).putLong(leader).array();
        learners.forward(new QuorumPacket(QuorumPacket.COMMITANDACTIVATE, p.zxid(), named, null), out);
        learners.informOfMembers(p, leader, out);
        history.commit(p.zxid(), out);
        members.commit(next, out);
        if (leader != members.self()) succession.resign(nowNanos, leader, out);
    }

    // A planned hand-over.

    /**
     * Begins to hand over to a follower that has caught up; from now on nothing is proposed.
     *
     * @return why not; empty if it has begun
     */
    Optional<String> handOver(long nowNanos, Consumer<Effect> out) {
        if (!broadcasting())
            return Optional.of("this server does not lead an established quorum, or hands over already");
        Optional<String> refusal = succession.handOver(nowNanos, out);
        goOnHandingOver(nowNanos, out);
        return refusal;
    }

    private void goOnHandingOver(long nowNanos, Consumer<Effect> out) {
        succession.goOn(nowNanos, !failed && !confirmations.isAsked(), out);
    }

    /** Lets another lead before our zxids are used up; tried again until somebody can. */
    private void beginAnotherEpoch(long nowNanos, Consumer<Effect> out) {
        Optional<String> refusal = handOver(nowNanos, out);
        if (refusal.isEmpty() || !rollOver.isNews()) return;
        out.accept(new Effect.Note("leads on near the end of the zxids of epoch " + epoch + ": " + refusal.get()));
    }

    // Room on the disks.

    /** Whether changes are refused, since no quorum of us has room for them. */
    boolean refuses() {
        return room.refuses();
    }

    /** Our own disk has room for more, or has none. */
    void room(boolean isEnough) {
        room.own(isEnough);
    }

    /** Lets who has room lead if we have none, and refuses changes where that does not help. */
    private void judgeRoom(long nowNanos, Consumer<Effect> out) {
        if (room.judge(out)) ping(out); // they need not wait to hear of it
        if (!broadcasting() || !room.isToMove(nowNanos)) return;
        handOver(nowNanos, out).ifPresent(why -> out.accept(new Effect.Note("leads on with a full disk: " + why)));
    }

    // Time, and links that go.

    private void tick(long nowNanos, Consumer<Effect> out) {
        learners.closeSilent(nowNanos, timing, learner -> close(learner, out), out);
        for (LearnerLink learner : learners.all()) {
            if (learner.phase != Phase.ACTIVE || !lags(learner, nowNanos)) continue;
            out.accept(new Effect.Note("server " + learner.sid + " does not force its log"));
            close(learner, out);
        }
        if (state != State.BROADCAST) {
            if (members.isQuorum(this::isThere)) quorumSeenNanos = nowNanos;
            long aloneLimit = state == State.DISCOVERY ? DIAL_LIMIT_NANOS : ALONE_LIMIT_NANOS;
            failed |= nowNanos - startedNanos > timing.initNanos()
                    || (state == State.DISCOVERY && nowNanos - startedNanos > timing.epochNanos())
                    || nowNanos - quorumSeenNanos > aloneLimit
                    || (state == State.CALLING && nowNanos - ALONE_LIMIT_NANOS > spurnedNanos);
            return;
        }
        if (members.isQuorum(learners::isSynced)) quorumSeenNanos = nowNanos;
        if (members.isQuorum(sid -> learners.isHeard(sid, nowNanos, timing.leaderSilenceNanos())))
            quorumHeardNanos = nowNanos;
        succession.tick(nowNanos);
        failed |= nowNanos - quorumSeenNanos > ALONE_LIMIT_NANOS
                || nowNanos - quorumHeardNanos > timing.tickNanos()
                || history.isDiskStuck();
        judgeRoom(nowNanos, out);
        if (broadcasting() && !members.alone() && rollOver.isNear(lastProposed)) beginAnotherEpoch(nowNanos, out);
        if (nowNanos >= nextPingNanos) {
            nextPingNanos = nowNanos + timing.pingNanos();
            ping(out);
        }
    }

    /** Whether the learner has not forced for syncLimit what it was sent: its disk hangs, though it answers pings. */
    private boolean lags(LearnerLink learner, long nowNanos) {
        if (learner.observes) return false; // it acknowledges nothing
        if (learner.lastAcked >= learner.lagZxid) {
            learner.lagZxid = history.lastAppended();
            learner.lagSinceNanos = nowNanos;
        }
        return nowNanos - learner.lagSinceNanos > timing.syncNanos();
    }

    /** Asks every synchronized learner for a sign of life; returns the number of this round. */
    private long ping(Consumer<Effect> out) {
        return learners.ping(room.refuses(), out);
    }

    /**
     * Asks a quorum whether it follows us still; Confirmed answers. Whoever answers a ping, or acknowledges a proposal,
     * sent from now on had not promised another epoch by now, so nobody else can have committed anything yet.
     *
     * @return the ticket; it is confirmed before anything is committed that is proposed from now on
     */
    long confirm(Consumer<Effect> out) {
        long ticket = confirmations.ask(lastProposed);
        if (!confirmations.isRoundUnderWay()) askQuorum(out);
        return ticket;
    }

    private void askQuorum(Consumer<Effect> out) {
        confirmations.begin(ping(out));
        quorumHeard(out); // alone we are a quorum
    }

    private void quorumHeard(Consumer<Effect> out) {
        if (!confirmations.isRoundUnderWay()) return;
        long round = members.reachedByQuorum(learners::answeredPing);
        if (confirmations.answered(round, out) && confirmations.isAsked()) askQuorum(out);
    }

    /** Closes the link of a learner that broke the protocol. */
    void drop(long link, Consumer<Effect> out) {
        LearnerLink learner = learners.at(link);
        if (learner != null) close(learner, out);
    }

    /** Closes every link: this server leads no longer. */
    void closeAll(Consumer<Effect> out) {
        for (LearnerLink learner : learners.all()) close(learner, out);
    }

    private void close(LearnerLink learner, Consumer<Effect> out) {
        out.accept(new Effect.Unlink(learner.link));
        remove(learner.link, out);
    }

    private void remove(long link, Consumer<Effect> out) {
        LearnerLink gone = learners.remove(link);
        if (gone == null) return;
        succession.left(gone.sid, out);
        if (gone.phase == Phase.ACTIVE) out.accept(new Effect.LearnerGone(link));
    }
}
