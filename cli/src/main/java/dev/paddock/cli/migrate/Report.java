package dev.paddock.cli.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.node.members.Members;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.migration.Release;
import dev.paddock.operator.planner.Role;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what servers answer. */
final class Report {
    private static final String MISMATCHES = "zk_digest_mismatches_count\t";
    private static final String MEMBERSHIP = "membership: ";

    private Report() {}

    /** Of {@code srvr}, from a server that serves. */
    record Server(Release release, Role role, long zxid) {}

    /** Empty for what a server says that serves nobody, or is no member. */
    static Optional<Server> server(String srvr) {
        Optional<Release> release = field(srvr, "Zookeeper version: ").flatMap(Release::parse);
        Optional<Role> role = field(srvr, "Mode: ").flatMap(Report::role);
        Optional<Long> zxid = field(srvr, "Zxid: 0x").flatMap(hex -> number(hex, 16));
        if (release.isEmpty() || role.isEmpty() || zxid.isEmpty()) return Optional.empty();
        return Optional.of(new Server(release.get(), role.get(), zxid.get()));
    }

    private static Optional<Role> role(String mode) {
        return switch (mode) {
            case "leader" -> Optional.of(Role.LEADER);
            case "follower" -> Optional.of(Role.FOLLOWER);
            case "observer" -> Optional.of(Role.OBSERVER);
            default -> Optional.empty();
        };
    }

    /** Of {@code mntr}. */
    static Optional<Long> mismatches(String mntr) {
        return field(mntr, MISMATCHES).flatMap(text -> number(text, 10));
    }

    /** Of the admin command {@code monitor}. */
    static Optional<Long> mismatches(JsonNode monitor) {
        JsonNode count = monitor.path("digest_mismatches_count");
        return count.isIntegralNumber() ? Optional.of(count.asLong()) : Optional.empty();
    }

    /** Of {@code hash}: lines {@code ZXID: DIGEST}. */
    static Optional<Digests> digests(String hash) {
        SortedMap<Long, Long> byZxid = new TreeMap<>();
        for (String line : hash.lines().toList()) {
            int colon = line.indexOf(": ");
            Optional<Long> zxid = number(line.substring(0, Math.max(0, colon)), 16);
            Optional<Long> digest = number(line.substring(colon + 1).strip(), 10);
            if (zxid.isEmpty() || digest.isEmpty()) return Optional.empty();
            byZxid.put(zxid.get(), digest.get());
        }
        return Optional.of(new Digests(byZxid));
    }

    /** Of the admin command {@code hash}. */
    static Optional<Digests> digests(JsonNode hash) {
        if (!hash.path("digests").isArray()) return Optional.empty();
        SortedMap<Long, Long> byZxid = new TreeMap<>();
        for (JsonNode entry : hash.path("digests")) {
            JsonNode zxid = entry.path("zxid");
            JsonNode digest = entry.path("digest");
            if (!zxid.isIntegralNumber() || !digest.isIntegralNumber()) return Optional.empty();
            byZxid.put(zxid.asLong(), digest.asLong());
        }
        return Optional.of(new Digests(byZxid));
    }

    /** Of {@code conf}. */
    static Optional<Membership> membership(String conf) {
        Optional<Long> self = field(conf, "serverId=").flatMap(text -> number(text, 10));
        int at = conf.indexOf(MEMBERSHIP);
        if (self.isEmpty() || at < 0) return Optional.empty();
        try {
            Members members =
                    Members.parse(conf.substring(at + MEMBERSHIP.length()).strip());
            return Optional.of(Visit.membership(self.get(), members));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst();
    }

    private static Optional<Long> number(String text, int radix) {
        try {
            return Optional.of(radix == 16 ? Long.parseUnsignedLong(text, radix) : Long.parseLong(text, radix));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
