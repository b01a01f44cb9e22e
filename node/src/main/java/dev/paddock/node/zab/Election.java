package dev.paddock.node.zab;

import dev.paddock.wire.Notification;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One search for a leader by the rules of Apache ZooKeeper's FastLeaderElection (3.9): everybody tells everybody the
 * best vote it knows, and a vote that a quorum shares wins. Owned by the core thread.
 */
final class Election {
    private static final long SHUN_NANOS = 1_000_000_000L; // how long the others may take to agree on somebody else
    private static final long ALL_NANOS = 1_000_000_000L; // how long to wait for the word of all before only learning
    private static final long SETTLE_NANOS = 200_000_000L; // how long to wait for a better vote when some are missing

    private final Membership members;
    private final Timing timing;
    private final long suspect; // sid of a leader that was just lost, -1 if none; its vote is not waited for
    private final Vote own;
    private final boolean votes;
    private final boolean knowsPromises;
    private final Map<Long, Vote> looking = new TreeMap<>(); // sid to its vote of this round
    private final Map<Long, Settled> settled = new TreeMap<>(); // servers that follow or lead already

    private Vote best;
    private long round;
    private long settleAtNanos = Long.MAX_VALUE; // when the best vote wins unless a better one comes
    private long resendAtNanos;
    private long resendNanos;
    private long shunned; // sid of who gets no vote of ours until shunnedUntilNanos, -1 if none
    private long shunnedUntilNanos;
    private long teacher = -1; // sid of a leader that not all are known to follow
    private long learnAtNanos; // when it is time to learn from that one
    private long unfit = -1; // sid of a leader that nobody can learn from without a vote, -1 if none
    private boolean learnsOnly;
    private boolean waitsForAll;
    private Optional<Vote> decided = Optional.empty();

    /** A vote of a server that has found a leader, and whether it is that leader. */
    private record Settled(Vote vote, boolean leads) {}

    /**
     * @param round the first round to take part in; greater than any this server took part in
     * @param lastZxid of this server's log, all of it forced
     * @param currentEpoch of this server
     * @param suspect sid of a leader that was just lost, -1 if none
     * @param shunned sid of who gets no vote of ours at first, -1 if none
     */
    Election(
            Membership members,
            Timing timing,
            long round,
            long lastZxid,
            long currentEpoch,
            long suspect,
            long shunned) {
        this(
                members,
                timing,
                members.isVoter(members.self())
                        ? new Vote(members.self(), lastZxid, round, currentEpoch)
                        : new Vote(Long.MIN_VALUE, Long.MIN_VALUE, round, Long.MIN_VALUE), // any other is better
                true,
                true,
                suspect,
                shunned);
    }

    private Election(
            Membership members,
            Timing timing,
            Vote own,
            boolean votes,
            boolean knowsPromises,
            long suspect,
            long shunned) {
        this.members = members;
        this.timing = timing;
        this.resendNanos = timing.resendMinNanos();
        this.suspect = suspect;
        this.shunned = shunned;
        this.round = own.round();
        this.own = own;
        this.votes = votes;
        this.knowsPromises = knowsPromises;
        this.best = own;
    }

    /**
     * That of a server which may lack what it acknowledged. Its vote would make a quorum of servers that never knew what it
     * has forgotten, so it votes for itself, with a history that nobody can have less of, and waits for a leader that the
     * others have found. Whatever a server of Apache's makes of that vote, it elects nobody.
     *
     * @param knowsPromises whether it knows which epoch it promised to follow. If not, some leader may still count on a promise
     *     that this server would break unawares: before every other voter has said whom it follows, it may only learn
     * @param unfit sid of a leader that it cannot learn from, -1 if none
     */
    static Election withoutVote(Membership members, Timing timing, long round, boolean knowsPromises, long unfit) {
        var own = new Vote(members.self(), Long.MIN_VALUE, round, Long.MIN_VALUE);
        Election search = new Election(members, timing, own, false, knowsPromises, -1, -1);
        search.unfit = unfit;
        return search;
    }

