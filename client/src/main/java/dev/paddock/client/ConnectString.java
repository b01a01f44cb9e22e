package dev.paddock.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a client connects: {@code host:port,host:port/chroot}. The port may be left out (2181); an IPv6 address stands in brackets; the chroot may be
 * left out.
 *
 * @param servers at least one, in the order given
 * @param chroot a path that stands before all paths of the client, without a slash at its end; empty for none
 */
public record ConnectString(List<Server> servers, String chroot) {
    private static final int PORT_DEFAULT = 2181;

    /** A host name or an address (without brackets), and a port. */
    public record Server(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Parses one.
     *
     * @throws IllegalArgumentException saying what is wrong and where
     */
    public static ConnectString parse(String text) {
        int slash = text.indexOf('/');
        String hosts = slash < 0 ? text : text.substring(0, slash);
        String chroot = slash < 0 || slash == text.length() - 1 ? "" : text.substring(slash);
        if (!chroot.isEmpty()) {
            Paths.check(chroot);
        }
        var servers = new ArrayList<Server>();
        for (String part : hosts.split(",", -1)) {
            servers.add(server(part.strip(), text));
        }
        return new ConnectString(List.copyOf(servers), chroot);
    }

    private static Server server(String part, String text) {
        int colon = part.lastIndexOf(':');
        boolean bracketed = part.startsWith("[");
        int close = part.indexOf(']');
        if (bracketed && (close < 0 || close != (colon > close ? colon : part.length()) - 1)) {
            throw new IllegalArgumentException("bad IPv6 address \"" + part + "\" in \"" + text + "\"");
        }
        boolean hasPort = bracketed ? colon > close : colon >= 0;
        String host = bracketed ? part.substring(1, close) : hasPort ? part.substring(0, colon) : part;
        if (host.isEmpty() || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException("expected host:port, found \"" + part + "\" in \"" + text + "\"");
        }
        return new Server(host, hasPort ? port(part.substring(colon + 1), text) : PORT_DEFAULT);
    }

    private static int port(String digits, String text) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException(
                "expected a port from 1 to 65535, found \"" + digits + "\" in \"" + text + "\"");
    }

    @Override
    public String toString() {
        return String.join(",", servers.stream().map(Server::toString).toList()) + chroot;
    }
}
