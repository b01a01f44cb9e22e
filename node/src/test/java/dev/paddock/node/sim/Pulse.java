package dev.paddock.node.sim;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.QuorumPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pings of clients, and which of them the newest leader is known to have heard of. Its own client loops tell it at their next
 * tick; a follower's tell the follower, which tells the leader with its next answer to a ping of the leader's. What reaches a
 * leader that somebody has replaced proves nothing, nor does what a server was told of that has since lost its leader.
 */
final class Pulse {
    private static final long NO_LINK = -1;

    /**
     * One, as it was sent.
     *
     * @param incarnation of the server
     * @param link        from the server to its leader; -1 if it follows none
     */
    record Ping(SimClient client, long sessionId, long askedNanos, SimServer server, int incarnation, long link) {}

    /** What goes to the leader over one link, and who sends it. */
    private static final class Told {
        final long sid;
        final Deque<List<Ping>> sent = new ArrayDeque<>(); // one list for each answer on its way
        List<Ping> known = new ArrayList<>(); // by the follower, since its last answer

        Told(long sid) {
            this.sid = sid;
        }
    }

    private final Simulation sim;
    private final Map<Long, Told> links = new HashMap<>();

    Pulse(Simulation sim) {
        this.sim = sim;
    }

    private static long link(SimServer server) {
        boolean isTold = server.isServing() && server.role() == Peer.Role.FOLLOWING;
        return isTold ? server.replica().peer().leaderLink() : NO_LINK;
    }

    /** A client pings its server. */
    static Ping sent(SimClient client, SimServer server, long nowNanos) {
        return new Ping(client, client.sessionId(), nowNanos, server, server.incarnation(), link(server));
    }

    /** The client has the answer to it. */
    void answered(Ping ping) {
        SimServer server = ping.server();
        if (server.isUp() && server.incarnation() == ping.incarnation()) server.afterTouches(() -> known(ping));
    }

    private void known(Ping ping) {
        SimServer server = ping.server();
        if (isNewestLeader(server)) heard(ping, "pings that the newest leader is known to have heard itself");
        else if (ping.link() != NO_LINK && ping.link() == link(server))
            links.computeIfAbsent(ping.link(), _ -> new Told(server.sid)).known.add(ping);
    }

    private boolean isNewestLeader(SimServer server) {
        return server.isLeading() && server.replica().peer().epoch() == sim.oracle.newestEpoch();
    }

    private void heard(Ping ping, String how) {
        sim.tally.count(how);
        ping.client().heardOf(ping.sessionId(), ping.askedNanos());
    }

    /** A server sends a packet to another. */
    void sends(SimServer from, Effect.ToPeers effect) {
        if (!(effect instanceof Effect.Send(long link, QuorumPacket p)) || p.type() != QuorumPacket.PING) return;
        if (link(from) != link) return;
        Told told = links.computeIfAbsent(link, _ -> new Told(from.sid));
        told.sent.addLast(told.known);
        told.known = new ArrayList<>();
    }

    /** A ping, or the answer to one, is taken from a link. */
    void arrives(SimServer to, long link) {
        Told told = links.get(link);
        if (told == null || told.sid == to.sid || told.sent.isEmpty()) return;
        List<Ping> pings = told.sent.removeFirst();
        if (!isNewestLeader(to)) return;
        pings.forEach(ping -> heard(ping, "pings that the newest leader is known to have heard from a follower"));
    }
}
