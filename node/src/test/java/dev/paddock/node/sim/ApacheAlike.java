package dev.paddock.node.sim;

import dev.paddock.node.log.SnapshotDecoder;
import dev.paddock.node.log.SnapshotEncoder;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.zab.Effect;
import dev.paddock.wire.LeaderInfo;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Servers that say of themselves what Apache's say, and no more, as a server of an earlier version would: a protocol of
 * 0x10000 both as leader and as learner, a ping each half tick, no word of the room on their disks. Nobody may tell them what
 * Apache's servers do not know. Such a server may keep no digest as well.
 */
final class ApacheAlike {
    private static final Effect.ToPeers NOTHING = new Effect.Reachable(Collections.emptySortedMap());
    private static final int PIECE_BYTES = 64 << 10;
    private static final int ELEMENT_BYTES_MAX = 1 << 20;
    static final TreeRules WITHOUT_DIGESTS = new TreeRules(false, false, false, false);

    private final Simulation sim;
    private final Map<Long, Long> pinged = new TreeMap<>(); // of those that are such servers: when they pinged last
    private final Set<Long> awaiting =
            new TreeSet<>(); // links on which such a leader has sent NEWLEADER and got no ack yet

    ApacheAlike(Simulation sim) {
        this.sim = sim;
    }

    /** From the beginning this server is one. */
    void add(SimServer server) {
        pinged.put(server.sid, Long.MIN_VALUE / 2);
    }

    /** All are as we are. */
    void clear() {
        pinged.clear();
    }

    boolean contains(long sid) {
        return pinged.containsKey(sid);
    }

    /** What really leaves a server. */
    Effect.ToPeers said(long from, Effect.ToPeers effect) {
        if (!contains(from) || !(effect instanceof Effect.Send(long link, QuorumPacket p))) return effect;
        return switch (p.type()) {
            case QuorumPacket.FOLLOWERINFO, QuorumPacket.OBSERVERINFO -> {
                LearnerInfo ours = LearnerInfo.parse(p.data());
                byte[] theirs =
                        new LearnerInfo(ours.sid(), LearnerInfo.PROTOCOL_VERSION, ours.configVersion()).toBytes();
                yield new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), theirs, null));
            }
            case QuorumPacket.LEADERINFO -> {
                byte[] theirs = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION).toBytes();
                yield new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), theirs, null));
            }
            case QuorumPacket.PING -> ping(from, link, p);
            default -> effect;
        };
    }

    /** A leader's, to one learner or all, or a learner's answer. */
    private Effect.ToPeers ping(long from, long link, QuorumPacket p) {
        if (!sim.server(from).isLeading())
            return new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), p.data(), null));
        long last = pinged.get(from);
        boolean isDue = last == sim.nowNanos
                || sim.nowNanos - last >= sim.server(from).timing.tickNanos() / 2;
        if (!isDue || p.data() != null) return NOTHING;
        pinged.put(from, sim.nowNanos);
        return new Effect.Send(link, new QuorumPacket(p.type(), p.zxid(), null, null));
    }

    /** No leader says to such a learner what it does not know. */
    void hearsOfLeader(long from, long to, QuorumPacket p) {
        if (!contains(to) || p.type() != QuorumPacket.PING) return;
        if (p.authinfo() != null || p.data() != null) {
            throw new AssertionError(
                    "%s: server %d says %s to %d, which speaks as Apache's".formatted(sim, from, p, to));
        }
    }

    /**
     * Such a leader may ping a learner as soon as it has sent NEWLEADER, which no other does; true if it does so with {@code p}. Then it
     * takes nothing but the ack.
     */
    boolean pingsAfter(long from, long link, QuorumPacket p) {
        return contains(from) && p.type() == QuorumPacket.NEWLEADER && awaiting.add(link);
    }

    /** Apache's leaders close the link to a learner that says anything before that ack. */
    void hearsOfLearner(long link, QuorumPacket p) {
        if (awaiting.remove(link) && p.type() != QuorumPacket.ACK) {
            throw new AssertionError(
                    sim + ": a learner says " + p + " to a leader as Apache's, and owes the ack of NEWLEADER");
        }
    }

    /** A snapshot as it is after its way to a server with these rules. */
    static Database carried(Database database, TreeRules rules) {
        SnapshotDecoder decoder = new SnapshotDecoder(Database.loader(rules), ELEMENT_BYTES_MAX);
        SnapshotEncoder encoder = new SnapshotEncoder(database, PIECE_BYTES);
        while (encoder.hasNext()) {
            byte[] piece = encoder.next();
            for (int at = 0; at < piece.length && !decoder.isDone(); ) at += decoder.feed(piece, at, piece.length);
        }
        return decoder.database(database.lastZxid());
    }
}
