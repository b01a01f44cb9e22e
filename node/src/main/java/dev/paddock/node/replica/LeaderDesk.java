package dev.paddock.node.replica;

import dev.paddock.node.Invariant;
import dev.paddock.node.request.Preparer;
import dev.paddock.node.request.Write;
import dev.paddock.node.session.SessionExpiry;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What only a leader keeps: the state with everything proposed, who owns each session, when sessions expire, and what
 * waits for proposals to commit. Lives as long as the leadership. Owned by the core thread.
 */
final class LeaderDesk {
    private record Outstanding(long zxid, Applied applied) {}

    private record Waiting(long zxid, Runnable answer) {}

    private final SessionExpiry expiry;
    private final Map<Long, Origin> owners = new HashMap<>(); // session to its way; looked up, never iterated
    private final Deque<Outstanding> outstanding = new ArrayDeque<>(); // proposed, not committed; ascending
    private final Deque<Waiting> waiting = new ArrayDeque<>(); // answers due when their zxid has committed; ascending
    private final List<Runnable> asking =
            new ArrayList<>(); // answers due when a quorum has answered the ping under way
    private final List<Runnable> askingNext = new ArrayList<>(); // came after that ping left: they need another
    private long askedRound = -1; // the ping under way for them, -1 if none is
    private Database head; // with everything proposed
    private long lastProposed;

    LeaderDesk(Database committed, SessionExpiry expiry, Now now) {
        this.head = committed;
        this.expiry = expiry;
        // Expiry starts anew in full: what a former leader heard of a session is not known here.
        committed.forEachSession((id, timeoutMillis) -> expiry.track(id, timeoutMillis, now.nanos()));
    }

    /** Turns a request into the transaction with the given zxid; a refusal becomes an error transaction. */
    Proposal prepare(Write write, Origin origin, long zxid, Now now) {
        Origin owner = owners.putIfAbsent(write.sessionId(), origin);
        boolean isMoved = owner != null && !owner.equals(origin);
        TxnRecord record = isMoved
                ? refusal(write, ErrorCode.SESSION_MOVED, zxid, now)
                : Preparer.prepare(head, write, zxid, now.wallMillis());
        return proposed(record, write.sessionId(), now);
    }

    private static TxnRecord refusal(Write write, ErrorCode error, long zxid, Now now) {
        Txn.Error txn = new Txn.Error(error.code());
        return new TxnRecord(new TxnHeader(write.sessionId(), write.cxid(), zxid, now.wallMillis(), txn.type()), txn);
    }

    /** Ends a session that was silent for too long. */
    Proposal expire(long sessionId, long zxid, Now now) {
        Write close = new Write(sessionId, 0, OpCode.CLOSE_SESSION, new byte[0], List.of());
        return proposed(Preparer.prepare(head, close, zxid, now.wallMillis()), sessionId, now);
    }

    private Proposal proposed(TxnRecord record, long session, Now now) {
        Applied applied = head.apply(record);
        head = applied.after();
        lastProposed = record.header().zxid();
        outstanding.addLast(new Outstanding(lastProposed, applied));
        switch (record.header().type()) {
            case OpCode.CREATE_SESSION -> expiry.track(session, head.sessionTimeoutMillis(session), now.nanos());
            case OpCode.CLOSE_SESSION -> {
                owners.remove(session);
                expiry.remove(session);
            }
            default -> expiry.touch(session, now.nanos());
        }
        return new Proposal(lastProposed, record.toBytes());
    }

    /** The state after the oldest outstanding transaction, which has just committed. */
    Applied committed(long zxid) {
        Outstanding oldest = outstanding.pollFirst();
        Invariant.check(oldest != null && oldest.zxid() == zxid, "committed what was not proposed", zxid, lastProposed);
        return oldest.applied();
    }

    /**
     * Runs {@code answer} once a quorum has shown that it followed this leader after now, and everything proposed before has
     * committed: only then does nobody else know of something newer.
     *
     * @param ping starts a round and returns its number
     */
    void whenStillLeading(LongSupplier ping, LongSupplier quorumHeard, Runnable answer) {
        askingNext.add(answer);
        if (askedRound < 0) askQuorum(ping, quorumHeard);
    }

    private void askQuorum(LongSupplier ping, LongSupplier quorumHeard) {
        asking.addAll(askingNext);
        askingNext.clear();
        askedRound = ping.getAsLong();
        quorumHeard(quorumHeard.getAsLong(), ping, quorumHeard); // alone we are a quorum
    }

    /** A quorum has answered the round. */
    void quorumHeard(long round, LongSupplier ping, LongSupplier quorumHeard) {
        if (askedRound < 0 || round < askedRound) return;
        askedRound = -1;
        List<Runnable> answers = List.copyOf(asking);
        asking.clear();
        answers.forEach(this::afterOutstanding);
        if (!askingNext.isEmpty()) askQuorum(ping, quorumHeard);
    }

    /** Runs {@code answer} once everything proposed so far has committed; at once if it has. */
    void afterOutstanding(Runnable answer) {
        if (outstanding.isEmpty()) answer.run();
        else waiting.addLast(new Waiting(lastProposed, answer));
    }

    /** Gives the answers that waited for {@code zxid}. */
    void answerUpTo(long zxid) {
        while (!waiting.isEmpty() && waiting.getFirst().zxid() <= zxid)
            waiting.removeFirst().answer().run();
    }

    /**
     * A client came back to a session.
     *
     * @return the negotiated timeout in milliseconds, -1 if the session is unknown, closing or expired
     */
    int claim(long sessionId, Origin by, Now now) {
        int timeoutMillis = head.sessionTimeoutMillis(sessionId);
        if (timeoutMillis < 0) return -1;
        owners.put(sessionId, by);
        expiry.touch(sessionId, now.nanos());
        return timeoutMillis;
    }

    void touch(long sessionId, Now now) {
        expiry.touch(sessionId, now.nanos());
    }

    /** Sessions that were silent for too long, by ascending id; each is to be closed by {@link #expire}. */
    long[] due(Now now) {
        return expiry.expire(now.nanos());
    }

    int outstandingCount() {
        return outstanding.size();
    }
}
