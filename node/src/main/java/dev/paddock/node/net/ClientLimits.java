package dev.paddock.node.net;

import dev.paddock.node.front.Throttling;

/**
 * Bounds of a client port as a whole.
 *
 * @param perAddressMax connections of one IP address, {@code maxClientCnxns}; 0 is unlimited
 * @param totalMax      connections of all, {@code maxCnxns}; 0 is unlimited
 * @param backlog       connections that the kernel keeps for us to accept, {@code clientPortListenBacklog}; -1 is our own choice
 * @param tcpKeepAlive  whether the kernel looks after silent connections, {@code clientTcpKeepAlive}
 */
public record ClientLimits(int perAddressMax, int totalMax, int backlog, boolean tcpKeepAlive, Throttling throttling) {
    /** No bound on connections. */
    public static final ClientLimits NONE = new ClientLimits(0, 0, -1, false, Throttling.DEFAULT);

    /** The same with another bound on the connections of one address. */
    public ClientLimits withPerAddressMax(int connections) {
        return new ClientLimits(connections, totalMax, backlog, tcpKeepAlive, throttling);
    }
}
