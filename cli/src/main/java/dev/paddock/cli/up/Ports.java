package dev.paddock.cli.up;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ports of {@code paddock up}, all on 127.0.0.1. Server N has client port 21810+N, quorum 28880+N, election 38880+N and
 * admin 8080+N.
 *
 * @param shift added to every port; 0 but in tests, which must not meet what else runs on the machine
 */
record Ports(int shift) {
    static final String HOST = "127.0.0.1";
    /** The most servers that a manifest can ask for. */
    static final int SERVERS_MAX = 9;

    int client(int id) {
        return 21810 + shift + id;
    }

    int quorum(int id) {
        return 28880 + shift + id;
    }

    int election(int id) {
        return 38880 + shift + id;
    }

    int admin(int id) {
        return 8080 + shift + id;
    }

    int sidecar() {
        return 2190 + shift;
    }

    int sidecarAdmin() {
        return 2191 + shift;
    }

    int proxy() {
        return 2181 + shift;
    }

    /** {@code host:port} of one of the ports above. */
    static String at(int port) {
        return HOST + ":" + port;
    }

    /** The ids of all servers that there can be. */
    List<Integer> everyServer() {
        return IntStream.rangeClosed(1, SERVERS_MAX).boxed().toList();
    }

    /** The connect string of these servers. */
    String connectString(Collection<Integer> servers) {
        return servers.stream().map(id -> at(client(id))).collect(Collectors.joining(","));
    }

    /** The line of server {@code id} in the list of members, with its client address. */
    String member(int id, String role) {
        return "server." + id + "=" + HOST + ":" + quorum(id) + ":" + election(id) + ":" + role + ";" + at(client(id));
    }

    /** Every port that will be bound, with who wants it. */
    List<Wanted> all(Collection<Integer> servers) {
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(new Wanted(sidecar(), "the sidecar's API"));
        wanted.add(new Wanted(sidecarAdmin(), "the sidecar's admin"));
        wanted.add(new Wanted(proxy(), "the sidecar's ZooKeeper proxy"));
        servers.forEach(id -> wanted.addAll(ofServer(id)));
        return wanted;
    }

    /** Likewise of one server. */
    List<Wanted> ofServer(int id) {
        return List.of(
                new Wanted(client(id), "clients of server " + id),
                new Wanted(quorum(id), "the quorum port of server " + id),
                new Wanted(election(id), "the election port of server " + id),
                new Wanted(admin(id), "the admin port of server " + id));
    }

    /** A port and who wants it, such as "the sidecar's API". */
    record Wanted(int port, String by) {}
}
