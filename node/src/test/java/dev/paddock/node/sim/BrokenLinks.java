package dev.paddock.node.sim;

import dev.paddock.node.front.Submission;
import dev.paddock.node.zab.Effect;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** More servers that say what is not so, after failures that such systems really had. */
final class BrokenLinks {
    private static final Effect.ToPeers NOTHING = new Effect.Reachable(Collections.emptySortedMap());

    private BrokenLinks() {}

    private static boolean isHistory(QuorumPacket p) {
        return p.type() == QuorumPacket.PROPOSAL || p.type() == QuorumPacket.COMMIT;
    }

    /** A leader does not pass on the end of epochs before its own: its log in memory has a hole (M10). */
    static SimNetwork.Tamper passingOnAHole(Simulation sim) {
        return (from, effect) -> effect instanceof Effect.Send(long link, QuorumPacket p)
                        && isHistory(p)
                        && Zxid.epoch(p.zxid())
                                < sim.server(from).replica().peer().epoch()
                ? NOTHING
                : effect;
    }

    /** A leader cuts a follower's log by one record more than it must (M37). */
    static SimNetwork.Tamper cuttingTooMuch(Simulation sim) {
        return (from, effect) -> effect instanceof Effect.Send(long link, QuorumPacket p)
                        && p.type() == QuorumPacket.TRUNC
                        && Zxid.counter(p.zxid()) > 1
                ? new Effect.Send(link, new QuorumPacket(QuorumPacket.TRUNC, p.zxid() - 1, null, null))
                : effect;
    }

    /** A server takes the last thing that it was sent for something that it holds (M15). */
    static SimNetwork.Tamper tellingOneMore() {
        return (from, effect) -> effect instanceof Effect.Send(long link, QuorumPacket p)
                        && p.type() == QuorumPacket.ACKEPOCH
                        && Zxid.counter(p.zxid()) > 1
                ? new Effect.Send(link, new QuorumPacket(p.type(), p.zxid() + 1, p.data(), null))
                : effect;
    }

    /** What a client asks for is sent to the leader twice. */
    static SimNetwork.Tamper askingTwice(Simulation sim) {
        return (from, effect) -> {
            if (effect instanceof Effect.Send(long link, QuorumPacket p)
                    && p.type() == QuorumPacket.REQUEST
                    && sim.random.nextInt(20) == 0) {
                sim.after(1, () -> sim.network.repeat(from, new Effect.Send(link, p)));
            }
            return effect;
        };
    }

    /**
     * A request that is still under way when its client goes to another server is taken from there, behind what the client
     * asks for next: as if the leader did not look where a session is.
     */
    static SimNetwork.Tamper takingWhatComesLate(Simulation sim) {
        Map<Long, Late> late = new HashMap<>(); // by session; looked up, never iterated
        return (from, effect) -> {
            if (!(effect instanceof Effect.Send(long link, QuorumPacket p)) || p.type() != QuorumPacket.REQUEST) {
                return effect;
            }
            ByteBuffer request = ByteBuffer.wrap(p.data());
            long session = request.getLong();
            if (request.getInt(Long.BYTES + Integer.BYTES) != OpCode.CREATE) return effect;
            Late earlier = late.remove(session);
            if (earlier != null && earlier.from() != from) {
                sim.after(1, () -> sim.network.repeat(from, new Effect.Send(link, earlier.request())));
            }
            if (earlier != null || sim.random.nextInt(20) > 0) return effect;
            late.put(session, new Late(from, p));
            sim.clients.stream()
                    .filter(client -> client.sessionId() == session)
                    .forEach(client -> sim.after(1, client::hangUp));
            return NOTHING;
        };
    }

    private record Late(long from, QuorumPacket request) {}

    /** A follower that is brought up to date does not hear that a session ended (M15). */
    static SimNetwork.Tamper forgettingTheEndOfSessions(Simulation sim) {
        return (from, effect) -> {
            if (effect instanceof Effect.Send(long link, QuorumPacket p)
                    && p.type() == QuorumPacket.PROPOSAL
                    && Zxid.epoch(p.zxid()) < sim.server(from).replica().peer().epoch()) {
                TxnHeader header = TxnRecord.parse(p.data()).header();
                if (header.type() != OpCode.CLOSE_SESSION) return effect;
                Txn.Error nothing = new Txn.Error(0);
                TxnHeader empty = new TxnHeader(
                        header.sessionId(), header.cxid(), header.zxid(), header.timeMillis(), nothing.type());
                byte[] kept = new TxnRecord(empty, nothing).toBytes();
                return new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), kept, null));
            }
            return effect;
        };
    }

    /** A follower passes on to its observers what is not committed yet. */
    static SimNetwork.Tap tellingObserversOfProposals(Simulation sim) {
        return (from, to, packet, arrival) -> {
            arrival.run();
            SimServer master = sim.server(to);
            boolean isProposed = packet.type() == QuorumPacket.PROPOSAL && master.isServing();
            if (!isProposed || !master.replica().peer().servesObservers()) return true;
            QuorumPacket inform = new QuorumPacket(QuorumPacket.INFORM, packet.zxid(), packet.data(), null);
            for (long link : master.replica().peer().observerLinks().values())
                sim.network.send(to, new Effect.Send(link, inform));
            return true;
        };
    }

    /** A follower keeps to itself which sessions it has heard of by pings. */
    static SimNetwork.Tamper keepingPingsBack() {
        return (from, effect) -> {
            boolean tells = effect instanceof Effect.Send(long _, QuorumPacket p)
                    && p.type() == QuorumPacket.PING
                    && p.data() != null;
            if (!tells || !(effect instanceof Effect.Send(long link, QuorumPacket p))) return effect;
            return new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), new byte[0], p.authinfo()));
        };
    }

    /** Servers tell of sessions as heard from that nobody keeps: none ever ends. */
    static void keepingSessionsForEver(Simulation sim) {
        sim.after(Simulation.SECOND / 2, () -> {
            for (SimServer server : sim.servers) {
                if (!server.isServing()) continue;
                List<Long> ids = new ArrayList<>();
                server.replica().committed().forEachSession((id, timeoutMillis) -> ids.add(id));
                server.submit(
                        new Submission.Touched(ids.stream().mapToLong(id -> id).toArray()));
            }
            keepingSessionsForEver(sim);
        });
    }
}
