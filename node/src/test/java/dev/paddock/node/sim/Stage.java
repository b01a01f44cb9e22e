package dev.paddock.node.sim;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;

/** How far a server has come in its role, as what it says to its peers tells. */
final class Stage {
    private enum Said {
        NOTHING,
        LEADERINFO,
        ACKEPOCH,
        NEWLEADER,
        ACK
    }

    private Said last = Said.NOTHING; // since it looked for a leader or served

    /** A process starts, or the server serves, after which it can only begin anew. */
    void begins() {
        last = Said.NOTHING;
    }

    void says(Effect.ToPeers effect) {
        switch (effect) {
            case Effect.Notify(long _, Notification n) -> {
                if (n.state() == Notification.LOOKING) begins();
            }
            case Effect.Send(long _, QuorumPacket p) -> last = after(p.type());
            case Effect.Dial _,
                    Effect.DialMaster _,
                    Effect.ListenForObservers _,
                    Effect.SendSnapshot _,
                    Effect.Unlink _,
                    Effect.Reachable _ -> {}
        }
    }

    private Said after(int type) {
        return switch (type) {
            case QuorumPacket.LEADERINFO -> last == Said.NEWLEADER ? last : Said.LEADERINFO;
            case QuorumPacket.ACKEPOCH -> Said.ACKEPOCH;
            case QuorumPacket.NEWLEADER -> Said.NEWLEADER;
            case QuorumPacket.ACK -> Said.ACK;
            default -> last;
        };
    }

    /** In words, of what is now such a server. */
    String of(Peer peer) {
        return switch (peer.role()) {
            case LOOKING -> "servers that look for a leader";
            case LEADING -> peer.broadcasting() ? "leaders that serve" : ofLeader();
            case FOLLOWING, OBSERVING -> peer.serving() ? "learners that serve" : ofLearner();
        };
    }

    private String ofLeader() {
        return switch (last) {
            case NOTHING, ACKEPOCH, ACK -> "leaders that wait for learners";
            case LEADERINFO -> "leaders that wait for their epoch to be promised";
            case NEWLEADER -> "leaders that wait for acks of NEWLEADER";
        };
    }

    private String ofLearner() {
        return switch (last) {
            case NOTHING, LEADERINFO, NEWLEADER -> "learners that wait for an epoch";
            case ACKEPOCH -> "learners that take over history";
            case ACK -> "learners that wait for UPTODATE";
        };
    }
}
