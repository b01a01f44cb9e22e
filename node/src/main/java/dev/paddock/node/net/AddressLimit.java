package dev.paddock.node.net;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the connections of each address, over all client loops. */
final class AddressLimit {
    private final int max;
    private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    /** @param max connections of one address; 0 is unlimited */
    AddressLimit(int max) {
        this.max = max;
    }

    /** Takes a place for a connection; false if its address has all of them. */
    boolean enter(InetAddress address) {
        int count = counts.merge(address, 1, Integer::sum);
        if (max > 0 && count > max) {
            leave(address);
            return false;
        }
        return true;
    }

    /** Gives a place back that {@link #enter} gave. */
    void leave(InetAddress address) {
        counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
