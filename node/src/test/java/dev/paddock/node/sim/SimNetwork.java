package dev.paddock.node.sim;

import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Links between servers: first in, first out, late, and cut now and then. */
final class SimNetwork {
    private static final long LATENCY_MIN_NANOS = 50_000;
    private static final long LATENCY_SPAN_NANOS = 2_000_000;

    private final Simulation sim;
    private final Map<Long, Link> links = new TreeMap<>(); // open ones, by number
    private final Map<List<Long>, Long> notified = new TreeMap<>(SimNetwork::compare); // (from, to) to last arrival
    private final TreeSet<List<Long>> cuts = new TreeSet<>(SimNetwork::compare); // (smaller, larger) sid
    private long nextLink = 1;

    private static int compare(List<Long> a, List<Long> b) {
        int first = Long.compare(a.get(0), b.get(0));
        return first != 0 ? first : Long.compare(a.get(1), b.get(1));
    }

    /** A link in use. What arrives while its ends are cut off waits in {@code stalled}. */
    private static final class Link {
        final long id;
        final long dialler;
        final long acceptor;
        final long[] arrival = new long[2];
        final List<Runnable> stalled = new ArrayList<>();

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
    }

    private long latency() {
        return LATENCY_MIN_NANOS + (long) (sim.random.nextDouble() * sim.random.nextDouble() * LATENCY_SPAN_NANOS);
    }

    private static List<Long> pair(long a, long b) {
        return a < b ? List.of(a, b) : List.of(b, a);
    }

    boolean isCut(long a, long b) {
        return cuts.contains(pair(a, b));
    }

    void send(long from, Effect.ToPeers effect) {
        switch (effect) {
            case Effect.Notify(long to, Notification n) -> notify(from, to, n);
            case Effect.Dial(long to) -> dial(from, to);
            case Effect.Send(long link, QuorumPacket p) -> deliver(link, from, new Input.Received(link, p));
            case Effect.SendSnapshot(long link, Database database) -> {
                deliver(link, from, new Input.Received(link, new QuorumPacket(QuorumPacket.SNAP, database.lastZxid())));
                deliver(link, from, new Input.ReceivedSnapshot(link, database));
            }
            case Effect.Unlink(long link) -> unlink(link, from);
        }
    }

    private void notify(long from, long to, Notification n) {
        long at = Math.max(sim.nowNanos + latency(), notified.getOrDefault(List.of(from, to), 0L));
        notified.put(List.of(from, to), at);
        sim.at(at, () -> {
            if (!isCut(from, to)) sim.server(to).input(new Input.Heard(from, n));
        });
    }

    private void dial(long from, long to) {
        sim.at(sim.nowNanos + latency(), () -> {
            if (isCut(from, to) || !sim.server(to).isUp() || !sim.server(from).isUp()) {
                sim.server(from).input(new Input.LeaderUnreachable(to));
                return;
            }
            Link link = new Link(nextLink++, from, to);
            links.put(link.id, link);
            sim.server(to).input(new Input.LearnerLinked(link.id));
            sim.server(from).input(new Input.LeaderLinked(link.id));
        });
    }

    private void deliver(long number, long from, Input input) {
        Link link = links.get(number);
        if (link == null) return;
        int direction = from == link.dialler ? 0 : 1;
        link.arrival[direction] = Math.max(sim.nowNanos + latency(), link.arrival[direction]);
        sim.at(
                link.arrival[direction],
                () -> arrive(link, () -> sim.server(link.other(from)).input(input)));
    }

    private void arrive(Link link, Runnable arrival) {
        if (links.get(link.id) != link) return;
        if (isCut(link.dialler, link.acceptor)) link.stalled.add(arrival);
        else arrival.run();
    }

    private void unlink(long number, long by) {
        Link link = links.get(number);
        if (link == null) return;
        int direction = by == link.dialler ? 0 : 1;
        link.arrival[direction] = Math.max(sim.nowNanos + latency(), link.arrival[direction]);
        sim.at(
                link.arrival[direction],
                () -> arrive(link, () -> {
                    links.remove(number);
                    sim.server(link.other(by)).input(new Input.Unlinked(number));
                }));
    }

    /** The process is gone: its kernel closes its links. */
    void crashed(long sid) {
        for (Link link : List.copyOf(links.values())) {
            if (link.dialler == sid || link.acceptor == sid) unlink(link.id, sid);
        }
    }

    /** Cuts the two off from each other; links between them break now or go silent. */
    void cut(long a, long b, boolean breaking) {
        cuts.add(pair(a, b));
        if (!breaking) return;
        for (Link link : List.copyOf(links.values())) {
            if (!link.joins(a, b)) continue;
            links.remove(link.id);
            sim.server(a).input(new Input.Unlinked(link.id));
            sim.server(b).input(new Input.Unlinked(link.id));
        }
    }

    /** Joins the two again; what waited arrives. */
    void heal(long a, long b) {
        if (!cuts.remove(pair(a, b))) return;
        for (Link link : List.copyOf(links.values())) {
            if (!link.joins(a, b)) continue;
            List<Runnable> waiting = List.copyOf(link.stalled);
            link.stalled.clear();
            waiting.forEach(arrival -> arrive(link, arrival));
        }
    }

    void healAll() {
        for (List<Long> cut : List.copyOf(cuts)) heal(cut.get(0), cut.get(1));
    }
}
