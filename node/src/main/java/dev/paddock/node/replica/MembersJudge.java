package dev.paddock.node.replica;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.Reconfiguration;
import dev.paddock.node.members.Reconfiguration.Outcome;
import dev.paddock.node.members.Reconfiguration.Outcome.Refused;
import dev.paddock.node.request.Preparer;
import dev.paddock.node.zab.Ensemble;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;

/** What a leader makes of a request to change the members; the order of the refusals is Apache's. */
record MembersJudge(Ensemble ensemble, Peer peer) implements Preparer.Reconfigurations {
    @Override
    public Outcome judge(Request.Reconfig request, long zxid) {
        if (!ensemble.changeable()) return new Refused(ErrorCode.RECONFIG_DISABLED, "reconfigEnabled is not set");
        if (ensemble.alone()) return new Refused(ErrorCode.UNIMPLEMENTED, "a standalone server has no members");
        if (peer.isReconfiguring()) return new Refused(ErrorCode.RECONFIG_IN_PROGRESS, "one is under way");
        Members now = peer.members();
        if (request.fromConfigVersion() != -1 && request.fromConfigVersion() != now.version()) {
            return new Refused(ErrorCode.BAD_VERSION, "the version is 0x" + Long.toHexString(now.version()));
        }
        Outcome judged = Reconfiguration.judge(
                now,
                request.joiningServers(),
                request.leavingServers(),
                request.newMembers(),
                ensemble.standaloneEnabled(),
                zxid);
        return judged instanceof Outcome.Accepted(Members next) && !peer.isQuorumSynced(next)
                ? new Refused(ErrorCode.NEW_CONFIG_NO_QUORUM, "no quorum of the new members keeps up")
                : judged;
    }
}
