package dev.paddock.node.zab;

import dev.paddock.node.Invariant;
import dev.paddock.node.members.Members;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Zxid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One server's part in Zab: looking for a leader, then following or leading until that fails, then looking again. Owned
 * by the core thread.
 *
 * <p>A search starts only when the disk has answered everything that the last role asked of it: what this server tells
 * the others of itself is what a crash would leave.
 */
public final class Peer {
    private static final int PARKED_MAX = 64; // learners that came before we knew that we lead
    private static final long PARKED_LIMIT_NANOS = 500_000_000L; // then they had better look again, as we do

    private final Membership members;
    private final Timing timing;
    private final History history;
    private final Epochs epochs;
    private final long zxidsPerEpoch;
    private final Map<Long, Parked> parked = new TreeMap<>(); // by link, in order of arrival

    private @Nullable Election election;
    private @Nullable Following following;
    private @Nullable Leading leading;
    private @Nullable Vote vote; // what the last election decided
    private boolean served; // Activated was said, Deactivated was not
    private long round;
    private final Masters masters; // while we observe
    private final boolean mayServe; // observers, while we follow
    private long lookAtNanos = Long.MIN_VALUE; // not before, though we have no role
    private long suspect = -1; // sid of the leader that we lost last
    private final Attempts attempts = new Attempts();
    private long heir = -1; // sid of who leads next by the last leader's word, until we have looked
    private boolean learnsOnly; // in the role that the last election gave us, since our promises are not known
    private long unfit = -1; // sid of the leader that we have just found not to be one to learn from
    private @Nullable Election doubt; // goes on meanwhile, until all voters are there
    private boolean isComplete; // our log reaches as far as we ever acknowledged
    private boolean isShort; // of room on our disk
    private int diskBusy; // effects on the disk, appends aside, that were not answered yet

    /** A learner that waits for us to lead. It says one thing, then waits. */
    private record Parked(long sinceNanos, List<QuorumPacket> packets) {}

    public enum Role {
        LOOKING,
        FOLLOWING,
        OBSERVING,
        LEADING
    }

    /** @param zxidsPerEpoch how many a leader may give out, at most 2^32-1 */
    public Peer(
            Ensemble ensemble,
            Timing timing,
            Observing observing,
            Durable durable,
            long zxidsPerEpoch,
            int commitLogCount,
            long commitLogBytes) {
        this.zxidsPerEpoch = zxidsPerEpoch;
        this.members = new Membership(ensemble);
        this.timing = timing;
        this.masters = new Masters(observing, members, timing);
        this.mayServe = observing.byMasters();
        this.history = new History(durable.lastZxid(), durable.recent(), new CommitLog(commitLogCount, commitLogBytes));
        this.isComplete = durable.isComplete() && durable.knowsEpochs();
        this.epochs = new Epochs(durable.acceptedEpoch(), durable.currentEpoch(), durable.knowsEpochs());
    }

    /** Starts looking for a leader; the only server of an ensemble leads at once. */
    public void start(long nowNanos, Consumer<Effect> out) {
        if (members.alone()) {
            leading = newLeading(nowNanos);
            leading.startAlone(observed(out));
        } else {
            out.accept(new Effect.Reachable(members.servers()));
            look(nowNanos, observed(out));
        }
    }

    public Role role() {
        if (leading != null) return Role.LEADING;
        if (following == null) return Role.LOOKING;
        return following.observes() ? Role.OBSERVING : Role.FOLLOWING;
    }

    /** Whether a quorum is established here and clients may be served. */
    public boolean serving() {
        return served;
    }

    /** Our disk has room for more, or has none. */
    public void room(boolean isEnough) {
        isShort = !isEnough;
        if (leading != null) leading.room(isEnough);
    }

    /** Whether our disk has no room for more. */
    public boolean isShort() {
        return isShort;
    }

    /** Whether we lead and no quorum has room for changes on its disks. */
    public boolean refuses() {
        return leading != null && leading.refuses();
    }

    /** Whether this server may propose now. */
    public boolean broadcasting() {
        return leading != null && leading.broadcasting();
    }

