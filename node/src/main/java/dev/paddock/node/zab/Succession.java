package dev.paddock.node.zab;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.wire.LearnerInfo;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who leads after this leader by its own word: a follower to which it hands over as planned, or whom a reconfiguration
 * names that takes its vote or moves it. Lives as long as the leadership. Owned by the core thread.
 *
 * <p>From the beginning of a hand-over on nothing is proposed. When all that was proposed has committed, an heir that has
 * forced it is told by a ping that names it, and leaves; then the others are told, and we follow it too. All of them skip
 * the election, nothing else: the heir still needs the promises and acks of a quorum. Whoever is not told, or is told and
 * finds nobody there, elects.
 */
final class Succession {
    /** What a learner that takes a hand-over calls its protocol. Apache's leaders ask only that it is not below 0x10000. */
    static final int PROTOCOL_VERSION = LearnerInfo.PROTOCOL_VERSION + 1;

    private static final long HAND_OVER_NANOS = 1_000_000_000L; // then an election is quicker
    private static final long LEAVE_NANOS = 1_000_000_000L; // the learners leave us for another by then

    private final Membership members;
    private final Learners learners;
    private final History history;
    private boolean begun; // to hand over
    private long begunNanos;
    private boolean resigned; // nothing is committed any more
    private long resignedNanos;
    private long heir = -1;
    private boolean over;

    Succession(Membership members, Learners learners, History history) {
        this.members = members;
        this.learners = learners;
        this.history = history;
    }

    /** sid of who leads next, -1 if an election must find out. */
    long heir() {
        return heir;
    }

    /** Whether we propose no more, since another is to lead. */
    boolean isUnderWay() {
        return begun || resigned;
    }

    /** Whether we commit no more. */
    boolean isResigned() {
        return resigned;
    }

    /** Whether we lead no longer: the heir has left for its new role, or it took too long. */
    boolean isOver() {
        return over;
    }

    /**
     * Begins to hand over to a follower that has caught up.
     *
     * @return why not; empty if it has begun
     */
    Optional<String> handOver(long nowNanos, Consumer<Effect> out) {
        if (members.isChanging()) return Optional.of("a reconfiguration is under way");
        if (heirAt(history.lastCommitted()) < 0)
            return Optional.of("no other voter has caught up that takes a hand-over");
        if (!members.isQuorum(sid -> sid == members.self() || learners.takesHandOver(sid))) {
            return Optional.of("those that take a hand-over are no quorum");
        }
        out.accept(new Effect.Note("handing over: nothing is proposed any more"));
        begun = true;
        begunNanos = nowNanos;
        return Optional.empty();
    }

    /**
     * Names an heir once all that was proposed has committed.
     *
     * @param mayName false while something that was asked of a quorum is not answered
     */
    void goOn(long nowNanos, boolean mayName, Consumer<Effect> out) {
        if (!begun) return;
        if (nowNanos - begunNanos
                > HAND_OVER_NANOS) { // without a quorum, or the heir is gone: let an election find out
            heir = -1;
            over = true;
        }
        if (over || resigned || !mayName || !history.pending().isEmpty()) return;
        long to = heirAt(history.lastAppended());
        LearnerLink first = learners.of(to);
        if (first == null) return;
        learners.nextRound();
        learners.nameHeir(first, to, out);
        resign(nowNanos, to, out);
    }

    /**
     * The lowest voter that takes a hand-over and has forced all up to {@code zxid}, or of those that have room on their disks
     * the lowest, if there is one; -1 if there is none.
     */
    private long heirAt(long zxid) {
        long first = -1;
        for (long sid : members.voters()) {
            if (!learners.takesHandOver(sid) || learners.acked(sid) < zxid) continue;
            if (learners.hasRoom(sid)) return sid;
            if (first < 0) first = sid;
        }
        return first;
    }

    /**
     * Who leads these members: we if we vote and are reached as before; else of the voters with the longest history the one
     * with the lowest sid.
     */
    long leaderOf(Members next) {
        ServerSpec now = members.committed().servers().get(members.self());
        ServerSpec then = next.servers().get(members.self());
        if (next.isVoter(members.self()) && now != null && then.quorum().equals(now.quorum())) return members.self();
        long best = -1;
        for (long sid : next.voters()) {
            if (sid == members.self() || !learners.isSynced(sid)) continue;
            if (best < 0 || learners.acked(sid) > learners.acked(best)) best = sid;
        }
        return best < 0 ? members.self() : best; // the only voter stays, wherever it is reached
    }

    /** Proposes and commits no more; the learners know as much and leave. */
    void resign(long nowNanos, long to, Consumer<Effect> out) {
        out.accept(new Effect.Note(
                "leading no longer: " + (to < 0 ? "not a voter any more" : "server " + to + " takes over")));
        resigned = true;
        resignedNanos = nowNanos;
        heir = to;
    }

    /** A learner has left; if it is the heir, it is in its new role, where it takes whoever comes. */
    void left(long sid, Consumer<Effect> out) {
        if (!resigned || sid != heir) return;
        if (begun) for (LearnerLink other : learners.all()) learners.nameHeir(other, heir, out);
        over = true;
    }

    void tick(long nowNanos) {
        over |= resigned && nowNanos - resignedNanos > LEAVE_NANOS;
    }
}
