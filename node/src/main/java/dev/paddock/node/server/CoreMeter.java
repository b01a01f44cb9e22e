package dev.paddock.node.server;

import dev.paddock.node.net.ServerStatus.ProposalSizes;
import dev.paddock.node.zab.Effect;

/** Counts what the core brings about. Owned by the core thread. */
final class CoreMeter {
    private int proposalBytesLast = -1;
    private int proposalBytesMin = -1;
    private int proposalBytesMax = -1;

    void toDisk(Effect.ToDisk effect) {
        if (effect instanceof Effect.Append(var proposal)) {
            int bytes = proposal.payload().length;
            proposalBytesLast = bytes;
            proposalBytesMin = proposalBytesMin < 0 ? bytes : Math.min(bytes, proposalBytesMin);
            proposalBytesMax = Math.max(bytes, proposalBytesMax);
        }
    }

    /** What {@link #toDisk} has seen since the start or the last {@link #reset}. */
    ProposalSizes proposalSizes() {
        return new ProposalSizes(proposalBytesLast, proposalBytesMin, proposalBytesMax);
    }

    void reset() {
        proposalBytesLast = -1;
        proposalBytesMin = -1;
        proposalBytesMax = -1;
    }
}
