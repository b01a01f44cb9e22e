package dev.paddock.node.members;

import dev.paddock.node.members.ServerSpec.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the value of a {@code server.N} line. Its parts are looked at in the order in which Apache ZooKeeper 3.9 does,
 * so that of several faults the same one is found first.
 */
final class SpecText {
    private static final int PORT_MAX = 65_535;

    private final String text;

    private SpecText(String text) {
        this.text = text;
    }

    static ServerSpec parse(long sid, String text) {
        return new SpecText(text).parse(sid);
    }

    private ServerSpec parse(long sid) {
        List<String> halves = Parts.of(text, ';');
        if (halves.isEmpty()) throw new MalformedException("'" + text + "' names no server");
        Optional<Address> client = halves.size() == 2 ? Optional.of(client(halves.get(1))) : Optional.empty();
        List<String> addresses = Parts.of(halves.getFirst(), '|');
        if (addresses.size() != 1) {
            throw new IllegalArgumentException("several addresses for one server are not supported; keep one");
        }
        List<String> peer = parts(addresses.getFirst());
        if (halves.size() > 2 || peer.size() < 3 || peer.size() > 4) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not host:quorumPort:electionPort[:participant|observer][;[host:]clientPort]");
        }
        Address quorum = address(peer.get(0), peer.get(1), "quorum port");
        Address election = address(peer.get(0), peer.get(2), "election port");
        if (quorum.port() == election.port()) {
            throw new IllegalArgumentException("'" + text + "' has one port twice; quorum and election need their own");
        }
        Role role = peer.size() == 4 ? ServerSpec.role(peer.get(3).trim()) : Role.PARTICIPANT;
        return new ServerSpec(sid, quorum, election, role, client);
    }

    private Address client(String half) {
        List<String> parts = parts(half);
        return switch (parts.size()) {
            case 0 -> throw new MalformedException("'" + text + "' has no client port after the ';'");
            case 1 -> address("0.0.0.0", parts.get(0), "client port");
            case 2 -> address(parts.get(0), parts.get(1), "client port");
            default -> throw new IllegalArgumentException("'" + half + "' after the ';' is not [host:]clientPort");
        };
    }

    private static Address address(String host, String port, String what) {
        Address address = new Address(Literals.canonical(host), port(port, what));
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("'" + host + "' is not a host name or address");
        }
        return address;
    }

    private static int port(String text, String what) {
        int port;
        String fault = what + " '" + text + "' is not a number from 1 to " + PORT_MAX;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(fault, e);
        }
        if (port < 0 || port > PORT_MAX) throw new MalformedException(fault);
        if (port == 0) throw new IllegalArgumentException(fault);
        return port;
    }

    /** What stands between colons; a host in brackets may have some of its own. */
    private List<String> parts(String half) {
        if (!half.startsWith("[")) return Parts.of(half, ':');
        int end = half.indexOf(']');
        if (end < 0 || end + 2 == half.length()) {
            throw new IllegalArgumentException("'" + text + "' has a '[' without a ']' and a port after it");
        }
        List<String> parts = new ArrayList<>(List.of(half.substring(1, end)));
        if (end + 2 < half.length()) parts.addAll(Parts.of(half.substring(end + 2), ':'));
        return parts;
    }
}
