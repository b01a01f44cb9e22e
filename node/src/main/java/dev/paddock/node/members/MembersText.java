package dev.paddock.node.members;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lines of a configuration, as Apache ZooKeeper 3.9 reads and writes them. */
final class MembersText {
    private static final String SERVER = "server.";
    private static final String GROUP = "group.";
    private static final String WEIGHT = "weight.";
    private static final String VERSION = "version";

    private final SortedMap<Long, ServerSpec> servers = new TreeMap<>();
    private final SortedMap<Long, Long> groupOf = new TreeMap<>();
    private final SortedMap<Long, Long> weightOf = new TreeMap<>();
    private long version;

    private MembersText() {}

    static Members parse(String text) {
        var lines = new MembersText();
        for (String line : text.split("[\r\n]", -1)) lines.line(line.trim());
        return lines.members();
    }

    private void line(String line) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) return;
        int at = 0;
        while (at < line.length() && "=: \t".indexOf(line.charAt(at)) < 0) at++;
        String key = line.substring(0, at);
        String value = line.substring(Math.min(at + 1, line.length())).trim();
        if (key.startsWith(SERVER)) {
            long sid = number(key, SERVER);
            servers.put(sid, ServerSpec.parse(sid, value));
        } else if (key.startsWith(GROUP)) {
            group(number(key, GROUP), value);
        } else if (key.startsWith(WEIGHT)) {
            weightOf.put(number(key, WEIGHT), weight(key, value));
        } else if (key.equals(VERSION)) {
            version = version(value);
        } else {
            throw new IllegalArgumentException("'" + key + "' is not a line of a configuration");
        }
    }

    private void group(long group, String value) {
        for (String text : value.split(":", -1)) {
            if (groupOf.put(number(text, ""), group) != null) {
                throw new IllegalArgumentException("server " + text + " is in more than one group");
            }
        }
    }

    private static long number(String key, String prefix) {
        try {
            long number = Long.parseLong(key.substring(prefix.length()).trim());
            if (number >= 0) return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + key + "' has no number", e);
        }
        throw new IllegalArgumentException("'" + key + "' has a negative number");
    }

    private static long weight(String key, String value) {
        long weight = number(value, "");
        if (weight > Integer.MAX_VALUE) throw new IllegalArgumentException("'" + key + "' is too large");
        return weight;
    }

    private static long version(String value) {
        try {
            return Long.parseUnsignedLong(value, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("version '" + value + "' is not a hexadecimal number", e);
        }
    }

    private Members members() {
        if (groupOf.isEmpty() && weightOf.isEmpty()) return Members.of(servers, version);
        for (long sid : Members.of(servers, version).voters()) {
            if (!groupOf.containsKey(sid)) throw new IllegalArgumentException("server " + sid + " is not in a group");
            weightOf.putIfAbsent(sid, 1L);
        }
        return new Members(servers, Optional.of(new Groups(groupOf, weightOf)), version);
    }

    static String of(Members members) {
        var text = new StringBuilder();
        members.servers().forEach((sid, server) -> line(text, SERVER + sid, server.toLine()));
        members.groups().ifPresent(groups -> {
            SortedMap<Long, String> sids = new TreeMap<>();
            groups.groupOf().forEach((sid, group) -> sids.merge(group, Long.toString(sid), (a, b) -> a + ":" + b));
            sids.forEach((group, list) -> line(text, GROUP + group, list));
            for (Map.Entry<Long, Long> each : groups.weightOf().entrySet()) {
                line(text, WEIGHT + each.getKey(), Long.toString(each.getValue()));
            }
        });
        return text.append(VERSION + "=")
                .append(Long.toHexString(members.version()))
                .toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
