package dev.paddock.node.members;

import java.util.ArrayList;
import java.util.List;
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
        if (text.indexOf('|') >= 0) {
            throw new IllegalArgumentException("several addresses for one server are not supported; keep one");
        }
        int semicolon = text.indexOf(';');
        List<String> peer = split(semicolon < 0 ? text : text.substring(0, semicolon));
        if (peer.size() < 3 || peer.size() > 4) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not host:quorumPort:electionPort[:participant|observer][;[host:]clientPort]");
        }
        String host = host(peer.get(0));
        Address quorum = new Address(host, port(peer.get(1), "quorum port"));
        Address election = new Address(host, port(peer.get(2), "election port"));
        Role role = peer.size() == 4 ? role(peer.get(3)) : Role.PARTICIPANT;
        Optional<Address> client = semicolon < 0 ? Optional.empty() : client(text.substring(semicolon + 1));
        return new ServerSpec(sid, quorum, election, role, client);
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

    static int port(String text, String what) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " '" + text + "' is not a number from 1 to 65535", e);
        }
        throw new IllegalArgumentException(what + " '" + text + "' is not a number from 1 to 65535");
    }

    private static Optional<Address> client(String text) {
        List<String> parts = split(text);
        return switch (parts.size()) {
            case 1 ->
                parts.getFirst().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Address("0.0.0.0", port(parts.getFirst(), "client port")));
            case 2 -> Optional.of(new Address(host(parts.get(0)), port(parts.get(1), "client port")));
            default -> throw new IllegalArgumentException("'" + text + "' after the ';' is not [host:]clientPort");
        };
    }

    private static String host(String text) {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("'" + text + "' is not a host name or address");
        }
        return host;
    }

    /** Splits at colons outside brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        boolean bracketed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[' || c == ']') {
                bracketed = c == '[';
            } else if (c == ':' && !bracketed) {
                parts.add(text.substring(from, i).trim());
                from = i + 1;
            }
        }
        parts.add(text.substring(from).trim());
        return parts;
    }
}
