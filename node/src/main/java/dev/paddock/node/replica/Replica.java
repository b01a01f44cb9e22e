package dev.paddock.node.replica;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.request.Write;
import dev.paddock.node.session.SessionExpiry;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.ForwardedRequest;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Revalidate;
import dev.paddock.wire.Revalidated;
import dev.paddock.wire.SessionTouch;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import dev.paddock.wire.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One server as a pure step function: what peers, disk, clock and clients bring goes in, what is to be done leaves
 * through {@link ReplicaOut}. Owned by the core thread.
 *
 * <p>A write travels: {@link Submission.Submit} → (forwarded to the leader) → prepared against the head → proposed →
 * forced by a quorum → {@link Effect.Commit} → applied → {@link Delivery.Committed}.
 */
public final class Replica {
    private final ReplicaConfig config;
    private final SessionIds sessionIds;
    private final ReplicaOut out;
    private final Peer peer;
    private final Map<Long, Attachment> attached = new HashMap<>(); // sessions connected here; looked up only
    private final Map<Long, Attachment> opening = new HashMap<>(); // new or re-attaching ones, not answered yet
    private final Map<Long, Integer> touched = new TreeMap<>(); // follower: session to timeout, for the next PING
    private final Deque<Submission.Submit> syncs = new ArrayDeque<>(); // follower: syncs the leader has not answered

    private Database committed;
    private @Nullable LeaderDesk desk; // while we lead an established quorum
    private Now now = new Now(0, 0); // of the step under way

    public Replica(ReplicaConfig config, Durable durable, Database database, SessionIds sessionIds, ReplicaOut out) {
        this.config = config;
        this.committed = database;
        this.sessionIds = sessionIds;
        this.out = out;
        this.peer =
                new Peer(config.ensemble(), config.timing(), durable, config.commitLogCount(), config.commitLogBytes());
    }

    public void start(Now at) {
        now = at;
        peer.start(at.nanos(), this::carryOut);
    }

    /** Takes what peers, disk or clock brought. */
    public void step(Now at, Input input) {
        now = at;
        peer.step(at.nanos(), input, this::carryOut);
        if (input instanceof Input.Tick) expireSessions();
    }

    /** Takes what a client loop asks for; while no quorum is established it is dropped, and the loop knows. */
    public void submit(Now at, Submission submission) {
        now = at;
        if (!peer.serving()) return;
        switch (submission) {
            case Submission.OpenSession open -> openSession(open);
            case Submission.Reattach reattach -> reattach(reattach);
            case Submission.Submit submit -> submitted(submit);
            case Submission.Touched(long[] sessionIds) -> touched(sessionIds);
            case Submission.Disconnected(int loop, long connection, long sessionId) -> {
                Attachment gone = new Attachment(loop, connection);
                attached.remove(sessionId, gone);
                opening.remove(sessionId, gone);
            }
        }
    }

    /** The state up to the last transaction that this server knows to be committed. */
    public Database committed() {
        return committed;
    }

    public Peer peer() {
        return peer;
    }

    /** Requests proposed and not committed; 0 unless leading. */
    public int outstandingCount() {
        return desk == null ? 0 : desk.outstandingCount();
    }

