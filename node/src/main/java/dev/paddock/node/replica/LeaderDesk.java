package dev.paddock.node.replica;

import dev.paddock.node.Invariant;
import dev.paddock.node.request.AclRules;
import dev.paddock.node.request.Preparer;
import dev.paddock.node.request.Standing;
import dev.paddock.node.request.Write;
import dev.paddock.node.session.SessionExpiry;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnDigest;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What only a leader keeps: the state with everything proposed, who owns each session, when sessions expire, and what
 * waits for proposals to commit. Lives as long as the leadership. Owned by the core thread.
 */
final class LeaderDesk {
    /** A transaction, and what it will have done once it is committed. */
    record Prepared(TxnRecord record, Applied applied) {
        long zxid() {
            return record.header().zxid();
        }
    }

    private record Waiting(long zxid, Runnable answer) {}

    private record Sync(long zxid, long ticket, Runnable answer) {}

    private final SessionExpiry expiry;
    private final SessionExpiry ended; // sessions that were global, while a link may still bring what they asked
    private final int endedMillis;
    private final AclRules acl;
    private final Preparer.Reconfigurations members;
    private final int txnBytesMax;
    private final Consumer<Overrun> overruns;
    private final Map<Long, Origin> owners = new HashMap<>(); // session to its way; looked up, never iterated
    private final Deque<Prepared> outstanding = new ArrayDeque<>(); // proposed, not committed; ascending
    private final Deque<Waiting> waiting = new ArrayDeque<>(); // answers due when their zxid has committed; ascending
    private final Deque<Sync> syncs = new ArrayDeque<>(); // due when committed up to zxid and confirmed; both ascending
    private final Sweeper sweeper;
    private Database head; // with everything proposed
    private long lastProposed;
    private long lastCommitted;
    private long lastConfirmed; // ticket

    /**
     * @param expiry     tracks no session yet; so does the next
     * @param linkMillis how long a learner may be silent before its link ends
     */
    LeaderDesk(
            Database committed,
            SessionExpiry expiry,
            SessionExpiry ended,
            int linkMillis,
            AclRules acl,
            Preparer.Reconfigurations members,
            SweepPace pace,
            int txnBytesMax,
            Consumer<Overrun> overruns,
            Now now) {
        this.overruns = overruns;
        this.head = committed;
        this.acl = acl;
        this.members = members;
        this.sweeper = new Sweeper(pace, now);
        this.txnBytesMax = txnBytesMax;
        this.expiry = expiry;
        this.ended = ended;
        this.endedMillis = 2 * linkMillis; // an observer may hang on a follower
        this.lastCommitted = committed.lastZxid();
        this.lastProposed = lastCommitted;
        // Expiry starts anew in full: what a former leader heard of a session is not known here.
        committed.forEachSession((id, timeoutMillis) -> expiry.track(id, timeoutMillis, now.nanos()));
    }

    /**
     * Turns a request into the transaction with the given zxid; a refusal becomes an error transaction.
     *
     * @throws dev.paddock.wire.WireException if the request is malformed
     */
    Proposal prepare(Write write, Origin origin, long zxid, Now now) {
        boolean lives = write.type() == OpCode.CREATE_SESSION || head.sessionTimeoutMillis(write.sessionId()) >= 0;
        Origin owner = lives ? owners.putIfAbsent(write.sessionId(), origin) : null;
        boolean isMoved = owner != null && !owner.equals(origin);
        Write standing = isMoved ? write.as(Standing.MOVED) : write;
        TxnRecord record = Preparer.prepare(head, standing, acl, members, overruns, zxid, now.wallMillis());
        return proposed(record, write.sessionId(), now);
    }

    /** The error transaction for a request that a learner asked for. */
    Proposal refused(Write write, ErrorCode error, long zxid, Now now) {
        return proposed(refusal(write, error, zxid, now), write.sessionId(), now);
    }

    private static TxnRecord refusal(Write write, ErrorCode error, long zxid, Now now) {
        Txn.Error txn = new Txn.Error(error.code());
        return new TxnRecord(new TxnHeader(write.sessionId(), write.cxid(), zxid, now.wallMillis(), txn.type()), txn);
    }

    /** Ends a session that was silent for too long. */
    Proposal expire(long sessionId, long zxid, Now now) {
        Write close = new Write(sessionId, 0, OpCode.CLOSE_SESSION, new byte[0], List.of());
        return proposed(Preparer.prepare(head, close, acl, zxid, now.wallMillis()), sessionId, now);
    }

    /** Begins a tick of the search for what nobody uses. */
    void sweep(Now now) {
        sweeper.tick(head, now);
    }

    /** What the leader deletes next on its own; null if there is none in this tick. */
    @Nullable
    String unused(Now now) {
        return sweeper.next(head, now);
    }

    /** Deletes what nobody uses. */
    Proposal delete(String path, long zxid, Now now) {
        Writer body = new Writer(64);
        body.writeString(path);
        Write delete = new Write(0, 0, OpCode.DELETE_CONTAINER, body.toByteArray(), List.of());
        return proposed(Preparer.prepare(head, delete, acl, zxid, now.wallMillis()), 0, now);
    }

