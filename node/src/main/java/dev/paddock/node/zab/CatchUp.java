package dev.paddock.node.zab;

import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Zxid;
import java.util.Optional;
import java.util.function.Consumer;

/** How a learner gets the committed history that it lacks, and is rid of what it has too much. */
final class CatchUp {
    private CatchUp() {}

    /** Sends what is missing after {@link LearnerLink#lastZxid}, by the cheapest way there is. */
    static void send(History history, LearnerLink learner, Consumer<Effect> out) {
        if (learner.lastZxid == history.lastCommitted()) {
            Learners.send(learner, QuorumPacket.DIFF, history.lastCommitted(), null, out);
            return;
        }
        Optional<CommitLog.Diff> diff = history.recent().diffFrom(learner.lastZxid);
        if (diff.isEmpty()) {
            out.accept(new Effect.Note("server " + learner.sid + " at " + Zxid.toString(learner.lastZxid)
                    + " gets a snapshot of " + Zxid.toString(history.lastCommitted())));
            out.accept(new Effect.Snapshot(learner.link));
            return;
        }
        boolean cut = diff.get().common() != learner.lastZxid;
        if (cut) Learners.send(learner, QuorumPacket.TRUNC, diff.get().common(), null, out);
        else Learners.send(learner, QuorumPacket.DIFF, history.lastCommitted(), null, out);
        for (Proposal p : diff.get().missing()) {
            Learners.send(learner, QuorumPacket.PROPOSAL, p.zxid(), p.payload(), out);
            Learners.send(learner, QuorumPacket.COMMIT, p.zxid(), null, out);
        }
    }
}