    /** When sessions expire, to be looked at only; empty unless leading. */
    public Optional<SessionExpiry> sessionEnds() {
        return desk == null ? Optional.empty() : Optional.of(desk.expiry());
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ToPeers e -> out.toPeers(e);
            case Effect.ToDisk e -> out.toDisk(e);
            case Effect.Commit(Proposal p) -> commit(p);
            case Effect.Reset(Database database) -> committed = database;
            case Effect.Snapshot(long link) -> out.toPeers(new Effect.SendSnapshot(link, committed));
            case Effect.Activated a -> activated(a.leading());
            case Effect.Deactivated() -> deactivated();
            case Effect.FromLearner from -> fromLearner(from.link(), from.packet());
            case Effect.FromLeader(long link, QuorumPacket p) -> fromLeader(link, p);
            case Effect.Confirmed(long ticket) -> {
                if (desk != null) desk.confirmed(ticket);
            }
            case Effect.LearnerGone _ -> {} // its sessions come back by another way, or expire
            case Effect.Note(String text) -> out.note(text);
        }
    }

    private void activated(boolean leading) {
        if (leading) {
            SessionExpiry expiry = new SessionExpiry((int) (config.timing().tickNanos() / 1_000_000));
            desk = new LeaderDesk(committed, expiry, config.acl(), config.txnBytesMax(), now);
        }
        out.toAll(new Delivery.Serving(committed, false));
    }

    private void deactivated() {
        desk = null;
        attached.clear();
        opening.clear();
        touched.clear();
        syncs.clear();
        out.toAll(new Delivery.NotServing());
    }

    // The way of a transaction.

    private void commit(Proposal p) {
        TxnRecord record = parsed(p);
        Applied applied = desk == null ? committed.apply(record) : desk.committed(p.zxid());
        committed = applied.after();
        if (!peer.serving()) return; // history of before: nobody here waits for it
        TxnHeader h = record.header();
        out.toAll(new Delivery.Committed(
                h.zxid(), h.sessionId(), h.cxid(), h.type(), applied.outcome(), applied.changes(), committed));
        if (h.type() == OpCode.CREATE_SESSION) sessionCreated(h.sessionId());
        else if (h.type() == OpCode.CLOSE_SESSION) attached.remove(h.sessionId());
        if (desk != null) desk.answerUpTo(p.zxid());
    }

    /** A transaction that a quorum committed and we cannot read would be a hole in our history: the server must stop. */
    private static TxnRecord parsed(Proposal p) {
        try {
            return TxnRecord.parse(p.payload());
        } catch (WireException e) {
            throw new IllegalStateException("cannot read committed txn " + Zxid.toString(p.zxid()), e);
        }
    }

    private void propose(LeaderDesk leader, Origin origin, Write write) {
        if (!peer.broadcasting()) return;
        Proposal p = leader.prepare(write, origin, peer.nextZxid(), now);
        peer.propose(now.nanos(), p, this::carryOut);
    }

    private void submitted(Submission.Submit s) {
        Attachment by = new Attachment(s.loop(), s.connection());
        if (!by.equals(attached.get(s.sessionId()))) return; // the session lives on another connection now
        boolean sync = s.type() == OpCode.SYNC;
        if (desk == null) {
            if (sync) syncs.addLast(s);
            forward(s.sessionId(), s.cxid(), s.type(), s.body(), s.ids());
        } else if (sync) {
            desk.touch(s.sessionId(), now);
            sync(desk, () -> synced(s));
        } else {
            propose(desk, new Origin.Local(by), new Write(s.sessionId(), s.cxid(), s.type(), s.body(), s.ids()));
        }
    }

    /** Whoever reads after the answer sees all that anybody was told before the question. */
    private void sync(LeaderDesk leader, Runnable answer) {
        if (peer.broadcasting()) leader.sync(peer.confirm(this::carryOut), answer);
    }

    private void synced(Submission.Submit s) {
        out.toLoop(s.loop(), new Delivery.Synced(s.connection(), s.sessionId(), s.cxid()));
    }

    private void forward(long sessionId, int cxid, int type, byte[] body, List<Id> ids) {
        byte[] request = new ForwardedRequest(sessionId, cxid, type, body).toBytes();
        toLeader(new QuorumPacket(QuorumPacket.REQUEST, -1, request, ids));
    }

    private void toLeader(QuorumPacket p) {
        out.toPeers(new Effect.Send(peer.leaderLink(), p));
    }

    // Sessions.

    private void openSession(Submission.OpenSession open) {
        long id = sessionIds.next();
        Attachment at = new Attachment(open.loop(), open.connection());
        opening.put(id, at);
        byte[] body = timeoutBody(config.sessionTimeouts().negotiated(open.timeoutMillis()));
        if (desk == null) {
            forward(id, 0, OpCode.CREATE_SESSION, body, List.of());
        } else {
            propose(desk, new Origin.Local(at), new Write(id, 0, OpCode.CREATE_SESSION, body, List.of()));
        }
    }

    private static byte[] timeoutBody(int timeoutMillis) {
        Writer w = new Writer(4);
        w.writeInt(timeoutMillis);
        return w.toByteArray();
    }

    private void sessionCreated(long sessionId) {
        Attachment at = opening.remove(sessionId);
        if (at != null) opened(sessionId, at, committed.sessionTimeoutMillis(sessionId));
    }

    private void opened(long sessionId, Attachment at, int timeoutMillis) {
        attached.put(sessionId, at);
        out.toLoop(at.loop(), new Delivery.SessionOpened(at.connection(), sessionId, timeoutMillis));
    }

    private void detach(Attachment at, long sessionId) {
        out.toLoop(at.loop(), new Delivery.Detach(at.connection(), sessionId));
    }

    private void refused(Attachment at) {
        out.toLoop(at.loop(), new Delivery.SessionRefused(at.connection()));
    }

    private void reattach(Submission.Reattach r) {
        Attachment at = new Attachment(r.loop(), r.connection());
        Attachment old = attached.remove(r.sessionId()); // before anything is asked: what it still sends is too late
        if (old != null) detach(old, r.sessionId());
        if (desk == null) {
            Attachment before = opening.put(r.sessionId(), at);
            if (before != null) detach(before, r.sessionId()); // asked for twice at once: the later one wins
            byte[] ask =
                    new Revalidate(r.sessionId(), config.sessionTimeouts().negotiated(r.timeoutMillis())).toBytes();
            toLeader(new QuorumPacket(QuorumPacket.REVALIDATE, -1, ask, null));
            return;
        }
        int timeoutMillis = desk.claim(r.sessionId(), new Origin.Local(at), now);
        if (timeoutMillis < 0) refused(at);
        else desk.afterOutstanding(() -> opened(r.sessionId(), at, timeoutMillis));
    }

    private void touched(long[] sessionIds) {
        for (long id : sessionIds) {
            int timeoutMillis = committed.sessionTimeoutMillis(id);
            if (desk != null) desk.touch(id, now);
            else if (timeoutMillis >= 0) touched.put(id, timeoutMillis);
        }
    }

    private void expireSessions() {
        LeaderDesk leader = desk;
        if (leader == null) return;
        for (long id : leader.due(now)) {
            if (!peer.broadcasting()) return;
            out.note("session 0x" + Long.toHexString(id) + " expired");
            peer.propose(now.nanos(), leader.expire(id, peer.nextZxid(), now), this::carryOut);
        }
    }

    // What learners ask their leader.

    private void fromLearner(long link, QuorumPacket p) {
        LeaderDesk leader = desk;
        byte[] data = p.data();
        if (leader == null || data == null) return;
        switch (p.type()) {
            case QuorumPacket.REQUEST -> requested(leader, link, ForwardedRequest.parse(data), p);
            case QuorumPacket.REVALIDATE -> revalidate(leader, link, Revalidate.parse(data));
            default -> SessionTouch.parse(data).forEach(touch -> leader.touch(touch.sessionId(), now));
        }
    }

    private void requested(LeaderDesk leader, long link, ForwardedRequest r, QuorumPacket p) {
        List<Id> ids = p.authinfo() == null ? List.of() : p.authinfo();
        if (r.type() == OpCode.SYNC) {
            leader.touch(r.sessionId(), now); // clients reckon the life of their session from its answer
            QuorumPacket answer = new QuorumPacket(QuorumPacket.SYNC, 0, p.data(), null);
            sync(leader, () -> out.toPeers(new Effect.Send(link, answer)));
            return;
        }
        Origin origin = new Origin.Learner(link);
        propose(leader, origin, new Write(r.sessionId(), r.cxid(), r.type(), r.body(), ids));
    }

    private void revalidate(LeaderDesk leader, long link, Revalidate r) {
        boolean valid = leader.claim(r.sessionId(), new Origin.Learner(link), now) >= 0;
        byte[] answer = new Revalidated(r.sessionId(), valid).toBytes();
        QuorumPacket packet = new QuorumPacket(QuorumPacket.REVALIDATE, -1, answer, null);
        leader.afterOutstanding(() -> out.toPeers(new Effect.Send(link, packet)));
    }

    // What a leader tells its followers.

    private void fromLeader(long link, QuorumPacket p) {
        switch (p.type()) {
            case QuorumPacket.PING -> {
                List<SessionTouch> touches = new ArrayList<>(touched.size());
                touched.forEach((id, timeoutMillis) -> touches.add(new SessionTouch(id, timeoutMillis)));
                touched.clear();
                QuorumPacket answer =
                        new QuorumPacket(QuorumPacket.PING, p.zxid(), SessionTouch.toBytes(touches), p.authinfo());
                out.toPeers(new Effect.Send(link, answer));
            }
            case QuorumPacket.SYNC -> {
                Submission.Submit oldest = syncs.pollFirst();
                if (oldest != null) synced(oldest);
            }
            default -> {
                if (p.data() != null) revalidated(Revalidated.parse(p.data()));
            }
        }
    }

    private void revalidated(Revalidated r) {
        Attachment at = opening.remove(r.sessionId());
        if (at == null) return;
        int timeoutMillis = committed.sessionTimeoutMillis(r.sessionId());
        if (r.valid() && timeoutMillis >= 0) opened(r.sessionId(), at, timeoutMillis);
        else refused(at);
    }
}
