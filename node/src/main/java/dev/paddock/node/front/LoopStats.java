package dev.paddock.node.front;

/**
 * Counts of one client loop, or of several added up, at one moment.
 *
 * @param connections      open now, with a session or without
 * @param latencyMillisSum from the arrival of each answered request to its answer
 * @param outstanding      requests that wait for an answer
 * @param watchers         connections that have watches in what would be Apache ZooKeeper's table of data watches
 * @param watchedPaths     that they watch, each once in a loop
 * @param dataWatches      how many those are
 * @param watches          of all kinds, as Apache ZooKeeper counts them
 * @param watchBytes       what those take, with their paths once for each connection that watches them
 * @param work             what was counted of it
 */
public record LoopStats(
        int connections,
        int sessions,
        long packetsReceived,
        long packetsSent,
        long bytesReceived,
        long answered,
        long latencyMillisMin,
        long latencyMillisMax,
        long latencyMillisSum,
        long outstanding,
        long watchers,
        long watchedPaths,
        long dataWatches,
        long watches,
        long watchBytes,
        FrontReading work) {

    /** Of no loop. */
    public static final LoopStats NONE = new LoopStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, FrontReading.NONE);

    static LoopStats of(ClientLoop loop) {
        long outstanding = 0;
        for (Connection c : loop.connections.values()) {
            outstanding += c.queue.size();
        }
        Traffic t = loop.traffic;
        return new LoopStats(
                loop.connections.size(),
                loop.sessions.size(),
                t.received,
                t.sent,
                t.receivedBytes,
                t.answered,
                t.latencyMillisMin(),
                t.latencyMillisMax(),
                t.latencyMillisSum(),
                outstanding,
                loop.watches.dataWatcherCount(),
                loop.watches.dataPathCount(),
                loop.watches.dataCount(),
                loop.watches.count(),
                loop.watches.listedBytes(),
                loop.meter.read());
    }

    /** Both together. */
    public LoopStats plus(LoopStats other) {
        return new LoopStats(
                connections + other.connections,
                sessions + other.sessions,
                packetsReceived + other.packetsReceived,
                packetsSent + other.packetsSent,
                bytesReceived + other.bytesReceived,
                answered + other.answered,
                answered == 0
                        ? other.latencyMillisMin
                        : other.answered == 0 ? latencyMillisMin : Math.min(latencyMillisMin, other.latencyMillisMin),
                Math.max(latencyMillisMax, other.latencyMillisMax),
                latencyMillisSum + other.latencyMillisSum,
                outstanding + other.outstanding,
                watchers + other.watchers,
                watchedPaths + other.watchedPaths,
                dataWatches + other.dataWatches,
                watches + other.watches,
                watchBytes + other.watchBytes,
                work.plus(other.work));
    }

    /** Mean time to an answer, in milliseconds with four decimals as Apache ZooKeeper shows it. */
    public double latencyMillisMean() {
        return answered == 0 ? 0 : Math.round(latencyMillisSum * 10_000.0 / answered) / 10_000.0;
    }
}
