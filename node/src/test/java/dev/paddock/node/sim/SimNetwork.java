package dev.paddock.node.sim;

import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Links between servers: first in, first out, late, and cut now and then, perhaps in one direction only. */
final class SimNetwork {
    private static final long LATENCY_MIN_NANOS = 50_000;
    private static final long LATENCY_SPAN_NANOS = 2_000_000;

    private static final QuorumPacket PING = new QuorumPacket(QuorumPacket.PING, 0);

    static final int PACKET_BYTES_MAX = 1 << 20;

    private final Simulation sim;
    private final SplittableRandom random;
    private final Map<Long, Link> links = new TreeMap<>(); // open ones, by number
    private final Addresses addresses = new Addresses();
    private final Map<Way, Long> notified = new TreeMap<>(); // to last arrival
    private final TreeSet<Way> cuts = new TreeSet<>();
    private final Map<Way, Long> clogs = new TreeMap<>(); // to nanoseconds that a packet takes longer
    final TreeSet<Long> quorumPortsClosed = new TreeSet<>(); // of these servers; their votes go on
    boolean mastersClosed; // nobody reaches an observer master
    private final TreeSet<Long> masters = new TreeSet<>(); // that listen for observers
    private long nextLink = 1;
    long snapshotSpanNanos = 30_000_000; // how long a snapshot may take on its way

    /** Changes what is sent; the whole truth if nothing is planted. */
    Tamper tamper = (from, effect) -> effect;

    /** Servers that speak another protocol than the others; none at first. */
    final ApacheAlike apacheAlike;

    /** Sees each packet where it arrives; may keep it. */
    Tap tap = (from, to, packet, arrival) -> false;

    interface Tamper {
        Effect.ToPeers sent(long from, Effect.ToPeers effect);
    }

    interface Tap {
        /** True if the tap runs {@code arrival} itself, later or never. */
        boolean takes(long from, long to, QuorumPacket packet, Runnable arrival);
    }

