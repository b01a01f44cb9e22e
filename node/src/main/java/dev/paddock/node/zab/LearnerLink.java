package dev.paddock.node.zab;

import dev.paddock.wire.QuorumPacket;

/** What the leader, or an observer master, knows of one learner's link. Owned by the core thread. */
final class LearnerLink {
    enum Phase {
        NEW, // has not said who it is
        INTRODUCED, // waits for LEADERINFO
        CALLED, // got LEADERINFO, owes ACKEPOCH
        READY, // acknowledged the epoch, waits for the others
        SYNCING, // got history and NEWLEADER, owes the ack
        SYNCED, // holds all history in our epoch
        ACTIVE; // got UPTODATE

        /** Whether the learner gets all new proposals and commits. */
        boolean forwarding() {
            return compareTo(SYNCING) >= 0;
        }

        /** Whether the learner's acks count. */
        boolean synced() {
            return compareTo(SYNCED) >= 0;
        }
    }

    final long link;
    Phase phase = Phase.NEW;
    long sid = -1;
    boolean takesHandOver; // from us to a server that we name; Apache's do not
    boolean observes; // learns what is committed; its acks say nothing
    boolean isShort; // of room on its disk, as it said last
    long lastZxid; // of its log, as it said when it acknowledged the epoch
    long lastAcked; // it has forced everything up to here
    long syncedZxid; // committed history that it got before NEWLEADER
    long lagZxid; // what it should have forced by now
    long lagSinceNanos; // when that was the end of our log
    long pingRound; // the newest ping that it answered
    long lastHeardNanos;

    LearnerLink(long link, long nowNanos) {
        this.link = link;
        this.lastHeardNanos = nowNanos;
    }

    /** The learner may not say this now. */
    ProtocolException unexpected(QuorumPacket p) {
        return new ProtocolException("packet of type " + p.type() + " from server " + sid + " in phase " + phase);
    }
}
