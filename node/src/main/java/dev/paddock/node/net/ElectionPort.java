package dev.paddock.node.net;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The election port, with Apache ZooKeeper's {@code QuorumCnxManager} as the other side: a {@link Hello}, then notifications with an i32 length before each. Only
 * members are heard, and only at their configured addresses are they dialled, whatever a hello says. Owned by the core's event loop.
 */
final class ElectionPort {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionPort.class);

    private final long self;
    private final EventLoop loop;
    private final PeerTransport transport;
    private final Consumer<Input> inputs;
    private final SortedMap<Long, ElectionPeer> peers = new TreeMap<>(); // by sid; members other than this server
    private final Channel server;
    private final Strangers strangers = new Strangers();

    ElectionPort(PeerLinksConfig config, EventLoop loop, PeerTransport transport, Consumer<Input> inputs)
            throws IOException {
        this.self = config.self();
        this.loop = loop;
        this.transport = transport;
        this.inputs = inputs;
        this.server = transport.listen(config.electionAddress(), "votes", this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    void members(SortedMap<Long, ServerSpec> now) {
        ServerSpec own = now.get(self);
        peers.entrySet().removeIf(entry -> {
            boolean gone = own == null || !now.containsKey(entry.getKey());
            if (gone) entry.getValue().remove();
            return gone;
        });
        if (own == null) return;
        now.forEach((sid, spec) -> {
            if (sid == self) return;
            peers.computeIfAbsent(
                            sid,
                            s -> new ElectionPeer(self, s, spec.election(), own.election(), loop, transport, inputs))
                    .address(spec.election());
        });
    }

    void send(long sid, Notification notification) {
        ElectionPeer peer = peers.get(sid);
        if (peer != null) peer.send(notification);
    }

    void close() {
        var _ = server.close();
        peers.values().forEach(ElectionPeer::remove);
        peers.clear();
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
        if (peer == null) {
            LOG.info(
                    "refusing {} at the election port: server {} is not another member",
                    channel.remoteAddress(),
                    hello.sid());
            var _ = channel.close();
        } else if (hello.sid() < self) {
            var _ = channel.close();
            peer.dialBack();
        } else {
            peer.linked(channel);
        }
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
