package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Peer links on an event loop of their own, with a list in place of the core. */
final class CoreLoop implements AutoCloseable {
    final long sid;
    final List<Input> inputs = new CopyOnWriteArrayList<>();
    final List<String> lookedUp = new CopyOnWriteArrayList<>(); // names, as often as that was
    final NettyPeerLinks links;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    CoreLoop(long sid) throws IOException {
        this(sid, 0, 0);
    }

    CoreLoop(long sid, PeerTls tls) throws IOException {
        this(sid, 0, 0, 0, false, tls);
    }

    CoreLoop(long sid, int quorumPort, int electionPort) throws IOException {
        this(sid, quorumPort, electionPort, false);
    }

    CoreLoop(long sid, int quorumPort, int electionPort, boolean admitsJoiners) throws IOException {
        this(sid, quorumPort, electionPort, 0, admitsJoiners, null);
    }

    /** One that can be an observer master. */
    static CoreLoop withMaster(long sid, int masterPort, boolean admitsJoiners) throws IOException {
        return new CoreLoop(sid, 0, 0, masterPort, admitsJoiners, null);
    }

    private CoreLoop(
            long sid, int quorumPort, int electionPort, int masterPort, boolean admitsJoiners, @Nullable PeerTls tls)
            throws IOException {
        this.sid = sid;
        var config = new PeerLinksConfig(
                sid,
                loopback(quorumPort),
                loopback(electionPort),
                new Address("localhost", electionPort),
                false,
                masterPort,
                1 << 20,
                64 << 20,
                2000,
                1,
                admitsJoiners,
                TreeRules.DEFAULT);
        this.links = NettyPeerLinks.open(config, tls, this::lookUp, loop.next(), inputs::add);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        lookedUp.add(host);
        return InetAddress.getAllByName(host);
    }

    ServerSpec spec() {
        return spec(
                sid, links.quorumAddress().getPort(), links.electionAddress().getPort());
    }

    static ServerSpec spec(long sid, int quorumPort, int electionPort) {
        return new ServerSpec(
                sid,
                new Address("127.0.0.1", quorumPort),
                new Address("localhost", electionPort),
                ServerSpec.Role.PARTICIPANT,
                Optional.empty());
    }

    static SortedMap<Long, ServerSpec> members(ServerSpec... specs) {
        var members = new TreeMap<Long, ServerSpec>();
        for (ServerSpec spec : specs) members.put(spec.sid(), spec);
        return members;
    }

    void reaches(SortedMap<Long, ServerSpec> members) {
        carryOut(new Effect.Reachable(members));
    }

    void carryOut(Effect.ToPeers... inOneStep) {
        loop.next().execute(() -> {
            for (Effect.ToPeers effect : inOneStep) links.carryOut(effect);
            links.flush();
        });
    }

    <T extends Input> List<T> inputs(Class<T> type) {
        return inputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    Optional<LinkStats> stats(long link) throws Exception {
        return loop.next().submit(() -> links.stats(link)).get();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Stops as {@link #close} does, before the end of the test. */
    void stop() {
        if (loop.isShuttingDown()) return;
        links.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Override
    public void close() {
        stop();
    }
}
