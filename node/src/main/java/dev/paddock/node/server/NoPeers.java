package dev.paddock.node.server;

import dev.paddock.node.net.LinkStats;
import dev.paddock.node.net.PeerLinks;
import dev.paddock.node.zab.Effect;
import java.util.Optional;

/** A standalone server's peers: none. */
final class NoPeers implements PeerLinks {
    @Override
    public void carryOut(Effect.ToPeers effect) {
        throw new IllegalStateException("a standalone server has no peers: " + effect);
    }

    @Override
    public void flush() {
        // nothing was written
    }

    @Override
    public Optional<LinkStats> stats(long link) {
        return Optional.empty();
    }

    @Override
    public void resetStats() {
        // nothing is counted
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
