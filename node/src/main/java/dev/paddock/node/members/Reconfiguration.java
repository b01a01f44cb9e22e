package dev.paddock.node.members;

import dev.paddock.wire.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request to change the members comes to, as Apache ZooKeeper 3.9.5 judges it. Whether a reconfiguration is under
 * way already, the version it starts from, the ACL and a quorum of the new members that keeps up are the caller's to see.
 *
 * <p>Three things are refused here with {@code BADARGUMENTS} that Apache takes: a negative sid, port 0, and a weight that
 * is negative or above an {@code int}. Host names are compared as text, since nothing here looks them up.
 */
public final class Reconfiguration {
    private Reconfiguration() {}

    /** What it comes to. */
    public sealed interface Outcome {
        /** These are the members, once they are committed. */
        record Accepted(Members next) implements Outcome {}

        /**
         * The client is told this.
         *
         * @param why one sentence for the server's own log; the client does not see it
         */
        record Refused(ErrorCode error, String why) implements Outcome {}
    }

    /**
     * Judges a request. Where {@code newMembers} is given, it counts alone; otherwise those leaving leave, then those
     * joining join or are changed.
     *
     * @param joining           {@code server.N=…} with a client address each, between commas
     * @param leaving           sids between commas
     * @param newMembers        the lines of a whole configuration, between commas or line ends
     * @param standaloneEnabled whether one voter would be no ensemble
     * @param zxid              of this request, which is the version of what it makes
     */
    public static Outcome judge(
            Members lastSeen,
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String newMembers,
            boolean standaloneEnabled,
            long zxid) {
        try {
            Members next = newMembers != null
                    ? Proposed.read(newMembers, standaloneEnabled, zxid)
                    : changed(lastSeen, items(joining), items(leaving), zxid);
            int votersMin = standaloneEnabled ? 2 : 1;
            if (next.voters().length < votersMin) return badArguments("fewer voters than " + votersMin + " are left");
            for (long sid : next.servers().keySet()) {
                if (sid < 0) return badArguments("sid " + sid + " is negative");
            }
            return new Outcome.Accepted(next);
        } catch (MalformedException e) {
            return new Outcome.Refused(ErrorCode.MARSHALLING_ERROR, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return badArguments(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome badArguments(String why) {
        return new Outcome.Refused(ErrorCode.BAD_ARGUMENTS, why);
    }

    private static Members changed(Members lastSeen, List<String> joining, List<String> leaving, long zxid) {
        if (lastSeen.groups().isPresent()) {
            throw new IllegalArgumentException("servers vote in groups, so only a whole new configuration is taken");
        }
        SortedMap<Long, ServerSpec> servers = new TreeMap<>(lastSeen.servers());
        for (String sid : leaving) servers.remove(MalformedException.number(sid, "a server"));
        for (String line : joining) {
            ServerSpec joiner = joiner(line);
            for (ServerSpec other : servers.values()) if (other.sid() != joiner.sid()) refuseShared(joiner, other);
            servers.put(joiner.sid(), joiner);
        }
        return Members.of(servers, zxid);
    }

    private static ServerSpec joiner(String line) {
        List<String> sides = Parts.notBlank(line, '=');
        if (sides.size() != 2) throw new IllegalArgumentException("'" + line + "' is not server.N=…");
        String key = sides.getFirst();
        long sid = MalformedException.number(key.substring(key.lastIndexOf('.') + 1), "a server");
        ServerSpec joiner = ServerSpec.parse(sid, sides.getLast());
        if (joiner.client().isEmpty()) throw new IllegalArgumentException("'" + line + "' has no client port");
        return joiner;
    }

    private static void refuseShared(ServerSpec joiner, ServerSpec other) {
        List<Address> taken = addresses(other).toList();
        addresses(joiner).filter(taken::contains).findFirst().ifPresent(shared -> {
            throw new IllegalArgumentException(
                    shared + " of server." + joiner.sid() + " is that of server." + other.sid() + " too");
        });
    }

    /** Those by which others reach it: loopback and wildcard addresses mean something else on each machine. */
    private static Stream<Address> addresses(ServerSpec server) {
        return Stream.concat(Stream.of(server.quorum(), server.election()), server.client().stream())
                .filter(address -> !Literals.isLoopbackOrWildcard(address.host()))
                .map(address -> new Address(address.host().toLowerCase(Locale.ROOT), address.port()));
    }

    private static List<String> items(@Nullable String text) {
        return text == null ? List.of() : Parts.notBlank(text, ',');
    }
}
