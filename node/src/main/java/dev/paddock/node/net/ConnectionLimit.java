package dev.paddock.node.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts connections, of each address and of all, over all client loops. From any thread: once a connection, and short. */
final class ConnectionLimit {
    private final int perAddressMax;
    private final int totalMax;
    private final Map<InetAddress, Integer> counts = new HashMap<>(); // guarded by this
    private int total; // likewise

    /**
     * Starts with none.
     *
     * @param perAddressMax connections of one address; 0 is unlimited
     * @param totalMax      connections of all; 0 is unlimited
     */
    ConnectionLimit(int perAddressMax, int totalMax) {
        this.perAddressMax = perAddressMax;
        this.totalMax = totalMax;
    }

    /** Takes a place for a connection; false if its address, or all together, have all of them. */
    synchronized boolean enter(InetAddress address) {
        int count = counts.getOrDefault(address, 0);
        if ((totalMax > 0 && total >= totalMax) || (perAddressMax > 0 && count >= perAddressMax)) return false;
        counts.put(address, count + 1);
        total++;
        return true;
    }

    /** Gives a place back that {@link #enter} gave. */
    synchronized void leave(InetAddress address) {
        total--;
        counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
