package dev.paddock.node.server;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.net.ClientPort;
import dev.paddock.node.net.PeerLinks;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.zab.Effect;
import java.util.List;

/**
 * Where the core's batches go.
 *
 * @param status publishes what four letter words show
 */
record NodeEdges(PeerLinks peers, DiskThread diskThread, ClientPort clients, StatusBoard status)
        implements CoreLoop.Edges {
    @Override
    public void disk(List<Effect.ToDisk> batch) {
        diskThread.ask(batch);
    }

    @Override
    public void deliver(List<List<Delivery>> byLoop) {
        clients.deliver(byLoop);
    }

    @Override
    public void stepped(Replica replica) {
        status.publish(replica);
    }
}