    private record Way(long from, long to) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int first = Long.compare(from, other.from);
            return first != 0 ? first : Long.compare(to, other.to);
        }
    }

    private record Stalled(Way way, Runnable arrival) {}

    /** A link in use. What arrives while its way is cut waits in {@code stalled}. */
    private static final class Link {
        final long id;
        final long dialler;
        final long acceptor;
        final long[] arrival = new long[2];
        final List<Stalled> stalled = new ArrayList<>();

        Link(long id, long dialler, long acceptor) {
            this.id = id;
            this.dialler = dialler;
            this.acceptor = acceptor;
        }

        long other(long sid) {
            return sid == dialler ? acceptor : dialler;
        }

        boolean joins(long a, long b) {
            return (a == dialler && b == acceptor) || (a == acceptor && b == dialler);
        }
    }

    SimNetwork(Simulation sim) {
        this.sim = sim;
        this.random = sim.random.split();
        this.apacheAlike = new ApacheAlike(sim);
    }

    private long latency() {
        return LATENCY_MIN_NANOS + (long) (random.nextDouble() * random.nextDouble() * LATENCY_SPAN_NANOS);
    }

    boolean isCut(long from, long to) {
        return cuts.contains(new Way(from, to));
    }

    boolean isWhole(long a, long b) {
        return !isCut(a, b) && !isCut(b, a);
    }

    void send(long from, Effect.ToPeers effect) {
        switch (apacheAlike.said(from, tamper.sent(from, effect))) {
            case Effect.Notify(long to, Notification n) -> notify(from, to, n);
            case Effect.Dial(long to) -> dial(from, to, false);
            case Effect.DialMaster(long to) -> dial(from, to, true);
            case Effect.ListenForObservers(boolean listens) -> {
                if (listens) masters.add(from);
                else masters.remove(from);
            }
            case Effect.Send(long link, QuorumPacket p) -> {
                count(p);
                packet(link, from, p, 0);
            }
            case Effect.SendSnapshot(long link, Database database) -> {
                sim.tally.count("synchronizations by SNAP");
                packet(link, from, new QuorumPacket(QuorumPacket.SNAP, database.lastZxid()), 0);
                long extra = (long) (random.nextDouble() * snapshotSpanNanos);
                deliver(link, from, extra, to -> to.received(link, database));
            }
            case Effect.Unlink(long link) -> unlink(link, from);
            case Effect.Reachable(var servers) -> {
                if (!servers.isEmpty()) addresses.tell(from, servers); // none: said in place of what is not sent
            }
        }
    }

    private void count(QuorumPacket p) {
        if (p.type() == QuorumPacket.DIFF) sim.tally.count("synchronizations by DIFF");
        if (p.type() == QuorumPacket.TRUNC) sim.tally.count("synchronizations by TRUNC");
    }

    /** Sends once more what was sent. */
    void repeat(long from, Effect.Send sent) {
        packet(sent.link(), from, sent.packet(), 0);
    }

    private void notify(long from, long to, Notification n) {
        if (to > sim.servers.getLast().sid) return; // a stranger, whose address nobody knows
        Way way = new Way(from, to);
        long late = latency() + clogs.getOrDefault(way, 0L);
        long at = Math.max(sim.nowNanos + late, notified.getOrDefault(way, 0L));
        notified.put(way, at);
        sim.at(at, () -> {
            sim.hash.add(n.zxid());
            if (isCut(from, to) || !sim.server(to).isUp()) return;
            if (addresses.carriesVote(from, to)) sim.server(to).input(new Input.Heard(from, n));
            else sim.tally.count("votes for whom nobody knows the address");
        });
    }

    private void dial(long from, long to, boolean asObserver) {
        sim.at(sim.nowNanos + latency(), () -> {
            boolean isThere = asObserver || addresses.reaches(from, to);
            if (!isThere) sim.tally.count("dials to where nobody listens any more");
            if (!isThere
                    || !isWhole(from, to)
                    || (asObserver ? mastersClosed || !masters.contains(to) : quorumPortsClosed.contains(to))
                    || !sim.server(to).isUp()
                    || !sim.server(from).isUp()) {
                sim.server(from).input(new Input.LeaderUnreachable(to));
                return;
            }
            Link link = new Link(nextLink++, from, to);
            links.put(link.id, link);
            sim.server(to).input(asObserver ? new Input.ObserverLinked(link.id) : new Input.LearnerLinked(link.id));
            if (asObserver) sim.tally.count("links to observer masters");
            sim.server(from).input(new Input.LeaderLinked(to, link.id));
        });
    }

    private interface Arrival {
        void at(SimServer server);
    }

    private void packet(long number, long from, QuorumPacket p, long extraNanos) {
        byte[] data = p.data();
        if (data != null && data.length > PACKET_BYTES_MAX) { // whoever gets that ends the link
            unlink(number, from);
            return;
        }
        Link link = links.get(number);
        boolean isOfLeader = link != null && link.acceptor == from;
        deliver(number, from, extraNanos, to -> {
            hash(from, to.sid, p);
            if (isOfLeader) apacheAlike.hearsOfLeader(from, to.sid, p);
            else apacheAlike.hearsOfLearner(number, p);
            Runnable arrival = () -> {
                to.input(new Input.Received(number, p));
                if (apacheAlike.pingsAfter(from, number, p)) to.input(new Input.Received(number, PING));
            };
            if (!tap.takes(from, to.sid, p, arrival)) arrival.run();
        });
    }

    private void hash(long from, long to, QuorumPacket p) {
        sim.hash.add(from);
        sim.hash.add(to);
        sim.hash.add(p.type());
        sim.hash.add(p.zxid());
        byte[] data = p.data();
        if (data != null) sim.hash.add(data);
    }

    private void deliver(long number, long from, long extraNanos, Arrival arrival) {
        Link link = links.get(number);
        if (link == null) return;
        int direction = from == link.dialler ? 0 : 1;
        long to = link.other(from);
        long longer = extraNanos + clogs.getOrDefault(new Way(from, to), 0L);
        link.arrival[direction] = Math.max(sim.nowNanos + latency() + longer, link.arrival[direction]);
        sim.at(
                link.arrival[direction],
                () -> arrive(link, new Stalled(new Way(from, to), () -> arrival.at(sim.server(to)))));
    }

    private void arrive(Link link, Stalled arrival) {
        if (links.get(link.id) != link) return;
        boolean queues = link.stalled.stream().anyMatch(s -> s.way().equals(arrival.way()));
        if (queues || cuts.contains(arrival.way())) link.stalled.add(arrival);
        else arrival.arrival().run();
    }

    private void unlink(long number, long by) {
        Link link = links.get(number);
        if (link == null) return;
        deliver(number, by, 0, other -> {
            links.remove(number);
            other.input(new Input.Unlinked(number));
        });
        sim.after(latency(), () -> sim.server(by).input(new Input.Unlinked(number)));
    }

    /** The process is gone: its kernel closes its links. */
    void crashed(long sid) {
        masters.remove(sid);
        addresses.crashed(sid);
        for (Link link : List.copyOf(links.values())) {
            if (link.dialler == sid || link.acceptor == sid) unlink(link.id, sid);
        }
    }

    /** Cuts the two off from each other; links between them break now or go silent. */
    void cut(long a, long b, boolean breaking) {
        cutOneWay(a, b);
        cutOneWay(b, a);
        if (!breaking) return;
        addresses.broken(a, b);
        for (Link link : List.copyOf(links.values())) {
            if (!link.joins(a, b)) continue;
            links.remove(link.id);
            sim.server(a).input(new Input.Unlinked(link.id));
            sim.server(b).input(new Input.Unlinked(link.id));
        }
    }

    /** What {@code from} sends does not reach {@code to} until healed. */
    void cutOneWay(long from, long to) {
        cuts.add(new Way(from, to));
    }

    /** What {@code from} sends to {@code to} takes so much longer. */
    void clog(long from, long to, long nanos) {
        clogs.put(new Way(from, to), nanos);
    }

    void unclogAll() {
        clogs.clear();
    }

    /** Joins the two again; what waited arrives. */
    void heal(long a, long b) {
        boolean one = cuts.remove(new Way(a, b));
        boolean other = cuts.remove(new Way(b, a));
        if (!one && !other) return;
        for (Link link : List.copyOf(links.values())) {
            if (!link.joins(a, b)) continue;
            List<Stalled> waiting = List.copyOf(link.stalled);
            link.stalled.clear();
            waiting.forEach(arrival -> arrive(link, arrival));
        }
    }

    void healAll() {
        for (Way cut : List.copyOf(cuts)) heal(cut.from(), cut.to());
    }
}
