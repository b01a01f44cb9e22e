package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.session.SessionIds;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks the wire and keeps a session: it reconnects, pings, and checks what every client may rely on.
 * Answers come in the order of the requests, and no answer shows an older state than one before it, wherever the client
 * is connected.
 */
final class SimClient {
    private static final long RETRY_NANOS = 30_000_000;
    private static final int EVENT_XID = -1;
    private static final int PING_XID = -2;
    private static final int SET_WATCHES_XID = -8;

    /** A request on its way. */
    static final class Call {
        final int xid;
        final Request request;
        final long knownZxid; // newest that any client had been told of when this was asked
        final long askedNanos;
        private final Consumer<Answered> then;

        private Call(int xid, Request request, long knownZxid, long askedNanos, Consumer<Answered> then) {
            this.xid = xid;
            this.request = request;
            this.knownZxid = knownZxid;
            this.askedNanos = askedNanos;
            this.then = then;
        }
    }

    /**
     * An answer.
     *
     * @param body null if there is an error
     */
    record Answered(
            Request request, long zxid, int error, @Nullable Response body) {
        /** Whether the server refused it without asking anybody: it has no quorum, or no room on its disk. */
        boolean isWithoutTxn() {
            return error == ErrorCode.NOT_READ_ONLY.code() || error == ErrorCode.SYSTEM_ERROR.code();
        }
    }

    final Watched watched;
    final int number;
    int timeoutMillis = 2_000;
    boolean readOnly; // content with a server that has no quorum
    boolean isServedReadOnly;
    int sessionsLost;
    int agreedMillis; // the timeout of the session
    long provenNanos; // when the newest thing was asked of which a leader is known to have heard

    /** Told when a session is open on a new connection. */
    Runnable opened = () -> {};

    /** Where to connect next. */
    long nextServer = -1;

    final SplittableRandom random;
    private final Simulation sim;
    private final Deque<Call> calls = new ArrayDeque<>(); // unanswered, in the order asked
    private final Deque<Pulse.Ping> pings = new ArrayDeque<>(); // likewise
    private SimLoop.@Nullable Line line;
    private @Nullable SimServer servedBy; // of the connection before, as long as the session lasts
    private long sessionId;
    private boolean open;
    private boolean stopped;
    private int nextXid = 1;
    private long seenZxid;
    private long heardNanos;
    private long heardOfNanos; // when the newest ping was sent of which the newest leader is known to have heard
    private long awayUntilNanos;
    private long connectingNanos;
    private @Nullable SimServer connectingTo;

    SimClient(Simulation sim, int number) {
        this.sim = sim;
        this.random = sim.random.split();
        this.number = number;
        this.watched = new Watched(sim, this);
        sim.after(RETRY_NANOS, this::connect);
        sim.after(pingNanos(), this::ping);
    }

    boolean isOpen() {
        return open;
    }

    long sessionId() {
        return sessionId;
    }

    /** No new requests; what is under way is answered. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Gone without a word: no more pings. */
    void die() {
        stopped = true;
        hangUp();
    }

    int outstanding() {
        return calls.size();
    }

    boolean asksToClose() {
        return calls.stream().anyMatch(call -> call.request instanceof Request.CloseSession);
    }

    private void connect() {
        if (line != null || stopped || sim.nowNanos < awayUntilNanos) return;
        SimServer server = sim.server(nextServer > 0 ? nextServer : anySid());
        if (!server.takesClients()) {
            sim.after(RETRY_NANOS, this::connect);
            return;
        }
        connectingTo = server;
        line = server.loops.get(random.nextInt(server.loops.size())).connect(this);
        heardNanos = sim.nowNanos;
        connectingNanos = sim.nowNanos;
        Writer w = new Writer(64);
        byte[] password = sessionId == 0 ? new byte[SessionIds.PASSWORD_BYTES] : SessionIds.password(sessionId);
        long told = sim.ignoresSeenZxid ? 0 : seenZxid;
        new ConnectRequest(0, told, timeoutMillis, sessionId, password, Optional.of(readOnly)).write(w);
        line.frame(w.toByteArray());
    }

    private long anySid() {
        return sim.servers.get(random.nextInt(sim.servers.size())).sid;
    }

    private long pingNanos() {
        return timeoutMillis * 1_000_000L / 4;
    }

    private void ping() {
        if (line != null && sim.nowNanos - heardNanos > 2 * pingNanos()) hangUp();
        if (line != null && open) sendPing();
        if (!stopped || open) sim.after(pingNanos(), this::ping);
    }

    private void sendPing() {
        if (connectingTo != null) pings.addLast(Pulse.sent(this, connectingTo, sim.nowNanos));
        send(PING_XID, OpCode.PING, new Request.Ping());
    }

    /** The newest leader has heard of a ping of this session that was sent then. */
    void heardOf(long session, long askedNanos) {
        if (session == sessionId) heardOfNanos = Math.max(heardOfNanos, askedNanos);
    }

    /** When that was sent; or, if there is none yet, when the session was asked for. */
    long heardOfNanos() {
        return heardOfNanos;
    }

