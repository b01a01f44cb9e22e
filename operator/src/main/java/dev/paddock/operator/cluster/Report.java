package dev.paddock.operator.cluster;

import dev.paddock.operator.planner.Role;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a serving server says of itself.
 *
 * @param zxid the newest transaction it has applied; of a new leader, the beginning of its epoch
 */
public record Report(Role role, long zxid) {

    /** The epoch of that transaction. */
    public long epoch() {
        return zxid >>> 32;
    }

    /** Whether it is the beginning of an epoch, before its first transaction. */
    boolean isUnrung() {
        return (int) zxid == 0;
    }

    /** Reads the answer to {@code srvr}, lines of {@code Name: value}. Empty for what a server says that does not serve. */
    static Optional<Report> parse(String answer) {
        Map<String, String> lines = answer.lines()
                .map(line -> line.split(": ", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip(), (first, second) -> first));
        Role role = role(lines.getOrDefault("Mode", ""));
        String zxid = lines.getOrDefault("Zxid", "");
        if (role == Role.UNKNOWN || !zxid.matches("0x[0-9a-f]{1,16}")) return Optional.empty();
        return Optional.of(new Report(role, Long.parseUnsignedLong(zxid.substring(2), 16)));
    }

    private static Role role(String mode) {
        return switch (mode) {
            case "leader", "standalone" -> Role.LEADER;
            case "follower" -> Role.FOLLOWER;
            case "observer" -> Role.OBSERVER;
            default -> Role.UNKNOWN;
        };
    }
}
