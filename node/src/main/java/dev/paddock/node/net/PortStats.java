package dev.paddock.node.net;

import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.front.LoopStats;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the client port's loops count, added up.
 *
 * @param connections of all loops; empty where they were not asked for
 * @param dropChance  that a new session is refused whatever else there is
 * @param nowNanos    monotonic time of the gathering
 */
public record PortStats(LoopStats total, List<ConnectionStats> connections, double dropChance, long nowNanos) {
    public PortStats {
        connections = List.copyOf(connections);
    }

    /** Both together. */
    PortStats plus(PortStats other) {
        return new PortStats(
                total.plus(other.total),
                Stream.concat(connections.stream(), other.connections.stream()).toList(),
                Math.max(dropChance, other.dropChance),
                other.nowNanos);
    }
}
