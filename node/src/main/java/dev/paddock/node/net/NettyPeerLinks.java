package dev.paddock.node.net;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The quorum port and the election port: carries out what the core asks of its peers and tells it what came from them. All of it lives on the event loop that is
 * the core thread, so nothing is handed over between threads. It decides nothing, beyond refusing strangers.
 */
public final class NettyPeerLinks implements PeerLinks {
    private final EventLoop core;
    private final QuorumPort quorum;
    private final ElectionPort election;

    /**
     * Opens both ports. Nobody is a member until {@link Effect.Reachable} says so.
     *
     * @param tls    what the members speak with each other; null for none
     * @param core   the core thread; not the one that calls this
     * @param inputs takes what happens, on the core thread, never while an effect is being carried out
     * @throws IOException if an address cannot be listened to; says which
     */
    public static NettyPeerLinks open(
            PeerLinksConfig config, @Nullable PeerTls tls, EventLoop core, Consumer<Input> inputs) throws IOException {
        return open(config, tls, InetAddress::getAllByName, core, inputs);
    }

    static NettyPeerLinks open(
            PeerLinksConfig config,
            @Nullable PeerTls tls,
            PeerTransport.Names names,
            EventLoop core,
            Consumer<Input> inputs)
            throws IOException {
        var transport = new PeerTransport(core, config.connectTimeoutMillis(), config.bindAttempts(), tls, names);
        var quorum = new QuorumPort(config, core, transport, inputs);
        try {
            return new NettyPeerLinks(core, quorum, new ElectionPort(config, core, transport, inputs));
        } catch (IOException e) {
            quorum.close();
            throw e;
        }
    }

    private NettyPeerLinks(EventLoop core, QuorumPort quorum, ElectionPort election) {
        this.core = core;
        this.quorum = quorum;
        this.election = election;
    }

    /** Where learners are listened for. */
    public InetSocketAddress quorumAddress() {
        return quorum.address();
    }

    /** Where votes are listened for. */
    public InetSocketAddress electionAddress() {
        return election.address();
    }

    @Override
    public void carryOut(Effect.ToPeers effect) {
        switch (effect) {
            case Effect.Notify(var sid, var notification) -> election.send(sid, notification);
            case Effect.Dial(var sid) -> quorum.dial(sid);
            case Effect.DialMaster(var sid) -> quorum.dialMaster(sid);
            case Effect.ListenForObservers(var listens) -> quorum.listenForObservers(listens);
            case Effect.Send(var link, var packet) -> quorum.send(link, packet);
            case Effect.SendSnapshot(var link, var database) -> quorum.sendSnapshot(link, database);
            case Effect.Unlink(var link) -> quorum.unlink(link);
            case Effect.Reachable(var servers) -> {
                quorum.members(servers);
                election.members(servers);
            }
        }
    }

    @Override
    public void flush() {
        quorum.flush();
    }

    @Override
    public Optional<LinkStats> stats(long link) {
        return quorum.stats(link);
    }

    @Override
    public void resetStats() {
        quorum.resetStats();
    }

    /** Closes every link and stops listening. From any thread, while the core thread runs. */
    @Override
    public void close() {
        if (!core.inEventLoop()) {
            core.execute(this::close);
            return;
        }
        quorum.close();
        election.close();
    }
}
