package dev.paddock.operator.cluster;

import dev.paddock.operator.planner.Role;
import java.util.Optional;

/** Asks a server what it is. */
@FunctionalInterface
public interface Probe {

    /**
     * What a serving server says.
     *
     * @param zxid the newest transaction it has applied
     */
    record Report(Role role, long zxid) {
        /** The epoch of that transaction. */
        long epoch() {
            return zxid >>> 32;
        }
    }

    /** The answer of the server at that host; empty if there is none in a second, or it serves nobody. Blocks. */
    Optional<Report> ask(String host);

    /** Asks by the four letter word {@code srvr} on the client port, which every ZooKeeper answers too. */
    static Probe overTcp() {
        return new SrvrProbe();
    }
}