    /** The zxid of the next proposal; only while {@link #broadcasting}. */
    public long nextZxid() {
        Invariant.check(leading != null, "a zxid is given by the leader only");
        return leading.nextZxid();
    }

    /** The link to the leader; only while following. */
    public long leaderLink() {
        Invariant.check(following != null, "only a follower has a leader's link");
        return following.link();
    }

    /** sid of the leader that the last election named, -1 if none has. */
    public long leader() {
        return switch (role()) {
            case LOOKING -> -1;
            case LEADING -> members.self();
            case FOLLOWING, OBSERVING -> vote == null ? -1 : vote.leader();
        };
    }

    /** Followers that hold all history in our epoch; 0 unless leading. */
    public int syncedFollowers() {
        return leading == null ? 0 : leading.synced(false);
    }

    /** Observers likewise, or those that hang on us as we follow. */
    public int syncedObservers() {
        if (leading != null) return leading.synced(true);
        ObserverMaster ours = observers();
        return ours == null ? 0 : ours.synced();
    }

    /** The links of those observers by their sids. */
    public SortedMap<Long, Long> observerLinks() {
        if (leading != null) return leading.observerLinks();
        ObserverMaster ours = observers();
        return ours == null ? Collections.emptySortedMap() : ours.links();
    }

    /** Whether this server follows and serves observers meanwhile. */
    public boolean servesObservers() {
        return observers() != null;
    }

    private @Nullable ObserverMaster observers() {
        return following == null ? null : following.observers();
    }

    /** sid of the server that an observer hangs on, -1 if this is none. */
    public long master() {
        return following != null && following.observes() ? following.master() : -1;
    }

    /** The configuration that a quorum agreed on, as far as this server knows. */
    public Members members() {
        return members.committed();
    }

    /** Whether a reconfiguration is proposed and not committed. */
    public boolean isReconfiguring() {
        return members.isChanging();
    }

    /** Whether enough of these members hold all history in our epoch to make a quorum of theirs; false unless leading. */
    public boolean isQuorumSynced(Members next) {
        return leading != null && leading.isQuorumSynced(next);
    }

    /** The epoch that this server accepted last. */
    public long epoch() {
        return epochs.accepted();
    }

    /** The epoch whose history this server holds; that of its leader while it serves, even if an observer has promised more. */
    public long currentEpoch() {
        return epochs.current();
    }

    /** Last zxid in this server's log. */
    public long lastLogged() {
        return history.lastAppended();
    }

    /** Last zxid that this server knows to be committed. */
    public long lastCommitted() {
        return history.lastCommitted();
    }

    /** Proposes the next transaction; only while {@link #broadcasting}. */
    public void propose(long nowNanos, Proposal p, Consumer<Effect> out) {
        Invariant.check(leading != null, "only the leader proposes");
        leading.propose(p, observed(out));
        leaveFailedRole(nowNanos, observed(out));
    }

    /**
     * Asks a quorum whether it still follows this leader; only while {@link #broadcasting}. {@link Effect.Confirmed}
     * answers, perhaps before this returns.
     *
     * @return the ticket that will be confirmed, alone or by a later one
     */
    public long confirm(Consumer<Effect> out) {
        Invariant.check(leading != null, "only a leader is followed");
        return leading.confirm(observed(out));
    }

    /**
     * Hands leadership over to a follower that has caught up, without an election.
     *
     * @return why not; empty if it has begun
     */
    public Optional<String> handOver(long nowNanos, Consumer<Effect> out) {
        if (leading == null) return Optional.of("this server does not lead");
        Optional<String> refusal = leading.handOver(nowNanos, observed(out));
        leaveFailedRole(nowNanos, observed(out));
        return refusal;
    }

    /**
     * Advances the protocol by one input.
     *
     * @param nowNanos monotonic time in nanoseconds, never below that of the call before
     * @param out takes the effects; the caller carries them out in this order
     */
    public void step(long nowNanos, Input input, Consumer<Effect> out) {
        Consumer<Effect> watched = observed(out);
        answered(input, watched);
        advance(nowNanos, input, watched);
        leaveFailedRole(nowNanos, watched);
    }

