package dev.paddock.node.net;

import dev.paddock.node.zab.Effect;
import java.util.Optional;

/**
 * The links to the other servers of the ensemble: votes on the election port, packets on the quorum port. What they
 * bring reaches the core as {@link dev.paddock.node.zab.Input}. Owned by the core thread, on whose event loop they run.
 */
public interface PeerLinks extends AutoCloseable {
    /** Carries out an effect. What it sends may stay in a buffer until {@link #flush}. */
    void carryOut(Effect.ToPeers effect);

    /** Sends all that was written since the last flush; called once for each batch. */
    void flush();

    /** What the link has carried; empty if it has ended. */
    Optional<LinkStats> stats(long link);

    /** Counts what all links carry from 0 again. */
    void resetStats();

    /** Closes every link and stops listening. */
    @Override
    void close();
}
