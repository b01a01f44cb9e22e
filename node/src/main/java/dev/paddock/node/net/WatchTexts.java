package dev.paddock.node.net;

import dev.paddock.node.front.LoopStats;
import dev.paddock.node.front.SessionWatches;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How {@code wchc} and {@code wchp} list watches, in the layout of Apache ZooKeeper 3.9.5. Other than there, more watches
 * than a client loop can list in a few milliseconds are refused.
 */
public final class WatchTexts {
    static final int WATCHES_MAX = 200_000;
    static final long BYTES_MAX = 64L << 20; // of watches and their paths, counting a path for each that watches it

    private WatchTexts() {}

    /** Whether these are more than are listed. */
    public static boolean isTooMuch(LoopStats total) {
        return total.watches() > WATCHES_MAX || total.watchBytes() > BYTES_MAX;
    }

    /** What is said instead. */
    public static String refusal(String command, LoopStats total) {
        return command + " is not executed because there are " + total.watches() + " watches of " + total.watchBytes()
                + " bytes, and at most " + WATCHES_MAX + " of " + BYTES_MAX + " bytes are listed; see wchs.\n";
    }

    /** Sessions by what they watch. */
    public static Map<String, List<Long>> paths(List<SessionWatches> sessions) {
        var paths = new LinkedHashMap<String, List<Long>>();
        for (SessionWatches session : sessions) {
            for (byte[] path : session.paths()) {
                paths.computeIfAbsent(text(path), _ -> new ArrayList<>(1)).add(session.sessionId());
            }
        }
        return paths;
    }

    /** A path as it is shown. */
    public static String text(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }

    static String bySession(List<SessionWatches> sessions) {
        var text = new StringBuilder();
        for (SessionWatches session : sessions) {
            text.append("0x").append(Long.toHexString(session.sessionId())).append('\n');
            session.paths().forEach(path -> text.append('\t').append(text(path)).append('\n'));
        }
        return text.toString();
    }

    static String byPath(List<SessionWatches> sessions) {
        var text = new StringBuilder();
        paths(sessions).forEach((path, ids) -> {
            text.append(path).append('\n');
            ids.forEach(id -> text.append("\t0x").append(Long.toHexString(id)).append('\n'));
        });
        return text.toString();
    }
}
