package dev.paddock.node.net;

import dev.paddock.node.tree.Database;
import java.util.Optional;

/**
 * How a server is, as the core saw it last: immutable, so that it is published by one volatile field. What the client
 * loops count themselves is not here.
 *
 * @param isServing     whether it is part of a quorum that works, or serves reads; all else is shown only then
 * @param takesClients  whether clients are served; a leader may take none
 * @param isReadOnly    whether it serves reads only, having no quorum
 * @param serverState   {@code standalone}, {@code leader}, {@code follower}, {@code observer} or {@code read-only}
 * @param peerState     of an ensemble's member, like {@code following - broadcast}
 * @param leader        sid of the leader; -1 where there is none
 * @param database      all that was applied
 * @param proposalSizes of a leader
 */
public record ServerStatus(
        boolean isServing,
        boolean takesClients,
        boolean isReadOnly,
        String serverState,
        Optional<String> peerState,
        long leader,
        Database database,
        Optional<ProposalSizes> proposalSizes) {

    /** Bytes of the proposals a leader has made; -1 each if there was none. */
    public record ProposalSizes(int last, int min, int max) {}

    /** Of a server that looks for its ensemble. */
    public static final ServerStatus NOT_SERVING = new ServerStatus(
            false, false, false, "leaderelection", Optional.empty(), -1, Database.empty(), Optional.empty());

    /** How many znodes are shown: Apache ZooKeeper counts the root twice. */
    public long shownZnodes() {
        return database.znodeCount() + 1;
    }
}