    private Proposal proposed(TxnRecord asked, long session, Now now) {
        TxnRecord record = asked;
        Writer payload = record.written();
        if (payload.length() + TxnDigest.BYTES > txnBytesMax) {
            record = smaller(asked);
            payload = record.written();
        }
        boolean ends = record.header().type() == OpCode.CLOSE_SESSION && head.sessionTimeoutMillis(session) >= 0;
        Applied applied = head.apply(record);
        head = applied.after();
        // Apache takes what follows a closeSession without its list for that list.
        boolean isListless = record.txn() instanceof Txn.CloseSession(var paths) && paths == null;
        if (head.rules().digests() && !isListless) new TxnDigest(TxnDigest.VERSION, head.digest()).write(payload);
        lastProposed = record.header().zxid();
        outstanding.addLast(new Prepared(record, applied));
        switch (record.header().type()) {
            case OpCode.CREATE_SESSION -> expiry.track(session, head.sessionTimeoutMillis(session), now.nanos());
            case OpCode.CLOSE_SESSION -> {
                owners.remove(session);
                if (ends) ended.track(session, endedMillis, now.nanos());
                expiry.remove(session);
            }
            default -> expiry.touch(session, now.nanos());
        }
        return new Proposal(lastProposed, payload.toByteArray());
    }

    /**
     * What every follower can take: a small request may make a large transaction (identities in an ACL, the paths of a
     * session's ephemerals), and one that no follower accepts would stop the ensemble. Without its list, a closeSession
     * removes what the tree says the session owns, which is the same.
     */
    private static TxnRecord smaller(TxnRecord record) {
        TxnHeader h = record.header();
        if (record.txn() instanceof Txn.CloseSession) return new TxnRecord(h, new Txn.CloseSession(null));
        Txn.Error tooLarge = new Txn.Error(ErrorCode.MARSHALLING_ERROR.code());
        return new TxnRecord(
                new TxnHeader(h.sessionId(), h.cxid(), h.zxid(), h.timeMillis(), tooLarge.type()), tooLarge);
    }

    /** The oldest outstanding transaction, which has just committed. */
    Prepared committed(long zxid) {
        Prepared oldest = outstanding.pollFirst();
        Invariant.check(oldest != null && oldest.zxid() == zxid, "committed what was not proposed", zxid, lastProposed);
        return oldest;
    }

    /** Runs {@code answer} once everything proposed so far has committed; at once if it has. */
    void afterOutstanding(Runnable answer) {
        if (outstanding.isEmpty()) answer.run();
        else waiting.addLast(new Waiting(lastProposed, answer));
    }

    /** Gives the answers that waited for {@code zxid}. */
    void answerUpTo(long zxid) {
        lastCommitted = zxid;
        answerSyncs();
        while (!waiting.isEmpty() && waiting.getFirst().zxid() <= zxid)
            waiting.removeFirst().answer().run();
    }

    /**
     * Runs {@code answer} once everything proposed so far has committed and a quorum has confirmed that nobody else leads.
     *
     * @param ticket from {@link dev.paddock.node.zab.Peer#confirm}
     */
    void sync(long ticket, Runnable answer) {
        syncs.addLast(new Sync(lastProposed, ticket, answer));
        answerSyncs();
    }

    /** A quorum has confirmed that it follows us. */
    void confirmed(long ticket) {
        lastConfirmed = ticket;
        answerSyncs();
    }

    private void answerSyncs() {
        while (!syncs.isEmpty()
                && syncs.getFirst().zxid() <= lastCommitted
                && syncs.getFirst().ticket() <= lastConfirmed) {
            syncs.removeFirst().answer().run();
        }
    }

    /**
     * A client came back to a session. From now on the session has the timeout that was agreed on then, but only as long as
     * this leader and the client's connection last.
     *
     * @return false if the session is unknown, closing or expired
     */
    boolean claim(long sessionId, int timeoutMillis, Origin by, Now now) {
        if (head.sessionTimeoutMillis(sessionId) < 0) return false;
        owners.put(sessionId, by);
        expiry.track(sessionId, timeoutMillis, now.nanos());
        return true;
    }

    /** A learner's client was heard from, whose session has this timeout. */
    void touch(long sessionId, int timeoutMillis, Now now) {
        if (expiry.tracks(sessionId)) expiry.track(sessionId, timeoutMillis, now.nanos());
    }

    void touch(long sessionId, Now now) {
        expiry.touch(sessionId, now.nanos());
    }

    /** Sessions that were silent for too long, by ascending id; each is to be closed by {@link #expire}. */
    long[] due(Now now) {
        ended.expire(now.nanos());
        return expiry.expire(now.nanos());
    }

    /** Whether a session was global and has ended lately. What it asked of another server may still come, and is too late. */
    boolean hasEnded(long sessionId) {
        return ended.tracks(sessionId);
    }

    int pendingSyncs() {
        return syncs.size();
    }

    SessionExpiry expiry() {
        return expiry;
    }

    int outstandingCount() {
        return outstanding.size();
    }
}