    private void advance(long nowNanos, Input input, Consumer<Effect> out) {
        try {
            dispatch(nowNanos, input, out);
        } catch (ProtocolException | WireException broken) {
            out.accept(new Effect.Note("a peer broke the protocol: " + broken.getMessage()));
            if (!isOfLearner(input, out)) leaveRole(nowNanos, out);
        }
    }

    /** Whether it came from a learner, whose link is closed then: the others shall not suffer. */
    private boolean isOfLearner(Input input, Consumer<Effect> out) {
        if (!(input instanceof Input.Received r)) return false;
        if (leading != null) leading.drop(r.link(), out);
        return leading != null || (following != null && following.drop(r.link(), out));
    }

    /** Counts what the disk owes us. */
    private Consumer<Effect> observed(Consumer<Effect> out) {
        return effect -> {
            if (effect instanceof Effect.ToDisk && !(effect instanceof Effect.Append)) diskBusy++;
            if (effect instanceof Effect.Activated) served = true;
            out.accept(effect);
        };
    }

    /** What the disk says is true whatever role we are in. */
    private void answered(Input input, Consumer<Effect> out) {
        switch (input) {
            case Input.Forced(long zxid) -> history.forced(zxid);
            case Input.SnapshotInstalled(long zxid) -> {
                diskBusy--;
                history.installed(zxid);
            }
            case Input.Truncated cut -> {
                diskBusy--;
                history.reset(cut.database().lastZxid(), cut.recent());
                members.reset(cut.database());
                out.accept(new Effect.Reset(cut.database()));
            }
            case Input.CurrentEpochSaved _ -> {
                diskBusy--;
                if (learnsOnly) return; // what we promised is not known yet
                isComplete = true; // it is saved when the history of its leader is on disk
                epochs.restored();
            }
            case Input.TruncationRefused _, Input.AcceptedEpochSaved _ -> diskBusy--;
            case Input.Tick _,
                    Input.Heard _,
                    Input.LearnerLinked _,
                    Input.ObserverLinked _,
                    Input.LeaderLinked _,
                    Input.LeaderUnreachable _,
                    Input.Received _,
                    Input.ReceivedSnapshot _,
                    Input.Progress _,
                    Input.Unlinked _ -> {}
        }
    }

    private void dispatch(long nowNanos, Input input, Consumer<Effect> out) {
        if (input instanceof Input.Heard(long sid, Notification n)) heard(nowNanos, sid, n, out);
        else if (leading != null) leading.step(nowNanos, input, out);
        else if (following != null) follow(nowNanos, input, following, out);
        else looking(nowNanos, input, out);
    }

    private void heard(long nowNanos, long sid, Notification n, Consumer<Effect> out) {
        if (election != null && learnsMembers(sid, n, out)) look(nowNanos, out);
        if (election != null) {
            election.heard(nowNanos, sid, n, out);
            takeRole(nowNanos, election, out);
        } else if (role() != Role.LOOKING && n.state() == Notification.LOOKING) {
            tellLeader(sid, out);
        }
        if (doubt != null) {
            doubt.heard(nowNanos, sid, n, out);
            endDoubt(nowNanos, doubt, out);
        }
    }

    /** All voters are there now: this server can follow as one of them. */
    private void endDoubt(long nowNanos, Election search, Consumer<Effect> out) {
        if (search.decided().isPresent()) leaveRole(nowNanos, out);
    }

    /** Another member may know a configuration that was agreed on while we were away; we search by that one then. */
    private boolean learnsMembers(long sid, Notification n, Consumer<Effect> out) {
        String text = n.config();
        if (!members.changeable() || text == null || text.isEmpty()) return false;
        if (!members.servers().containsKey(sid)) return false; // a stranger does not say who the members are
        try {
            Members theirs = Membership.parsed(text.getBytes(StandardCharsets.UTF_8));
            if (theirs.version() <= members.committed().version()) return hearsOfProposed(text, out);
            out.accept(new Effect.Note(
                    "learned the members of version 0x" + Long.toHexString(theirs.version()) + " from server " + sid));
            members.commit(theirs, out);
            return true;
        } catch (ProtocolException broken) { // its vote counts all the same
            out.accept(new Effect.Note("server " + sid + " " + broken.getMessage()));
            return false;
        }
    }