    /** Leaves the server without a word. */
    void hangUp() {
        if (line == null) return;
        line.hangUp();
        disconnected();
    }

    /** Leaves the server without a word, and comes back later, whatever has become of its session. */
    void goAway(long nanos) {
        hangUp();
        awayUntilNanos = sim.nowNanos + nanos;
        sim.after(nanos, this::connect);
    }

    private void disconnected() {
        line = null;
        open = false;
        if (asksToClose()) sessionId = 0;
        calls.clear(); // their outcome is unknown
        pings.clear();
        sim.after(RETRY_NANOS, this::connect);
    }

    /** The server closed the connection. */
    void closed(SimLoop.Line by) {
        if (by == line) disconnected();
    }

    /** Asks; {@code then} runs on the answer, never if the connection is lost first. */
    void ask(Request request, Consumer<Answered> then) {
        Call call = new Call(nextXid++, request, sim.oracle.acknowledged(), sim.nowNanos, then);
        calls.addLast(call);
        sim.oracle.asked(sessionId, call);
        send(call.xid, request.opCode(), request);
    }

    private void send(int xid, int type, Request request) {
        SimLoop.Line to = line;
        if (to == null) throw new IllegalStateException("client " + number + " is not connected");
        Writer w = new Writer(64);
        new RequestHeader(xid, type).write(w);
        request.write(w);
        to.frame(w.toByteArray());
    }

    /** Whole frames arrive. */
    void received(SimLoop.Line by, byte[] bytes) {
        if (by != line) return;
        heardNanos = sim.nowNanos;
        int at = 0;
        while (at < bytes.length && by == line) {
            int length = new Reader(bytes, at, at + 4).readInt("length");
            Reader frame = new Reader(bytes, at + 4, at + 4 + length);
            if (open) answer(frame);
            else connected(ConnectResponse.read(frame));
            at += 4 + length;
        }
    }

    private void connected(ConnectResponse response) {
        if (response.timeoutMillis() == 0) {
            lost();
            return;
        }
        assertThat(response.sessionId())
                .as("%s: session of client %d", sim, number)
                .matches(id -> sessionId == 0 || id == sessionId);
        isServedReadOnly = response.readOnly().orElse(false);
        open = true;
        agreedMillis = response.timeoutMillis();
        if (sessionId != 0 && servedBy != connectingTo) sim.tally.count("sessions that moved to another server");
        servedBy = connectingTo;
        if (sessionId == 0) begun();
        else if (!watched.isEmpty()) restoreWatches();
        sessionId = response.sessionId();
        opened.run();
    }

    private void restoreWatches() {
        watched.restoring();
        send(SET_WATCHES_XID, OpCode.SET_WATCHES, watched.since(seenZxid));
    }

    private void begun() {
        watched.clear(); // they went with the session before
        provenNanos = connectingNanos;
        heardOfNanos = connectingNanos;
    }

    /** The session is over; the next connection asks for a new one. */
    private void lost() {
        sessionsLost++;
        sim.tally.count("sessions that ended while their clients were away");
        sessionId = 0;
        hangUp();
    }

    private void answer(Reader frame) {
        ReplyHeader header = ReplyHeader.read(frame);
        if (header.xid() == EVENT_XID) {
            watched.fired(WatcherEvent.read(frame));
            return;
        }
        assertThat(header.zxid())
                .as("%s: client %d sees an older state than it saw: %s", sim, number, header)
                .isGreaterThanOrEqualTo(seenZxid);
        seenZxid = header.zxid();
        if (header.xid() == SET_WATCHES_XID) watched.restored(header.zxid());
        watched.nothingMissed(header.zxid());
        if (header.xid() == PING_XID) sim.pulse.answered(pings.removeFirst());
        if (header.xid() == PING_XID || header.xid() == SET_WATCHES_XID) return;
        Call call = calls.pollFirst();
        if (call == null || call.xid != header.xid()) {
            throw new AssertionError(sim + ": client " + number + " got an answer out of order: " + header);
        }
        Response body = header.err() == 0 ? Response.read(call.request.opCode(), frame) : null;
        answered(call, new Answered(call.request, header.zxid(), header.err(), body));
    }

    private void answered(Call call, Answered answered) {
        sim.tally.count("operations answered");
        if (answered.error() == ErrorCode.SYSTEM_ERROR.code()) sim.tally.count("writes refused for want of room");
        sim.oracle.answered(this, call, answered);
        if (!isRead(call.request) && !answered.isWithoutTxn()) provenNanos = call.askedNanos;
        if (call.request instanceof Request.Sync) {
            assertThat(answered.zxid())
                    .as("%s: a sync of client %d misses what was acknowledged before it", sim, number)
                    .isGreaterThanOrEqualTo(call.knownZxid);
        }
        if (call.request instanceof Request.CloseSession) sessionId = 0;
        call.then.accept(answered);
    }

    private static boolean isRead(Request request) {
        return request instanceof Request.ReadOp || request instanceof Request.Exists;
    }
}
