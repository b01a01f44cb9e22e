package dev.paddock.node.server;

import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Peer;
import java.util.Map;
import java.util.Optional;

/** What the core shows of itself to other threads: one immutable value after each batch. */
final class StatusBoard {
    private final boolean standalone;
    private final int quorumSize;
    private volatile ServerStatus current = ServerStatus.NOT_SERVING;

    /**
     * @param standalone whether this server runs without peers
     * @param quorumSize voters that make a quorum
     */
    StatusBoard(boolean standalone, int quorumSize) {
        this.standalone = standalone;
        this.quorumSize = quorumSize;
    }

    ServerStatus current() {
        return current;
    }

    /** On the core thread, after each batch. */
    void publish(Replica replica) {
        if (!replica.peer().serving()) {
            current = ServerStatus.NOT_SERVING;
            return;
        }
        Database db = replica.committed();
        boolean leading = replica.peer().role() == Peer.Role.LEADING;
        String state = standalone ? "standalone" : leading ? "leader" : "follower";
        Optional<String> peerState =
                standalone ? Optional.empty() : Optional.of((leading ? "leading" : "following") + " - broadcast");
        current = new ServerStatus(
                true,
                false,
                state,
                peerState,
                db.lastZxid(),
                db.znodeCount(),
                db.ephemeralCount(),
                db.approximateDataSize(),
                db.sessionCount(),
                Optional.empty(),
                leading && !standalone ? leaderValues(replica) : Map.of());
    }

    private Map<String, Number> leaderValues(Replica replica) {
        int synced = replica.peer().syncedFollowers();
        return Map.of("quorum_size", quorumSize, "synced_followers", synced, "learners", synced);
    }
}
