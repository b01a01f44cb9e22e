package dev.paddock.node.replica;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.members.Members;
import dev.paddock.node.replica.LeaderDesk.Prepared;
import dev.paddock.node.request.Ephemerals;
import dev.paddock.node.request.Standing;
import dev.paddock.node.request.Write;
import dev.paddock.node.session.SessionExpiry;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.Outcome;
import dev.paddock.node.zab.DiskRoom;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.ErrorCode;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server as a pure step function: what peers, disk, clock and clients bring goes in, what is to be done leaves
 * through {@link ReplicaOut}. Owned by the core thread.
 *
 * <p>A write travels: {@link Submission.Submit} → (forwarded to the leader) → prepared against the head → proposed →
 * forced by a quorum → {@link Effect.Commit} → applied → {@link Delivery.Committed}.
 */
public final class Replica {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int SID_SHIFT = 56; // of the server that gave a session its id

    private final ReplicaConfig config;
    private final SessionIds sessionIds;
    private final ReplicaOut out;
    private final Peer peer;
    private final Clients clients;
    private final FollowerDesk asked = new FollowerDesk(); // empty while we lead
    private final LocalSessions locals;
    private final ReadOnlyWait readOnlyWait;
    private final Set<Asked> refused = new HashSet<>(); // follower: ephemerals that our local sessions may not have

    private record Asked(long sessionId, int cxid) {}

    private final DigestAudit digests;
    private Database committed;
    private @Nullable LeaderDesk desk; // while we lead an established quorum
    private AwakeClock clock = new AwakeClock(new Now(0, 0)); // from start on
    private Now now = new Now(0, 0); // of the step under way
    private boolean readOnly; // serves reads, having no quorum
    private long expiredCount;
    private long revalidatedCount;
    private boolean leaderRefuses; // follower: changes, since no quorum has room for them
    private long roomRefusedCount;

    /**
     * @param digests what recovering the database has shown; owned by this from now on
     */
    public Replica(
            ReplicaConfig config,
            Durable durable,
            Database database,
            DigestAudit digests,
            SessionIds sessionIds,
            ReplicaOut out) {
        this.config = config;
        this.committed = database;
        this.digests = digests;
        this.sessionIds = sessionIds;
        this.locals = new LocalSessions((int) (config.timing().tickNanos() / NANOS_PER_MILLI));
        this.readOnlyWait = new ReadOnlyWait(config.timing().tickNanos());
        this.clients = new Clients(out);
        this.out = out;
        this.peer = new Peer(
                config.ensemble(),
                config.timing(),
                config.observing(),
                durable,
                config.zxidsPerEpoch(),
                config.commitLogCount(),
                config.commitLogBytes());
    }

    public void start(Now at) {
        clock = new AwakeClock(at);
        now = at;
        peer.start(now.nanos(), this::carryOut);
    }

    /** Takes what peers, disk or clock brought. */
    public void step(Now at, Input input) {
        now = clock.at(at);
        peer.step(now.nanos(), input, this::carryOut);
        watchRole();
        if (input instanceof Input.Tick) {
            expireSessions();
            sweep();
        }
    }

    /** A server that finds no leader for a while serves reads, where that is wanted. */
    private void watchRole() {
        if (!config.modes().readOnly()) return;
        boolean isLooking = peer.role() == Peer.Role.LOOKING;
        boolean isOver = readOnlyWait.isOver(isLooking, now);
        if (!isLooking) {
            stopReadOnly();
        } else if (isOver && !readOnly) {
            readOnly = true;
            out.note("serves reads only, without a quorum");
            out.toAll(new Delivery.Serving(committed, true));
        }
    }

    private void stopReadOnly() {
        if (!readOnly) return;
        readOnly = false;
        forgetClients();
        out.toAll(new Delivery.NotServing(true));
    }

    /** Whether clients are served here; a leader may have no time for them. */
    public boolean takesClients() {
        return readOnly || (peer.serving() && (desk == null || config.leaderServes()));
    }

    /** Whether this server has no quorum and serves reads to clients that agree to it. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Sessions that only this server knows. */
    public int localSessionCount() {
        return locals.size();
    }