    void start(long nowNanos, Consumer<Effect> out) {
        looking.put(members.self(), best);
        shunnedUntilNanos = nowNanos + SHUN_NANOS;
        tellAll(nowNanos, out);
        decide(nowNanos);
    }

    /** The vote that won, as soon as one has. */
    Optional<Vote> decided() {
        return decided;
    }

    /** Whether this server must acknowledge nothing to whom it was decided to follow, and promise nothing. */
    boolean learnsOnly() {
        return learnsOnly;
    }

    /** Goes on, now that this server learns, until it may do more. */
    Election untilAllFollow() {
        waitsForAll = true;
        decided = Optional.empty();
        return this;
    }

    long round() {
        return round;
    }

    /** Takes a peer's vote into account; others that ask are told ours. */
    void heard(long nowNanos, long sid, Notification n, Consumer<Effect> out) {
        if (!members.isVoter(sid)) {
            if (n.state() == Notification.LOOKING) out.accept(new Effect.Notify(sid, notification()));
            return;
        }
        if (!members.isVoter(n.leader()) || n.state() == Notification.OBSERVING) return;
        if (waitsForAll && n.state() == Notification.LOOKING) askSoon(nowNanos); // it is back
        if (n.state() == Notification.LOOKING) heardLooking(nowNanos, sid, Vote.of(n), out);
        else heardSettled(sid, Vote.of(n), n.state() == Notification.LEADING);
        decide(nowNanos);
    }

    private void heardLooking(long nowNanos, long sid, Vote vote, Consumer<Effect> out) {
        settled.remove(sid);
        if (vote.round() < round) {
            out.accept(new Effect.Notify(sid, notification())); // it is behind: our round will bring it along
            return;
        }
        if (vote.round() > round) {
            round = vote.round();
            looking.clear();
            Vote mine = own.inRound(round);
            back(nowNanos, isBetter(vote, mine) ? vote : mine, out);
            looking.put(sid, vote);
        } else if (isBetter(vote, best)) {
            back(nowNanos, vote, out);
            looking.put(sid, vote);
        } else if (looking.put(sid, vote) == null || best.beats(vote)) {
            out.accept(new Effect.Notify(sid, notification())); // it may not have been looking when we told everybody
        }
    }

    private boolean isBetter(Vote vote, Vote than) {
        return votes && vote.leader() != shunned && vote.beats(than);
    }

    private void heardSettled(long sid, Vote vote, boolean leads) {
        settled.put(sid, new Settled(vote, leads));
        looking.remove(sid);
    }

    private void back(long nowNanos, Vote vote, Consumer<Effect> out) {
        best = vote;
        looking.put(members.self(), best);
        settleAtNanos = Long.MAX_VALUE;
        resendNanos = timing.resendMinNanos();
        tellAll(nowNanos, out);
    }

    void tick(long nowNanos, Consumer<Effect> out) {
        if (nowNanos >= resendAtNanos) {
            resendNanos = Math.min(resendNanos * 2, timing.resendMaxNanos());
            tellAll(nowNanos, out);
            if (members.changeable() && hearsNobody()) tellOthers(out);
        }
        if (shunned >= 0 && nowNanos >= shunnedUntilNanos) shunNobody(nowNanos, out);
        decide(nowNanos);
    }

    private void shunNobody(long nowNanos, Consumer<Effect> out) {
        shunned = -1;
        Vote better = best;
        for (Vote vote : looking.values()) if (isBetter(vote, better)) better = vote;
        if (!better.equals(best)) back(nowNanos, better, out);
    }

    private void decide(long nowNanos) {
        if (decided.isPresent()) return;
        decided = joinable(nowNanos);
        if (decided.isPresent() || !votes) return;
        if (!members.isQuorum(this::agrees)) {
            settleAtNanos = Long.MAX_VALUE;
        } else if (allAgree() || nowNanos >= settleAtNanos) {
            decided = Optional.of(best);
        } else if (settleAtNanos == Long.MAX_VALUE) {
            settleAtNanos = nowNanos + SETTLE_NANOS;
        }
    }