    private boolean hearsOfProposed(String text, Consumer<Effect> out) {
        Optional<Members> theirs = Membership.proposedIn(text);
        if (theirs.isEmpty() || theirs.get().version() <= members.proposed().version()) return false;
        members.hear(theirs.get());
        out.accept(new Effect.Reachable(members.servers()));
        return true;
    }

    /** Tells whom we follow, or that we lead. */
    private void tellLeader(long sid, Consumer<Effect> out) {
        Vote won = vote;
        if (won == null) return;
        int state = switch (role()) {
            case LOOKING -> Notification.LOOKING;
            case FOLLOWING -> Notification.FOLLOWING;
            case OBSERVING -> Notification.OBSERVING;
            case LEADING -> Notification.LEADING;
        };
        long epoch = leading != null ? leading.epoch() : following != null ? following.epoch() : -1;
        Vote settled = epoch < 0 ? won : won.inEpoch(epoch);
        out.accept(new Effect.Notify(sid, Election.notification(state, settled, members)));
    }

    private void follow(long nowNanos, Input input, Following role, Consumer<Effect> out) {
        if (input instanceof Input.LearnerLinked(long link)) out.accept(new Effect.Unlink(link));
        else role.step(nowNanos, input, out);
        if (input instanceof Input.Tick && doubt != null) {
            doubt.tick(nowNanos, out);
            endDoubt(nowNanos, doubt, out);
        }
    }

    private void looking(long nowNanos, Input input, Consumer<Effect> out) {
        switch (input) {
            case Input.LearnerLinked(long link) -> park(nowNanos, link, out);
            case Input.ObserverLinked(long link) -> out.accept(new Effect.Unlink(link)); // came in an earlier role
            case Input.Received(long link, QuorumPacket p) -> {
                Parked learner = parked.get(link);
                if (learner != null && learner.packets().isEmpty())
                    learner.packets().add(p);
            }
            case Input.Unlinked(long link) -> parked.remove(link);
            case Input.LeaderLinked(long sid, long link) ->
                out.accept(new Effect.Unlink(link)); // dialled in an earlier role
            case Input.Tick _ -> sendAwayParked(nowNanos, out);
            case Input.Heard _,
                    Input.LeaderUnreachable _,
                    Input.ReceivedSnapshot _,
                    Input.Forced _,
                    Input.AcceptedEpochSaved _,
                    Input.CurrentEpochSaved _,
                    Input.SnapshotInstalled _,
                    Input.Progress _,
                    Input.TruncationRefused _,
                    Input.Truncated _ -> {}
        }
        if (election == null) {
            look(nowNanos, out);
        } else if (input instanceof Input.Tick) {
            election.tick(nowNanos, out);
            takeRole(nowNanos, election, out);
        }
    }

    private void park(long nowNanos, long link, Consumer<Effect> out) {
        if (parked.size() >= PARKED_MAX) out.accept(new Effect.Unlink(link));
        else parked.put(link, new Parked(nowNanos, new ArrayList<>(1)));
    }

    private void sendAwayParked(long nowNanos, Consumer<Effect> out) {
        parked.entrySet().removeIf(learner -> {
            boolean late = nowNanos - learner.getValue().sinceNanos() > PARKED_LIMIT_NANOS;
            if (late) out.accept(new Effect.Unlink(learner.getKey()));
            return late;
        });
    }

    /** Starts a search as soon as the disk has answered everything. */
    private void look(long nowNanos, Consumer<Effect> out) {
        if (nowNanos < lookAtNanos || diskBusy > 0 || !history.isForced(history.lastAppended())) return;
        if (heir >= 0 && !learnsOnly) { // whose doubt only an election ends
            follow(nowNanos, new Vote(heir, history.lastAppended(), ++round, epochs.current()), out);
            if (following != null) following.named();
            return;
        }
        election = isComplete
                ? new Election(
                        members, timing, ++round, history.lastAppended(), epochs.current(), suspect, attempts.shunned())
                : Election.withoutVote(members, timing, ++round, epochs.isKnown(), unfit);
        election.start(nowNanos, out);
        takeRole(nowNanos, election, out);
    }