    /** Takes what a client loop asks for; while nobody is served it is dropped, and the loop knows. */
    public void submit(Now at, Submission submission) {
        now = clock.at(at);
        if (!takesClients()) return;
        switch (submission) {
            case Submission.OpenSession open -> openSession(open);
            case Submission.Reattach reattach -> reattach(reattach);
            case Submission.Submit submit -> submitted(submit);
            case Submission.Touched(long[] sessionIds) -> touched(sessionIds);
            case Submission.Disconnected(int loop, long connection, long sessionId) ->
                clients.disconnected(sessionId, new Attachment(loop, connection));
        }
    }

    /**
     * Lets a follower lead that has caught up. What clients ask until then is dropped, as their connections are when this
     * server leads no longer.
     *
     * @return why not; empty if it has begun
     */
    public Optional<String> handOver(Now at) {
        now = clock.at(at);
        return peer.handOver(now.nanos(), this::carryOut);
    }

    /** The state up to the last transaction that this server knows to be committed. */
    public Database committed() {
        return committed;
    }

    /** How the digests of the tree compare with what others say; for the core thread. */
    public DigestAudit digests() {
        return digests;
    }

    public Peer peer() {
        return peer;
    }

    /** Requests proposed and not committed; 0 unless leading. */
    public int outstandingCount() {
        return desk == null ? 0 : desk.outstandingCount();
    }

    /** Sessions that this server let expire, since its start. */
    public long expiredCount() {
        return expiredCount;
    }

    /** Learners' clients that came back to their sessions, since the start. */
    public long revalidatedCount() {
        return revalidatedCount;
    }

    /** Syncs that wait for a quorum; 0 unless leading. */
    public int pendingSyncs() {
        return desk == null ? 0 : desk.pendingSyncs();
    }

    /** When sessions expire, to be looked at only; empty unless leading. */
    public Optional<SessionExpiry> sessionEnds() {
        return desk == null ? Optional.empty() : Optional.of(desk.expiry());
    }

    /** The disks of this server have room for more, or have none; told when that changes. */
    public void room(boolean isEnough) {
        peer.room(isEnough);
    }

    /** Whether changes are refused here, since the disks of a quorum have no room for them. */
    public boolean refusesChanges() {
        return leaderRefuses || peer.refuses();
    }