    /**
     * Whether a server's vote is equal to the best; one that follows us already agrees, of whatever round, or it would wait
     * for us in vain.
     */
    private boolean agrees(long sid) {
        if (best.equals(looking.get(sid))) return true;
        Settled s = settled.get(sid);
        return s != null && best.leader() == members.self() && s.vote().leader() == members.self();
    }

    private boolean allAgree() {
        for (long sid : members.voters()) if (!agrees(sid) && !isSilentSuspect(sid) && sid != shunned) return false;
        return true;
    }

    private boolean isSilentSuspect(long sid) {
        return sid == suspect && !looking.containsKey(sid) && !settled.containsKey(sid);
    }

    /**
     * A leader that says itself that it leads, and that a quorum follows already or, voting in its round, is about to. To
     * follow it a quorum of what is committed is enough: it holds all that is, and what we alone know of is void then.
     */
    private Optional<Vote> joinable(long nowNanos) {
        for (Map.Entry<Long, Settled> candidate : settled.entrySet()) {
            Vote vote = candidate.getValue().vote();
            if (!candidate.getValue().leads() || vote.leader() != candidate.getKey()) continue;
            if (!members.committed().isQuorum(sid -> supports(sid, vote))) continue;
            learnsOnly = !knowsPromises && !allFollow(vote);
            if (learnsOnly && !isTimeToLearn(nowNanos, vote.leader())) continue;
            round = Math.max(round, vote.round());
            return Optional.of(vote);
        }
        return Optional.empty();
    }

    /** Who follows by now says so when it is asked. */
    private void askSoon(long nowNanos) {
        resendNanos = timing.resendMinNanos();
        resendAtNanos = Math.min(resendAtNanos, nowNanos + resendNanos);
    }

    private boolean isTimeToLearn(long nowNanos, long leader) {
        if (teacher != leader) {
            teacher = leader;
            learnAtNanos = nowNanos + ALL_NANOS;
            askSoon(nowNanos);
        }
        return !waitsForAll && leader != unfit && nowNanos >= learnAtNanos;
    }

    /**
     * Whether no voter but this leader can lead an epoch by a promise that we gave before we started: each has said since that it
     * follows this leader, or looks for one without a vote.
     */
    private boolean allFollow(Vote leader) {
        for (long sid : members.voters()) {
            if (sid == members.self()) continue;
            Settled s = settled.get(sid);
            boolean follows = s != null && s.vote().agreesSettled(leader);
            if (!follows && !isWithoutVote(sid)) return false;
        }
        return true;
    }

    private boolean isWithoutVote(long sid) {
        Vote v = looking.get(sid);
        return v != null && v.leader() == sid && v.zxid() == Long.MIN_VALUE && v.epoch() == Long.MIN_VALUE;
    }

    private boolean supports(long sid, Vote leader) {
        Settled s = settled.get(sid);
        if (s != null) return s.vote().agreesSettled(leader);
        Vote v = looking.get(sid);
        return v != null && v.leader() == leader.leader() && v.round() == leader.round();
    }

    private void tellAll(long nowNanos, Consumer<Effect> out) {
        resendAtNanos = nowNanos + resendNanos;
        Notification n = notification();
        for (long sid : members.voters()) {
            if (sid != members.self()) out.accept(new Effect.Notify(sid, n));
        }
    }

    private boolean hearsNobody() {
        return settled.isEmpty() && looking.size() == 1; // our own
    }

    /** The voters that we know of may all have moved or gone while we were away; observers know where to. */
    private void tellOthers(Consumer<Effect> out) {
        for (long sid : members.servers().keySet()) {
            if (sid != members.self() && !members.isVoter(sid)) out.accept(new Effect.Notify(sid, notification()));
        }
    }

    private Notification notification() {
        return notification(Notification.LOOKING, best.inRound(round), members);
    }

    static Notification notification(int state, Vote vote, Membership members) {
        return new Notification(
                state, vote.leader(), vote.zxid(), vote.round(), vote.epoch(), Notification.VERSION, members.told());
    }
}
