package dev.paddock.node.zab;

import dev.paddock.node.Invariant;
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
    static final int LOOKING = 0;
    static final int FOLLOWING = 1;
    static final int LEADING = 2;

    private static final long SETTLE_NANOS = 200_000_000L; // how long to wait for a better vote when some are missing

    private final Ensemble ensemble;
    private final Timing timing;
    private final long suspect; // sid of a leader that was just lost, -1 if none; its vote is not waited for
    private final Vote own;
    private final Map<Long, Vote> looking = new TreeMap<>(); // sid to its vote of this round
    private final Map<Long, Settled> settled = new TreeMap<>(); // servers that follow or lead already

    private Vote best;
    private long round;
    private long settleAtNanos = Long.MAX_VALUE; // when the best vote wins unless a better one comes
    private long resendAtNanos;
    private long resendNanos;
    private Optional<Vote> decided = Optional.empty();

    /** A vote of a server that has found a leader, and whether it is that leader. */
    private record Settled(Vote vote, boolean leads) {}

    /**
     * @param round the first round to take part in; greater than any this server took part in
     * @param lastZxid of this server's log, all of it forced
     * @param currentEpoch of this server
     * @param suspect sid of a leader that was just lost, -1 if none
     */
    Election(Ensemble ensemble, Timing timing, long round, long lastZxid, long currentEpoch, long suspect) {
        this.ensemble = ensemble;
        this.timing = timing;
        this.resendNanos = timing.resendMinNanos();
        this.suspect = suspect;
        this.round = round;
        this.own = new Vote(ensemble.self(), lastZxid, round, currentEpoch);
        this.best = own;
    }

    void start(long nowNanos, Consumer<Effect> out) {
        looking.put(ensemble.self(), best);
        tellAll(nowNanos, out);
        decide(nowNanos);
    }

    /** The vote that won, as soon as one has. */
    Optional<Vote> decided() {
        return decided;
    }

    long round() {
        return round;
    }

    /** Takes a peer's vote into account; votes of servers that are not voters count for nothing. */
    void heard(long nowNanos, long sid, Notification n, Consumer<Effect> out) {
        if (!ensemble.isVoter(sid) || !ensemble.isVoter(n.leader())) {
            return;
        }
        if (n.state() == LOOKING) heardLooking(nowNanos, sid, Vote.of(n), out);
        else heardSettled(sid, Vote.of(n), n.state() == LEADING);
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
            back(nowNanos, vote.beats(mine) ? vote : mine, out);
            looking.put(sid, vote);
        } else if (vote.beats(best)) {
            back(nowNanos, vote, out);
            looking.put(sid, vote);
        } else if (looking.put(sid, vote) == null || best.beats(vote)) {
            out.accept(new Effect.Notify(sid, notification())); // it may not have been looking when we told everybody
        }
    }

    private void heardSettled(long sid, Vote vote, boolean leads) {
        settled.put(sid, new Settled(vote, leads));
        looking.remove(sid);
    }

    private void back(long nowNanos, Vote vote, Consumer<Effect> out) {
        best = vote;
        looking.put(ensemble.self(), best);
        settleAtNanos = Long.MAX_VALUE;
        resendNanos = timing.resendMinNanos();
        tellAll(nowNanos, out);
    }

    void tick(long nowNanos, Consumer<Effect> out) {
        if (nowNanos >= resendAtNanos) {
            resendNanos = Math.min(resendNanos * 2, timing.resendMaxNanos());
            tellAll(nowNanos, out);
        }
        decide(nowNanos);
    }

    private void decide(long nowNanos) {
        if (decided.isPresent()) return;
        decided = joinable();
        if (decided.isPresent()) return;
        int agreeing = agreeing();
        if (agreeing < ensemble.quorumSize()) {
            settleAtNanos = Long.MAX_VALUE;
        } else if (agreeing + silentSuspects() == ensemble.voters().length || nowNanos >= settleAtNanos) {
            decided = Optional.of(best);
        } else if (settleAtNanos == Long.MAX_VALUE) {
            settleAtNanos = nowNanos + SETTLE_NANOS;
        }
    }

    /**
     * Votes equal to the best; servers that follow us already count, of whatever round, or they would wait for us in
     * vain.
     */
    private int agreeing() {
        int agreeing = 0;
        for (Vote vote : looking.values()) if (vote.equals(best)) agreeing++;
        if (best.leader() != ensemble.self()) return agreeing;
        for (Settled s : settled.values()) if (s.vote().leader() == ensemble.self()) agreeing++;
        return agreeing;
    }

    private int silentSuspects() {
        return suspect < 0 || looking.containsKey(suspect) || settled.containsKey(suspect) ? 0 : 1;
    }

    /** A leader that says itself that it leads, and that a quorum follows already or, voting in its round, is about to. */
    private Optional<Vote> joinable() {
        for (Map.Entry<Long, Settled> candidate : settled.entrySet()) {
            Vote vote = candidate.getValue().vote();
            if (!candidate.getValue().leads() || vote.leader() != candidate.getKey()) continue;
            if (supporters(vote) < ensemble.quorumSize()) continue;
            round = Math.max(round, vote.round());
            return Optional.of(vote);
        }
        return Optional.empty();
    }

    private int supporters(Vote leader) {
        int supporters = 0;
        for (Settled s : settled.values()) if (s.vote().agreesSettled(leader)) supporters++;
        for (Vote v : looking.values()) {
            if (v.leader() == leader.leader() && v.round() == leader.round()) supporters++;
        }
        return supporters;
    }

    private void tellAll(long nowNanos, Consumer<Effect> out) {
        resendAtNanos = nowNanos + resendNanos;
        Notification n = notification();
        for (long sid : ensemble.voters()) {
            if (sid != ensemble.self()) out.accept(new Effect.Notify(sid, n));
        }
    }

    private Notification notification() {
        return notification(LOOKING, best.inRound(round), ensemble);
    }

    static Notification notification(int state, Vote vote, Ensemble ensemble) {
        Invariant.check(state >= LOOKING && state <= LEADING, "election state");
        return new Notification(
                state, vote.leader(), vote.zxid(), vote.round(), vote.epoch(), 2, ensemble.configText());
    }
}
