package dev.paddock.node.net;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, of each address and of all, over all client loops. */
final class ConnectionLimit {
    private final int perAddressMax;
    private final int totalMax;
    private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

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
    boolean enter(InetAddress address) {
        int all = total.incrementAndGet();
        int count = counts.merge(address, 1, Integer::sum);
        boolean isOver = (totalMax > 0 && all > totalMax) || (perAddressMax > 0 && count > perAddressMax);
        if (isOver) leave(address);
        return !isOver;
    }

    /** Gives a place back that {@link #enter} gave. */
    void leave(InetAddress address) {
        total.decrementAndGet();
        counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
