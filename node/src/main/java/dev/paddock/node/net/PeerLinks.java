package dev.paddock.node.net;

import dev.paddock.node.zab.Effect;

/**
 * The links to the other servers of the ensemble: votes on the election port, packets on the quorum port. What they
 * bring reaches the core as {@link dev.paddock.node.zab.Input}. Owned by the core thread, on whose event loop they run.
 */
public interface PeerLinks extends AutoCloseable {
    /** Carries out an effect. What it sends may stay in a buffer until {@link #flush}. */
    void carryOut(Effect.ToPeers effect);

    /** Sends all that was written since the last flush; called once for each batch. */
    void flush();

    /** Closes every link and stops listening. */
    @Override
    void close();
}
