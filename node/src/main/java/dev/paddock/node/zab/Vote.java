package dev.paddock.node.zab;

import dev.paddock.wire.Notification;

/**
 * Who should lead, and why.
 *
 * @param leader sid
 * @param zxid last zxid in that server's log
 * @param round the election round in which the vote was cast ({@code electionEpoch} on the wire)
 * @param epoch that server's currentEpoch ({@code peerEpoch} on the wire)
 */
record Vote(long leader, long zxid, long round, long epoch) {
    static Vote of(Notification n) {
        return new Vote(n.leader(), n.zxid(), n.electionEpoch(), n.peerEpoch());
    }

    /** The order of votes: newer epoch, then longer history, then larger sid. */
    boolean beats(Vote other) {
        if (epoch != other.epoch) return epoch > other.epoch;
        if (zxid != other.zxid) return zxid > other.zxid;
        return leader > other.leader;
    }

    /**
     * Servers that follow or lead agree if they name the same leader of the same epoch; or of the same round, since each
     * learns the new epoch at its own time.
     */
    boolean agreesSettled(Vote other) {
        return leader == other.leader && (epoch == other.epoch || round == other.round);
    }

    Vote inRound(long newRound) {
        return new Vote(leader, zxid, newRound, epoch);
    }

    Vote inEpoch(long newEpoch) {
        return new Vote(leader, zxid, round, newEpoch);
    }
}
