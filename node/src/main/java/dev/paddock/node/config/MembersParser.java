package dev.paddock.node.config;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The members that the lines of one file name; each fault is told with its line. Used once, then dropped. */
final class MembersParser {
    private static final String PREFIX = "server.";

    private final Settings settings;
    private final PropertiesFile source;
    private final SortedMap<Long, ServerSpec> servers = new TreeMap<>();
    private final Map<Address, Long> taken = new HashMap<>();

    MembersParser(Settings settings, PropertiesFile source) {
        this.settings = settings;
        this.source = source;
    }

    static boolean isAboutMembers(String key) {
        return key.startsWith(PREFIX) || isOfGroups(key);
    }

    private static boolean isOfGroups(String key) {
        return key.startsWith("group.") || key.startsWith("weight.");
    }

    Members parse(long version) throws ConfigException {
        var groups = new StringBuilder();
        String firstOfGroups = "";
        for (String key : source.entries().keySet()) {
            if (!isAboutMembers(key)) continue;
            settings.text(key); // known, if it stands in zoo.cfg itself
            String value = source.find(key).orElseThrow().value();
            if (key.startsWith(PREFIX)) {
                server(key, value);
            } else {
                groups.append(key).append('=').append(value).append('\n');
                firstOfGroups = firstOfGroups.isEmpty() ? key : firstOfGroups;
            }
        }
        Members members = Members.of(servers, version);
        return groups.isEmpty() ? members : inGroups(members, groups.toString(), firstOfGroups);
    }

    private Members inGroups(Members members, String groups, String key) throws ConfigException {
        try {
            return Members.parse(groups + members.text());
        } catch (IllegalArgumentException e) {
            throw source.error(key, e.getMessage());
        }
    }

    private void server(String key, String value) throws ConfigException {
        long sid = sid(key.substring(PREFIX.length()));
        if (sid < 0) {
            throw source.error(key, "the number after 'server.' must not be negative");
        }
        try {
            ServerSpec spec = ServerSpec.parse(sid, value);
            servers.put(sid, spec);
            claim(key, spec.quorum(), sid);
            claim(key, spec.election(), sid);
        } catch (IllegalArgumentException e) {
            throw source.error(key, e.getMessage());
        }
    }

    /** Only a warning: a reconfiguration may have taken it, as Apache ZooKeeper does. */
    private void claim(String key, Address address, long sid) {
        Long other = taken.put(address, sid);
        if (other != null) settings.warn(key, "has " + address + ", which server." + other + " has too");
    }

    /** A sid in decimal digits, or -1. */
    static long sid(String text) {
        boolean isNumber =
                !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(text) : -1;
    }
}
