package dev.paddock.operator.migration;

import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.planner.Role;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what servers answer to four letter words. */
public final class Answers {
    private static final String MISMATCHES = "zk_digest_mismatches_count\t";

    private Answers() {}

    /** Of {@code srvr}, from a server that serves. */
    public record Server(Release release, Role role, long zxid) {}

    /** Of {@code srvr}; empty for what a server says that serves nobody, or is no member. */
    public static Optional<Server> server(String srvr) {
        Optional<Release> release = field(srvr, "Zookeeper version: ").flatMap(Release::parse);
        Optional<Role> role = field(srvr, "Mode: ").flatMap(Answers::role);
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

    /** Of {@code mntr}; where ZooKeeper's metrics go to Prometheus, it writes them as {@code 0.0}. */
    public static Optional<Long> mismatches(String mntr) {
        return field(mntr, MISMATCHES)
                .flatMap(text -> number(text.endsWith(".0") ? text.substring(0, text.length() - 2) : text, 10));
    }

    /** Of {@code hash}: lines {@code ZXID: DIGEST}. */
    public static Optional<Digests> digests(String hash) {
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

    /** Of {@code conf}, from a member of an ensemble. */
    public static Optional<Membership> membership(String conf) {
        return field(conf, "serverId=")
                .flatMap(text -> number(text, 10))
                .flatMap(self -> dev.paddock.operator.planner.Membership.parse(conf)
                        .map(members -> new Membership(self, ids(members.voters()), ids(members.observers()))));
    }

    private static SortedSet<Long> ids(Collection<Integer> ids) {
        SortedSet<Long> sids = new TreeSet<>();
        ids.forEach(id -> sids.add(id.longValue()));
        return sids;
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
