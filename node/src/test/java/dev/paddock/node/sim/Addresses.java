package dev.paddock.node.sim;

import dev.paddock.node.members.ServerSpec;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where servers listen, and where others believe that they do. Votes pass while a link stands, which whoever knows the other's address
 * begins, as {@code net.ElectionPort} and {@code net.ElectionPeer} do it: it lasts until one of the two is gone.
 */
final class Addresses {
    private final Map<Long, SortedMap<Long, ServerSpec>> known = new TreeMap<>(); // by sid of who knows them
    private final Map<Long, ServerSpec> listening = new TreeMap<>(); // by sid
    private final TreeSet<Pair> linked = new TreeSet<>();

    private record Pair(long low, long high) implements Comparable<Pair> {
        static Pair of(long a, long b) {
            return new Pair(Math.min(a, b), Math.max(a, b));
        }

        @Override
        public int compareTo(Pair other) {
            int first = Long.compare(low, other.low);
            return first != 0 ? first : Long.compare(high, other.high);
        }
    }

    /** A server hears who can be reached where; where it is itself, it listens from now on. */
    void tell(long sid, SortedMap<Long, ServerSpec> servers) {
        known.put(sid, servers);
        ServerSpec own = servers.get(sid);
        if (own != null) listening.put(sid, own);
    }

    /** Whether a dial for the quorum port leads to where the other listens. */
    boolean reaches(long from, long to) {
        ServerSpec believed = believed(from, to);
        ServerSpec real = listening.get(to);
        return believed != null && real != null && believed.quorum().equals(real.quorum());
    }

    /** Whether what one says by its vote comes to the other. */
    boolean carriesVote(long from, long to) {
        ServerSpec believed = believed(from, to);
        ServerSpec real = listening.get(to);
        if (believed != null && real != null && believed.election().equals(real.election()))
            linked.add(Pair.of(from, to));
        return linked.contains(Pair.of(from, to));
    }

    private ServerSpec believed(long from, long to) {
        return known.getOrDefault(from, Collections.emptySortedMap()).get(to);
    }

    /** The process has ended. */
    void crashed(long sid) {
        linked.removeIf(pair -> pair.low == sid || pair.high == sid);
    }

    void broken(long a, long b) {
        linked.remove(Pair.of(a, b));
    }
}
