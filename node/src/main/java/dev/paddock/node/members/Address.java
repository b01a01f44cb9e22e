package dev.paddock.node.members;

/**
 * A host name or literal address, unresolved, and a port. Names are looked up again at each connect, since pods move.
 *
 * @param host without brackets, never empty
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
