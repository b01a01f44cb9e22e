package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Hello;
import dev.paddock.wire.Notification;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The election port, with Apache ZooKeeper's {@code QuorumCnxManager} as the other side: a {@link Hello}, then notifications with an i32 length before each. Only
 * members are heard, and only at their configured addresses are they dialled, whatever a hello says. Owned by the core's event loop.
 */
final class ElectionPort {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionPort.class);

    private static final int JOINERS_MAX = 32;

    private final long self;
    private Address own; // told to the others
    private final boolean admitsJoiners;
    private final EventLoop loop;
    private final PeerTransport transport;
    private final Consumer<Input> inputs;
    private final SortedMap<Long, ElectionPeer> peers = new TreeMap<>(); // by sid; members other than this server
    private final SortedMap<Long, ElectionPeer> joiners = new TreeMap<>(); // by sid; linked, and no members
    private final PeerListener server;
    private final Strangers strangers = new Strangers();

    ElectionPort(PeerLinksConfig config, EventLoop loop, PeerTransport transport, Consumer<Input> inputs)
            throws IOException {
        this.self = config.self();
        this.own = config.ownElection();
        this.admitsJoiners = config.admitsJoiners();
        this.loop = loop;
        this.transport = transport;
        this.inputs = inputs;
        this.server = new PeerListener(
                loop, transport, config.electionAddress(), config.listensOnAllHosts(), "votes", this::accept);
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** From now on these are the members; this server need not be one. */
    void members(SortedMap<Long, ServerSpec> now) {
        peers.entrySet().removeIf(entry -> {
            boolean gone = !now.containsKey(entry.getKey());
            if (gone) entry.getValue().remove();
            return gone;
        });
        ServerSpec mine = now.get(self);
        if (mine != null) {
            own = mine.election();
            server.told(own);
        }
        now.forEach((sid, spec) -> {
            if (sid == self) return;
            ElectionPeer joined = joiners.remove(sid);
            if (joined != null) peers.putIfAbsent(sid, joined);
            peers.computeIfAbsent(sid, s -> peer(s, spec.election())).addresses(spec.election(), own);
        });
    }

    private ElectionPeer peer(long sid, @Nullable Address address) {
        return new ElectionPeer(self, sid, address, own, admitsJoiners, loop, transport, inputs);
    }

    void send(long sid, Notification notification) {
        ElectionPeer peer = peers.getOrDefault(sid, joiners.get(sid));
        if (peer != null) peer.send(notification);
    }

    void close() {
        server.close();
        peers.values().forEach(ElectionPeer::remove);
        peers.clear();
        joiners.values().forEach(ElectionPeer::remove);
        joiners.clear();
    }

    private void accept(Channel channel) {
        if (!strangers.admit(channel)) return;
        channel.pipeline().addLast(new HelloDecoder(this::greeted), new Refusal());
    }

    private void greeted(ChannelHandlerContext context, Hello hello) {
        Channel channel = context.channel();
        strangers.introduced(channel);
        context.pipeline().remove(Refusal.class);
        ElectionPeer peer = peers.get(hello.sid());
        if (peer == null && admitsJoiners && hello.sid() != self && hello.sid() >= 0) {
            joins(hello.sid(), channel);
        } else if (peer == null) {
            LOG.info(
                    "refusing {} at the election port: server {} is not another member",
                    channel.remoteAddress(),
                    hello.sid());
            var _ = channel.close();
        } else if (!peer.mayBe(channel)) {
            LOG.warn(
                    "refusing {} at the election port: its certificate is not that of server {}",
                    channel.remoteAddress(),
                    hello.sid());
            var _ = channel.close();
        } else if (hello.sid() < self) {
            peer.hailed(channel);
        } else {
            peer.linked(channel);
        }
    }

    /** Who is no member yet is answered on its own link, whatever its sid: we would not know where to dial it. */
    private void joins(long sid, Channel channel) {
        if (joiners.size() >= JOINERS_MAX && !joiners.containsKey(sid)) dropTheMostSilent();
        ElectionPeer joiner = joiners.computeIfAbsent(sid, s -> peer(s, null));
        joiner.linked(channel);
        var _ = channel.closeFuture().addListener(done -> {
            if (joiner.endsWith(channel)) joiners.remove(sid, joiner);
        });
    }

    /** A server that really joins loses nothing by it: it comes again when it has something to say. */
    private void dropTheMostSilent() {
        long now = System.nanoTime();
        long sid = Collections.max(
                joiners.keySet(),
                Comparator.comparingLong(joiner -> joiners.get(joiner).silentNanos(now)));
        LOG.info("{} servers are about to join; dropping server {}, which was silent for longest", JOINERS_MAX, sid);
        joiners.remove(sid).remove();
    }

    /** Hears of what goes wrong before the hello. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.info("refusing {} at the election port: {}", context.channel().remoteAddress(), cause.toString());
            var _ = context.close();
        }
    }
}
