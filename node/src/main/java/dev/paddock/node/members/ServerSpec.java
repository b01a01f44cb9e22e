package dev.paddock.node.members;

import java.util.Locale;
import java.util.Optional;

/**
 * One member of the ensemble: {@code host:quorumPort:electionPort[:participant|observer][;[clientHost:]clientPort]},
 * the value of a {@code server.N} line. IPv6 addresses stand in brackets.
 *
 * @param sid      the N of {@code server.N}
 * @param quorum   where it listens as a leader
 * @param election where it listens for votes
 * @param role     whether it votes
 * @param client   where it listens for clients; the host is {@code 0.0.0.0} where the line names only a port
 */
public record ServerSpec(long sid, Address quorum, Address election, Role role, Optional<Address> client) {
    /** Whether a member votes. */
    public enum Role {
        /** Votes and may lead. */
        PARTICIPANT,
        /** Learns what is committed, does not vote. */
        OBSERVER
    }

    /**
     * Parses the value of a {@code server.N} line.
     *
     * @throws IllegalArgumentException with one sentence that says what is wrong
     */
    public static ServerSpec parse(long sid, String text) {
        return SpecText.parse(sid, text);
    }

    /** The value of the line as Apache ZooKeeper prints it: the role always, and the client address if known. */
    public String toLine() {
        return quorum + ":" + election.port() + ":" + role.name().toLowerCase(Locale.ROOT)
                + client.map(address -> ";" + address).orElse("");
    }

    public static Role role(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "participant" -> Role.PARTICIPANT;
            case "observer" -> Role.OBSERVER;
            default -> throw new IllegalArgumentException("'" + text + "' is neither participant nor observer");
        };
    }
}
