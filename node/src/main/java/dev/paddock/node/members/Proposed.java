package dev.paddock.node.members;

import dev.paddock.node.members.ServerSpec.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** A whole configuration as a client proposes it, read as Apache ZooKeeper 3.9 does. Used once, then dropped. */
final class Proposed {
    private final SortedMap<Long, ServerSpec> servers = new TreeMap<>();
    private final SortedMap<Long, Long> groupOf = new TreeMap<>();
    private final SortedMap<Long, Long> weightOf = new TreeMap<>();

    private Proposed() {}

    /** The members that this text names, with this version whatever the text says. */
    static Members read(String text, boolean standaloneEnabled, long version) {
        Properties lines = PropertyText.read(text.replace(',', '\n'));
        var proposed = new Proposed();
        boolean hasGroups = false;
        for (String key : lines.stringPropertyNames()) hasGroups |= isOfGroups(key.trim());
        lines.forEach((key, value) -> proposed.line((String) key, (String) value));
        if (hasGroups) proposed.completeGroups();
        proposed.checkVoters(standaloneEnabled);
        Optional<Groups> groups =
                hasGroups ? Optional.of(new Groups(proposed.groupOf, proposed.weightOf)) : Optional.empty();
        return new Members(proposed.servers, groups, version);
    }

    private static boolean isOfGroups(String key) {
        if (key.startsWith("group") || key.startsWith("weight")) return true;
        if (key.startsWith("server.") || key.equals("version")) return false;
        throw new IllegalArgumentException("'" + key + "' is not a line of a configuration");
    }

    private void line(String key, String value) {
        if (key.startsWith("server.")) {
            long sid = number(key);
            servers.put(sid, ServerSpec.parse(sid, value));
        } else if (key.startsWith("group")) {
            group(number(key), value);
        } else if (key.startsWith("weight")) {
            weightOf.put(number(key), weight(key, value));
        } else if (key.equals("version")) {
            checkVersion(value);
        }
    }

    private static long number(String key) {
        return MalformedException.number(key.substring(key.indexOf('.') + 1), key);
    }

    private static void checkVersion(String value) {
        try {
            Long.parseLong(value, 16);
        } catch (NumberFormatException e) {
            throw new MalformedException("version '" + value + "' is not a hexadecimal number", e);
        }
    }

    private void group(long group, String value) {
        for (String text : Parts.of(value, ':')) {
            if (groupOf.putIfAbsent(MalformedException.number(text, "a server"), group) != null) {
                throw new IllegalArgumentException("server " + text + " is in more than one group");
            }
        }
    }

    private static long weight(String key, String value) {
        long weight = MalformedException.number(value, "a weight");
        if (weight < 0 || weight > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + "=" + value + " is not from 0 to " + Integer.MAX_VALUE);
        }
        return weight;
    }

    private void completeGroups() {
        for (ServerSpec server : servers.values()) {
            if (server.role() != Role.PARTICIPANT) continue;
            if (!groupOf.containsKey(server.sid())) {
                throw new IllegalArgumentException("server " + server.sid() + " is not in a group");
            }
            weightOf.putIfAbsent(server.sid(), 1L);
        }
        for (Map.Entry<Long, Long> each : groupOf.entrySet()) {
            if (weightOf.containsKey(each.getKey())) continue;
            throw new MalformedException(
                    "group " + each.getValue() + " has " + each.getKey() + ", which has no weight");
        }
    }

    /** What is too few even for a configuration that nobody has to agree to. */
    private void checkVoters(boolean standaloneEnabled) {
        long voters = servers.values().stream()
                .filter(server -> server.role() == Role.PARTICIPANT)
                .count();
        boolean isTooFew = standaloneEnabled ? voters < 2 && voters < servers.size() : voters == 0;
        if (isTooFew) throw new MalformedException("observers need more voters than " + voters);
    }
}
