package dev.paddock.node.replica;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.zab.Effect;

/** Takes what the core wants done, in order. */
public interface ReplicaOut {
    /** For the peer links. */
    void toPeers(Effect.ToPeers effect);

    /** For the disk; carried out first in, first out, and answered as {@link Effect} says. */
    void toDisk(Effect.ToDisk effect);

    /** For every client loop. */
    void toAll(Delivery delivery);

    /** For one client loop. */
    void toLoop(int loop, Delivery delivery);

    /** A write goes beyond a quota; told by the leader alone, to the log and to the counts. */
    void overQuota(Overrun overrun);

    /** Something an operator would want to read in the log. */
    void note(String text);
}
