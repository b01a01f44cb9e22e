package dev.paddock.e2e.tour;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes what a client saw comparable. What differs between two servers by nature gets a name, the same name wherever the
 * same value stands, in the order of first appearance: so it still shows which zxids are equal and whose session owns a
 * znode.
 */
final class Transcript {
    private static final Pattern ZXID = Pattern.compile("(?i)\\b([cmp]?zxid ?[=:] ?)(0x[0-9a-f]+|-?\\d+)");
    private static final Pattern SESSION =
            Pattern.compile("(?i)\\b((?:ephemeralOwner|session) ?[=:] ?)(0x[0-9a-f]+|\\d+)");
    private static final Pattern TIME = Pattern.compile("\\b([cm]time ?= ?)(\\d{2,}|\\w{3} \\w{3} .*)");
    private static final Pattern PORT = Pattern.compile("\\b((?:127\\.0\\.0\\.1|localhost):(?:p\\d+:)?)(\\d+)");

    private final Map<Long, String> zxids = new HashMap<>();
    private final Map<Long, String> sessions = new HashMap<>();
    private final Map<Long, String> ports = new HashMap<>();

    private Transcript() {}

    /** The same lines with times left out, and sessions, zxids and ports named. */
    static List<String> comparable(List<String> lines) {
        var transcript = new Transcript();
        return lines.stream().map(transcript::line).toList();
    }

    private String line(String line) {
        String text = ZXID.matcher(line).replaceAll(found -> named(found, zxids, "z"));
        text = SESSION.matcher(text).replaceAll(found -> named(found, sessions, "s"));
        text = PORT.matcher(text).replaceAll(found -> named(found, ports, "p")); // the quorum's, then the election's
        text = PORT.matcher(text).replaceAll(found -> named(found, ports, "p"));
        return TIME.matcher(text)
                .replaceAll(found -> found.group(2).endsWith(" 1970") ? found.group() : found.group(1) + "t");
    }

    /** No zxid (-1) and nobody's session (0) mean the same on every server. */
    private static String named(MatchResult found, Map<Long, String> names, String prefix) {
        long value = Long.decode(found.group(2));
        String name = value == 0 || value == -1
                ? Long.toString(value)
                : names.computeIfAbsent(value, v -> prefix + names.size());
        return found.group(1) + name;
    }
}
