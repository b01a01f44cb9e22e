package dev.paddock.node.front;

import dev.paddock.node.front.Connection.Phase;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Extensions;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * From a connection to a session, as {@code ZooKeeperServer.processConnectRequest} of Apache ZooKeeper 3.9 decides it: a
 * client that has seen more than we have is closed without a word, one whose session is gone is told so with zeros. Other
 * than there, only who knows the password of a session can take it from its old connection, and whoever comes while this server looks
 * for a leader is not closed at once.
 */
final class Handshake {
    /** Clients that are closed wait for up to a second before they try again, and longer where all servers closed them. */
    private static final long HOLD_NANOS = 1_000_000_000L;

    private static final int HELD_BYTES_MAX = 256; // of a first frame; one is some fifty

    private final ClientLoop loop;

    /** Those that came while there was no leader, in that order. */
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private boolean isBrief = true; // the time without a leader

    private record Held(Connection connection, byte[] frame, long sinceNanos) {}

    Handshake(ClientLoop loop) {
        this.loop = loop;
    }

    /** Handles the first frame. */
    void connect(Connection c, byte[] buf, int from, int to) {
        loop.meter.tallies.count(Tally.CONNECTION_REQUESTS);
        if (loop.view != null) decide(c, buf, from, to);
        else if (isBrief && to - from <= HELD_BYTES_MAX) {
            c.phase = Phase.HELD;
            held.addLast(new Held(c, Arrays.copyOfRange(buf, from, to), loop.nowNanos));
        } else loop.close(c, CloseReason.NOT_SERVING);
    }

    /** There is a leader. */
    void serving() {
        List<Held> all = List.copyOf(held);
        held.clear();
        for (Held each : all) {
            if (each.connection().phase == Phase.HELD) {
                decide(each.connection(), each.frame(), 0, each.frame().length);
            }
        }
    }

    /** There is none, for a moment or for good. */
    void notServing(boolean briefly) {
        isBrief = briefly;
    }

    /** Time has passed: who has waited long enough may find another server. */
    void tick() {
        while (!held.isEmpty() && loop.nowNanos - held.getFirst().sinceNanos() >= HOLD_NANOS) {
            Connection c = held.removeFirst().connection();
            if (c.phase == Phase.HELD) loop.close(c, CloseReason.NOT_SERVING);
        }
    }

    private void decide(Connection c, byte[] buf, int from, int to) {
        Database view = loop.view();
        ConnectRequest request;
        try {
            request = ConnectRequest.read(new Reader(buf, from, to));
        } catch (WireException e) {
            loop.close(c, CloseReason.MALFORMED);
            return;
        }
        c.handshakeNanos = loop.nowNanos;
        c.comesBack = request.sessionId() != 0;
        c.readOnly = request.readOnly();
        c.protocolVersion = Extensions.agreed(request.protocolVersion());
        if (!loop.load.admits(request.sessionId() != 0, loop.nowNanos)) {
            loop.close(c, CloseReason.TOO_MANY_SESSIONS);
            return;
        }
        loop.meter.tokenDeficit.add(loop.load.tokenDeficit());
        if (loop.readOnly && !request.readOnly().orElse(false)) {
            loop.close(c, CloseReason.NOT_READ_ONLY_CLIENT);
        } else if (request.lastZxidSeen() > view.lastZxid()) {
            loop.close(c, CloseReason.CLIENT_AHEAD);
        } else if (loop.readOnly && view.sessionTimeoutMillis(request.sessionId()) >= 0) {
            loop.close(c, CloseReason.NOT_SERVING); // a session of the quorum's, which may have ended since
        } else if (request.sessionId() == 0) {
            c.phase = Phase.OPENING;
            loop.core.accept(new Submission.OpenSession(loop.index, c.id, request.timeoutMillis()));
        } else if (SessionIds.isPassword(request.sessionId(), request.password())) {
            loop.meter.tallies.count(Tally.RENEWALS);
            c.phase = Phase.OPENING;
            loop.core.accept(new Submission.Reattach(loop.index, c.id, request.sessionId(), request.timeoutMillis()));
        } else {
            refused(c);
        }
    }

    /** The core has opened the session. */
    void opened(long connection, long sessionId, int timeoutMillis) {
        Connection c = loop.connections.get(connection);
        if (c == null) { // gone meanwhile
            loop.core.accept(new Submission.Disconnected(loop.index, connection, sessionId));
            return;
        }
        Connection old = loop.sessions.get(sessionId);
        if (old != null) {
            loop.close(old, CloseReason.SESSION_MOVED);
        }
        c.phase = Phase.OPEN;
        c.sessionId = sessionId;
        c.timeoutMillis = timeoutMillis;
        loop.sessions.put(sessionId, c);
        respond(c, sessionId, timeoutMillis, SessionIds.password(sessionId));
        if (c.comesBack) loop.sent(c);
        else loop.opened(c, loop.view().sessionTimeoutMillis(sessionId) >= 0); // a local session is no transaction
        loop.resumeIfRoom(c);
    }

    /** There is no such session: the client may ask for a new one on another connection. */
    void refused(Connection c) {
        respond(c, 0, 0, new byte[SessionIds.PASSWORD_BYTES]);
        loop.sent(c);
        loop.close(c, CloseReason.SESSION_REFUSED);
    }

    private void respond(Connection c, long sessionId, int timeoutMillis, byte[] password) {
        Writer out = loop.out(c);
        int start = out.length();
        out.writeInt(0);
        new ConnectResponse(
                        c.protocolVersion, timeoutMillis, sessionId, password, c.readOnly.map(asked -> loop.readOnly))
                .write(out);
        out.setInt(start, out.length() - start - 4);
    }
}