    private void takeRole(long nowNanos, Election search, Consumer<Effect> out) {
        if (search.decided().isEmpty()) return;
        round = search.round();
        learnsOnly = search.learnsOnly();
        unfit = -1;
        if (!learnsOnly) epochs.join(search.decided().get().epoch());
        follow(nowNanos, search.decided().get(), out);
        if (learnsOnly) doubt = search.untilAllFollow();
    }

    /** Follows whom the vote names, or leads. */
    private void follow(long nowNanos, Vote won, Consumer<Effect> out) {
        vote = won;
        members.forgetHeard();
        heir = -1;
        election = null;
        if (won.leader() == members.self()) lead(nowNanos, out);
        else follow(nowNanos, won.leader(), out);
    }

    private Leading newLeading(long nowNanos) {
        return new Leading(members, timing, history, epochs, new RollOver(zxidsPerEpoch), isShort, nowNanos);
    }

    private void lead(long nowNanos, Consumer<Effect> out) {
        out.accept(new Effect.Note("leading"));
        leading = newLeading(nowNanos);
        leading.start(out);
        for (long sid : members.servers().keySet())
            if (sid != members.self()) tellLeader(sid, out); // who waits need not
        Map<Long, Parked> waiting = new TreeMap<>(parked);
        parked.clear();
        waiting.forEach((link, learner) -> {
            advance(nowNanos, new Input.LearnerLinked(link), out);
            learner.packets().forEach(p -> advance(nowNanos, new Input.Received(link, p), out));
        });
    }

    private void follow(long nowNanos, long leader, Consumer<Effect> out) {
        parked.keySet().forEach(link -> out.accept(new Effect.Unlink(link)));
        parked.clear();
        long master = mayHangOnFollower() ? masters.next(nowNanos, leader) : leader;
        following = new Following(members, timing, history, epochs, leader, master, mayServe, learnsOnly, nowNanos);
        String through = following.isDirect() ? "" : " through server " + master;
        String how = learnsOnly ? " without a vote, until every other voter has said whom it follows" : "";
        out.accept(new Effect.Note("following server " + leader + through + how));
        following.start(out);
    }

    /** One that lacks what it acknowledged when it voted needs all that its leader has. */
    private boolean mayHangOnFollower() {
        return members.observes() && isComplete && epochs.isKnown();
    }

    private void leaveFailedRole(long nowNanos, Consumer<Effect> out) {
        boolean failed = (leading != null && leading.failed()) || (following != null && following.failed());
        if (failed) leaveRole(nowNanos, out);
    }

    private void leaveRole(long nowNanos, Consumer<Effect> out) {
        if (leading == null && following == null) return;
        if (leading != null) leading.closeAll(out);
        suspect = -1;
        doubt = null;
        if (following != null) left(nowNanos, following, out);
        heir = leading != null ? leading.heir() : following.heir();
        leading = null;
        following = null;
        if (served) {
            history.agree();
            out.accept(new Effect.Deactivated());
        }
        served = false;
        out.accept(new Effect.Note("looking for a leader"));
        history.adoptPending(out);
        look(nowNanos, out);
    }

    private void left(long nowNanos, Following role, Consumer<Effect> out) {
        role.leave(out);
        if (role.isUnfit()) unfit = role.leader();
        boolean isNeeded = !role.observes() || !members.observes(); // to vote, perhaps from now on
        if (!isNeeded) lookAtNanos = nowNanos + masters.lost(role.isActive());
        if (!role.isDirect()) return; // of the leader we know nothing
        if (role.failed() && vote != null) suspect = vote.leader();
        attempts.ended(role.leader(), role.isActive(), role.isReached());
    }

    @Override
    public String toString() {
        return role() + " " + leader() + (served ? ", serving" : "") + ", logged "
                + Zxid.toString(history.lastAppended()) + ", " + members;
    }
}