    /** Writes that were refused for lack of room on disks, since the start. */
    public long roomRefusedCount() {
        return roomRefusedCount;
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ToPeers e -> out.toPeers(e);
            case Effect.ToDisk e -> out.toDisk(e);
            case Effect.Commit(Proposal p) -> commit(p);
            case Effect.Reset(Database database) -> {
                stopReadOnly(); // its clients have seen what is no more
                committed = withMembers(database, peer.members());
                digests.replaced();
            }
            case Effect.Snapshot(long link) -> out.toPeers(new Effect.SendSnapshot(link, committed));
            case Effect.Activated a -> activated(a.leading());
            case Effect.Deactivated() -> deactivated();
            case Effect.FromLearner from -> fromLearner(from.link(), from.packet());
            case Effect.FromLeader(long link, QuorumPacket p) -> fromLeader(link, p);
            case Effect.MembersCommitted(Members members) -> {
                committed = withMembers(committed, members);
                out.toDisk(new Effect.SaveMembers(members));
            }
            case Effect.Confirmed(long ticket) -> {
                if (desk != null) desk.confirmed(ticket);
            }
            case Effect.LearnerGone(long link) -> asked.gone(link); // its sessions come back by another way, or expire
            case Effect.Note(String text) -> out.note(text);
        }
    }

    /** Where no transaction has written the members down, each server does. */
    private Database withMembers(Database database, Members members) {
        return database.withConfig(members.text(), members.version(), now.wallMillis());
    }

    private void activated(boolean leading) {
        stopReadOnly();
        digests.settled();
        if (leading) {
            int tickMillis = (int) (config.timing().tickNanos() / NANOS_PER_MILLI);
            desk = new LeaderDesk(
                    committed,
                    new SessionExpiry(tickMillis),
                    new SessionExpiry(tickMillis),
                    (int) (config.timing().syncNanos() / NANOS_PER_MILLI),
                    config.acl(),
                    new MembersJudge(config.ensemble(), peer),
                    config.sweep(),
                    config.txnBytesMax(),
                    out::overQuota,
                    now);
        }
        out.toAll(takesClients() ? new Delivery.Serving(committed, false) : new Delivery.NotServing(false));
    }

    private void deactivated() {
        desk = null;
        leaderRefuses = false;
        forgetClients();
        out.toAll(new Delivery.NotServing(true));
    }

    private void forgetClients() {
        clients.forgetAll();
        asked.forgetAll();
        locals.clear();
        refused.clear();
    }

    // The way of a transaction.

    private void commit(Proposal p) {
        Prepared txn = desk == null ? applied(parsed(p)) : desk.committed(p.zxid());
        Applied applied = txn.applied();
        committed = applied.after();
        digests.applied(txn.record(), committed).ifPresent(out::note);
        if (!peer.serving()) return; // history of before: nobody here waits for it
        TxnHeader h = txn.record().header();
        out.toAll(new Delivery.Committed(
                h.zxid(), h.sessionId(), h.cxid(), h.type(), outcome(h, applied), applied.changes(), committed));
        if (h.type() == OpCode.CREATE_SESSION) sessionCreated(h.sessionId());
        else if (h.type() == OpCode.CLOSE_SESSION) closed(h.sessionId());
        if (desk != null) desk.answerUpTo(p.zxid());
    }

    /** The leader does not know why a local session may not have an ephemeral. */
    private Outcome outcome(TxnHeader h, Applied applied) {
        boolean isOurs = !refused.isEmpty() && refused.remove(new Asked(h.sessionId(), h.cxid()));
        return isOurs && applied.outcome() instanceof Outcome.Failed
                ? new Outcome.Failed(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION.code())
                : applied.outcome();
    }

    private Prepared applied(TxnRecord record) {
        return new Prepared(record, committed.apply(record));
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
        Proposal p;
        try {
            p = leader.prepare(write, origin, peer.nextZxid(), now);
        } catch (WireException e) {
            malformed(leader, origin, write);
            return;
        }
        peer.propose(now.nanos(), p, this::carryOut);
    }

    /** No transaction comes of a malformed write, unless a learner waits for one. */
    private void malformed(LeaderDesk leader, Origin origin, Write write) {
        switch (origin) {
            case Origin.Local(Attachment by) -> {
                ErrorCode error = ErrorCode.MARSHALLING_ERROR;
                var answer = new Delivery.Refused(by.connection(), write.sessionId(), write.cxid(), error);
                leader.afterOutstanding(() -> out.toLoop(by.loop(), answer));
            }
            case Origin.Learner learner ->
                peer.propose(
                        now.nanos(),
                        leader.refused(write, ErrorCode.MARSHALLING_ERROR, peer.nextZxid(), now),
                        this::carryOut);
        }
    }

    private void submitted(Submission.Submit s) {
        Attachment by = new Attachment(s.loop(), s.connection());
        if (!clients.isServed(s.sessionId(), by)) return; // the session lives on another connection now
        boolean isLocal = locals.touch(s.sessionId(), now);
        if (isLocal && s.type() == OpCode.CLOSE_SESSION) {
            closeLocal(s);
            return;
        }
        if (readOnly) return; // asked before it was so
        if (refusesChanges() && takesRoom(s.type())) {
            refuseForRoom(s, by);
            return;
        }
        if (isLocal && Ephemerals.areCreatedBy(s.type(), s.body())) isLocal = !upgraded(s, by);
        boolean sync = s.type() == OpCode.SYNC;
        if (desk == null) {
            if (sync) asked.asks(new FollowerDesk.Sync.OfClient(s));
            forward(s.sessionId(), s.cxid(), s.type(), s.body(), s.ids());
        } else if (sync) {
            desk.touch(s.sessionId(), now);
            sync(desk, () -> synced(s));
        } else {
            Write write = new Write(s.sessionId(), s.cxid(), s.type(), s.body(), s.ids());
            propose(desk, new Origin.Local(by), isLocal ? write.as(Standing.LOCAL_HERE) : write);
        }
    }

    /** Sessions come and go on a full disk too, since reads need them and they are small. */
    private static boolean takesRoom(int type) {
        return type != OpCode.SYNC && type != OpCode.CREATE_SESSION && type != OpCode.CLOSE_SESSION;
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

    // Sessions that only this server knows.

    private void openLocal(long id, Attachment at, int timeoutMillis) {
        locals.open(id, timeoutMillis, now);
        clients.opened(id, at, timeoutMillis);
    }

    /** The answer waits behind what the session asked before; nobody else is told. */
    private void closeLocal(Submission.Submit s) {
        locals.remove(s.sessionId());
        clients.closed(s.sessionId());
        out.toLoop(s.loop(), new Delivery.Ended(s.connection(), s.sessionId(), s.cxid()));
    }

    /** Makes a local session global ahead of its first ephemeral, if that is allowed. */
    private boolean upgraded(Submission.Submit s, Attachment by) {
        if (!config.modes().upgradable()) {
            if (desk == null && s.type() != OpCode.MULTI) refused.add(new Asked(s.sessionId(), s.cxid()));
            return false;
        }
        createSession(s.sessionId(), by, locals.remove(s.sessionId()));
        return true;
    }

    private void createSession(long id, Attachment by, int timeoutMillis) {
        byte[] body = timeoutBody(timeoutMillis);
        if (desk == null) forward(id, 0, OpCode.CREATE_SESSION, body, List.of());
        else propose(desk, new Origin.Local(by), new Write(id, 0, OpCode.CREATE_SESSION, body, List.of()));
    }

    /** A client came back; it must not take the answer to a request of its old connection for one to its own. */
    private void reattachLocal(long id, Attachment at, int askedMillis) {
        int timeoutMillis = config.sessionTimeouts().negotiated(askedMillis);
        locals.open(id, timeoutMillis, now);
        if (readOnly) {
            clients.opened(id, at, timeoutMillis);
        } else if (desk != null) {
            desk.afterOutstanding(() -> reopened(id, at));
        } else { // the leader's answer comes behind all that we asked; that it does not know the session is no news
            askLeader(id, at, timeoutMillis);
        }
    }

    private void reopened(long id, Attachment at) {
        int timeoutMillis = locals.timeoutMillis(id);
        if (timeoutMillis < 0) clients.refused(at);
        else clients.opened(id, at, timeoutMillis);
    }

    private void expireLocals() {
        for (long id : locals.expire(now)) {
            out.note("local session 0x" + Long.toHexString(id) + " expired");
            Attachment at = clients.at(id);
            clients.closed(id);
            if (at != null) out.toLoop(at.loop(), new Delivery.Expired(at.connection(), id));
        }
    }

    /** What we know as the leader of a session that is not in the database. */
    private Standing standing(LeaderDesk leader, long sessionId) {
        if (leader.hasEnded(sessionId)) return Standing.GLOBAL;
        boolean isOfOthers = sessionId >>> SID_SHIFT != config.ensemble().self();
        return config.modes().local() && isOfOthers ? Standing.LOCAL_ELSEWHERE : Standing.GLOBAL;
    }

    // Sessions.

    private void openSession(Submission.OpenSession open) {
        long id = sessionIds.next();
        Attachment at = new Attachment(open.loop(), open.connection());
        int timeoutMillis = config.sessionTimeouts().negotiated(open.timeoutMillis());
        if (config.modes().local() || readOnly) {
            openLocal(id, at, timeoutMillis);
            return;
        }
        clients.creates(id, at);
        createSession(id, at, timeoutMillis);
    }

    private static byte[] timeoutBody(int timeoutMillis) {
        Writer w = new Writer(4);
        w.writeInt(timeoutMillis);
        return w.toByteArray();
    }

    private void sessionCreated(long sessionId) {
        locals.remove(sessionId);
        Attachment at =
                clients.created(sessionId); // not one that came back: the leader still has to let it go elsewhere
        if (at != null) clients.opened(sessionId, at, committed.sessionTimeoutMillis(sessionId));
    }

    private void closed(long sessionId) {
        clients.closed(sessionId);
        asked.closed(sessionId);
    }

    private void reattach(Submission.Reattach r) {
        Attachment at = new Attachment(r.loop(), r.connection());
        clients.leavesOld(r.sessionId()); // before anything is asked
        if (locals.has(r.sessionId())) {
            reattachLocal(r.sessionId(), at, r.timeoutMillis());
            return;
        }
        if (readOnly) {
            clients.refused(at);
            return;
        }
        if (desk == null) {
            askLeader(r.sessionId(), at, config.sessionTimeouts().negotiated(r.timeoutMillis()));
            return;
        }
        int timeoutMillis = config.sessionTimeouts().negotiated(r.timeoutMillis());
        boolean lives = desk.claim(r.sessionId(), timeoutMillis, new Origin.Local(at), now);
        if (lives) desk.afterOutstanding(() -> clients.opened(r.sessionId(), at, timeoutMillis));
        else clients.refused(at);
    }

    private void askLeader(long id, Attachment at, int timeoutMillis) {
        clients.returns(id, at, timeoutMillis);
        asked.returnsHere(id);
        toLeader(new QuorumPacket(QuorumPacket.REVALIDATE, -1, new Revalidate(id, timeoutMillis).toBytes(), null));
    }

    /** -1 for a session that is not in the state. */
    private int timeoutMillis(long sessionId) {
        int timeoutMillis = committed.sessionTimeoutMillis(sessionId);
        return timeoutMillis < 0 ? -1 : clients.timeoutMillis(sessionId, timeoutMillis);
    }

    private void touched(long[] sessionIds) {
        for (long id : sessionIds) {
            if (locals.touch(id, now)) continue;
            int timeoutMillis = timeoutMillis(id);
            if (desk != null) desk.touch(id, now);
            else if (timeoutMillis >= 0) asked.touched(id, timeoutMillis);
        }
    }

    private void expireSessions() {
        expireLocals();
        LeaderDesk leader = desk;
        if (leader == null) return;
        for (long id : leader.due(now)) {
            if (!peer.broadcasting()) return;
            expiredCount++;
            out.note("session 0x" + Long.toHexString(id) + " expired");
            peer.propose(now.nanos(), leader.expire(id, peer.nextZxid(), now), this::carryOut);
        }
    }

    private void sweep() {
        LeaderDesk leader = desk;
        if (leader == null || peer.refuses()) return;
        leader.sweep(now);
        for (String path = ""; path != null && peer.broadcasting(); ) {
            path = leader.unused(now);
            if (path != null) peer.propose(now.nanos(), leader.delete(path, peer.nextZxid(), now), this::carryOut);
        }
    }

    // What learners ask their leader.

    private void fromLearner(long link, QuorumPacket p) {
        LeaderDesk leader = desk;
        byte[] data = p.data();
        if (data == null) return;
        if (leader == null) {
            if (peer.servesObservers()) fromObserver(link, p, data);
            return;
        }
        switch (p.type()) {
            case QuorumPacket.REQUEST -> requested(leader, link, ForwardedRequest.parse(data), p);
            case QuorumPacket.REVALIDATE -> revalidate(leader, link, Revalidate.parse(data));
            default ->
                SessionTouch.parse(data).forEach(touch -> leader.touch(touch.sessionId(), touch.timeoutMillis(), now));
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
        Write write = new Write(r.sessionId(), r.cxid(), r.type(), r.body(), ids);
        if (peer.refuses() && takesRoom(r.type())) {
            refuseForRoom(leader, write);
            return;
        }
        propose(leader, origin, write.as(standing(leader, r.sessionId())));
    }

    /** As an observer's master we pass it on; the leader takes its clients for ours. */
    private void fromObserver(long link, QuorumPacket p, byte[] data) {
        switch (p.type()) {
            case QuorumPacket.REQUEST -> passOn(link, ForwardedRequest.parse(data), p);
            case QuorumPacket.REVALIDATE -> {
                Revalidate r = Revalidate.parse(data);
                clients.leaves(r.sessionId());
                asked.returnsThrough(r.sessionId(), link);
                toLeader(p);
            }
            default ->
                SessionTouch.parse(data).forEach(touch -> {
                    boolean isKnown = committed.sessionTimeoutMillis(touch.sessionId()) >= 0;
                    if (isKnown) asked.touched(touch.sessionId(), touch.timeoutMillis());
                });
        }
    }

    /** Nobody waits for what is dropped here: the client has left the observer. */
    private void passOn(long link, ForwardedRequest r, QuorumPacket p) {
        boolean isSync = r.type() == OpCode.SYNC;
        if (isSync) asked.asks(new FollowerDesk.Sync.OfObserver(link));
        else if (asked.hasLeft(r.sessionId(), link)) return;
        if (r.type() == OpCode.CREATE_SESSION) asked.opensThrough(r.sessionId(), link);
        toLeader(p);
    }

    private void refuseForRoom(Submission.Submit s, Attachment by) {
        roomRefusedCount++;
        if (desk != null) desk.touch(s.sessionId(), now);
        var answer = new Delivery.Refused(by.connection(), s.sessionId(), s.cxid(), ErrorCode.SYSTEM_ERROR);
        out.toLoop(by.loop(), answer);
    }

    /** A learner that has not heard that we refuse, or cannot: only a transaction answers it, the smallest there is. */
    private void refuseForRoom(LeaderDesk leader, Write write) {
        if (!peer.broadcasting()) return;
        roomRefusedCount++;
        Proposal p = leader.refused(write, ErrorCode.SYSTEM_ERROR, peer.nextZxid(), now);
        peer.propose(now.nanos(), p, this::carryOut);
    }

    private void revalidate(LeaderDesk leader, long link, Revalidate r) {
        revalidatedCount++;
        boolean valid = leader.claim(r.sessionId(), r.timeoutMillis(), new Origin.Learner(link), now);
        Attachment left = valid ? clients.at(r.sessionId()) : null;
        if (left != null) out.toLoop(left.loop(), new Delivery.Moved(left.connection(), r.sessionId()));
        byte[] answer = new Revalidated(r.sessionId(), valid).toBytes();
        QuorumPacket packet = new QuorumPacket(QuorumPacket.REVALIDATE, -1, answer, null);
        leader.afterOutstanding(() -> out.toPeers(new Effect.Send(link, packet)));
    }

    // What a leader tells its followers.

    private void fromLeader(long link, QuorumPacket p) {
        switch (p.type()) {
            case QuorumPacket.PING -> {
                leaderRefuses = DiskRoom.refuses(p);
                byte[] touches = SessionTouch.toBytes(asked.takeTouches());
                List<Id> said = peer.isShort() ? DiskRoom.SHORT : null;
                QuorumPacket answer = new QuorumPacket(QuorumPacket.PING, p.zxid(), touches, said);
                out.toPeers(new Effect.Send(link, answer));
            }
            case QuorumPacket.SYNC -> {
                switch (asked.synced()) {
                    case FollowerDesk.Sync.OfClient(Submission.Submit s) -> synced(s);
                    case FollowerDesk.Sync.OfObserver(long asker) -> out.toPeers(new Effect.Send(asker, p));
                    case null -> {}
                }
            }
            default -> {
                if (p.data() != null) revalidated(p, Revalidated.parse(p.data()));
            }
        }
    }

    private void revalidated(QuorumPacket p, Revalidated r) {
        long asker = asked.answered(r.sessionId());
        if (asker >= 0) {
            out.toPeers(new Effect.Send(asker, p));
            return;
        }
        Attachment at = clients.returned(r.sessionId());
        if (at == null) return;
        if (locals.has(r.sessionId())) {
            reopened(r.sessionId(), at);
            return;
        }
        int timeoutMillis = timeoutMillis(r.sessionId());
        if (r.valid() && timeoutMillis >= 0) clients.opened(r.sessionId(), at, timeoutMillis);
        else clients.refused(at);
    }
}
