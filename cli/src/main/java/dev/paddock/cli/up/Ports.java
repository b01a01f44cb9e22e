package dev.paddock.cli.up;

import java.util.ArrayList;
import java.util.List;

/**
 * The ports of {@code paddock up}, all on 127.0.0.1. Server N has client port 21810+N, quorum 28880+N, election 38880+N and
 * admin 8080+N.
 *
 * @param shift added to every port; 0 but in tests, which must not meet what else runs on the machine
 */
record Ports(int shift) {
    static final String HOST = "127.0.0.1";

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

    /** The connect string of the first {@code servers} servers. */
    String connectString(int servers) {
        List<String> addresses = new ArrayList<>();
        for (int id = 1; id <= servers; id++) addresses.add(at(client(id)));
        return String.join(",", addresses);
    }

    /** Every port that will be bound, with who wants it. */
    List<Wanted> all(int servers) {
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(new Wanted(sidecar(), "the sidecar's API"));
        wanted.add(new Wanted(sidecarAdmin(), "the sidecar's admin"));
        wanted.add(new Wanted(proxy(), "the sidecar's ZooKeeper proxy"));
        for (int id = 1; id <= servers; id++) {
            wanted.add(new Wanted(client(id), "clients of server " + id));
            wanted.add(new Wanted(quorum(id), "the quorum port of server " + id));
            wanted.add(new Wanted(election(id), "the election port of server " + id));
            wanted.add(new Wanted(admin(id), "the admin port of server " + id));
        }
        return wanted;
    }

    /** A port and who wants it, such as "the sidecar's API". */
    record Wanted(int port, String by) {}
}
