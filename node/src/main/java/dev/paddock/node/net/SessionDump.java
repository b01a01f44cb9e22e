package dev.paddock.node.net;

import dev.paddock.node.front.ConnectionStats;
import dev.paddock.node.tree.Database;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The answer to {@code dump}, in the layout of Apache ZooKeeper 3.9.5: sessions and when they end, who owns which
 * ephemerals, connections and when they would be given up. Too much of it is refused.
 *
 * @param ends of a server that decides on the end of sessions
 */
record SessionDump(ServerStatus server, Optional<ServerView.SessionEnds> ends, PortStats stats) {
    private static final int SESSIONS_MAX = 200_000;
    private static final int EPHEMERALS_MAX = 200_000;
    private static final int CHARS_MAX = 32 << 20;
    private static final long CONNECTION_TICK_MILLIS =
            10_000; // nio.sessionlessCnxnTimeout, by which Apache's are checked
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ROOT);

    String text() {
        Database database = server.database();
        if (database.sessionCount() > SESSIONS_MAX || database.ephemeralCount() > EPHEMERALS_MAX) {
            return refusal();
        }
        var text = new StringBuilder("SessionTracker dump:\n");
        ends.ifPresentOrElse(decided -> ends(text, decided), () -> sessions(text));
        if (!ephemerals(text)) {
            return refusal();
        }
        connections(text);
        return text.toString();
    }

    private String refusal() {
        Database database = server.database();
        return "dump is not executed because there are " + database.sessionCount() + " sessions and "
                + database.ephemeralCount() + " ephemerals, and at most " + SESSIONS_MAX + " and " + EPHEMERALS_MAX
                + " of " + CHARS_MAX + " bytes in all are listed.\n";
    }

    private static void ends(StringBuilder text, ServerView.SessionEnds ends) {
        var buckets = new TreeMap<Long, List<Long>>();
        for (int i = 0; i < ends.sessionIds().length; i++) {
            buckets.computeIfAbsent(ends.endMillis()[i], _ -> new ArrayList<>()).add(ends.sessionIds()[i]);
        }
        text.append("Session Sets (").append(buckets.size()).append(")/(");
        text.append(ends.sessionIds().length).append("):\n");
        buckets.forEach((end, ids) -> {
            ids.sort(null);
            bucket(text, ids.size(), end - ends.nowMillis());
            ids.forEach(id -> text.append("\t0x").append(Long.toHexString(id)).append('\n'));
        });
    }

    private static void bucket(StringBuilder text, int size, long inMillis) {
        Instant at = Instant.now().plusMillis(inMillis);
        text.append(size).append(" expire at ");
        text.append(DATE.format(at.atZone(ZoneId.systemDefault()))).append(":\n");
    }

    /** A learner knows their timeouts only. */
    private void sessions(StringBuilder text) {
        var sorted = new TreeMap<Long, Integer>();
        server.database().forEachSession(sorted::put);
        text.append("Global Sessions(").append(sorted.size()).append("):\n");
        sorted.forEach((id, timeout) -> text.append("0x")
                .append(Long.toHexString(id))
                .append('\t')
                .append(timeout)
                .append("ms\n"));
    }

    /** False if they are too long. */
    private boolean ephemerals(StringBuilder text) {
        Database database = server.database();
        List<Long> owners = new ArrayList<>();
        database.forEachEphemeralOwner((id, count) -> owners.add(id));
        text.append("ephemeral nodes dump:\nSessions with Ephemerals (");
        text.append(owners.size()).append("):\n");
        for (long owner : owners) {
            text.append("0x").append(Long.toHexString(owner)).append(":\n");
            for (String path : database.ephemeralsOf(owner)) {
                if (text.length() + path.length() > CHARS_MAX) {
                    return false;
                }
                text.append('\t').append(path).append('\n');
            }
        }
        return true;
    }

    /** By when each would have been silent for its session's timeout, in Apache ZooKeeper's steps. */
    private void connections(StringBuilder text) {
        Map<Long, List<ConnectionStats>> buckets = new TreeMap<>();
        for (ConnectionStats c : stats.connections()) {
            long end = c.heardNanos() / NANOS_PER_MILLI + Math.max(c.timeoutMillis(), CONNECTION_TICK_MILLIS);
            buckets.computeIfAbsent(end / CONNECTION_TICK_MILLIS + 1, _ -> new ArrayList<>())
                    .add(c);
        }
        text.append("Connections dump:\nConnections Sets (")
                .append(buckets.size())
                .append(")/(");
        text.append(stats.connections().size()).append("):\n");
        buckets.forEach((step, connections) -> {
            bucket(text, connections.size(), step * CONNECTION_TICK_MILLIS - stats.nowNanos() / NANOS_PER_MILLI);
            for (ConnectionStats c : connections) {
                text.append("\tip: ").append(c.address());
                text.append(" sessionId: 0x")
                        .append(Long.toHexString(c.sessionId()))
                        .append('\n');
            }
        });
    }
}
