package dev.paddock.node.net;

import dev.paddock.node.log.SnapshotDecoder;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.tree.Database;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.WireException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quorum port: learners dial it, and from here leaders are dialled. Likewise the port of the observer master, for observers and followers. A learner becomes known to the core with its first packet, which must name another
 * member as the sender; before that it costs one small buffer and a place among a bounded number. Owned by the core's event loop.
 */
final class QuorumPort {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumPort.class);
    private static final int INTRODUCTION_BYTES_MAX = 1024;
    private static final int JOINERS_MAX = 32;

    private final PeerLinksConfig config;
    private final EventLoop loop;
    private final PeerTransport transport;
    private final Consumer<Input> inputs;
    private final Map<Long, QuorumLink> links = new HashMap<>(); // by number; looked up, and iterated only to close all
    private final PeerListener server;
    private final ObserverListener observerServer;
    private boolean servesObservers;
    private List<QuorumLink> unflushed = new ArrayList<>();
    private SortedMap<Long, ServerSpec> members = new TreeMap<>();
    private long lastNumber;
    private int joiners; // links of servers that were no members when they came
    private final Strangers strangers = new Strangers();

    QuorumPort(PeerLinksConfig config, EventLoop loop, PeerTransport transport, Consumer<Input> inputs)
            throws IOException {
        this.config = config;
        this.loop = loop;
        this.transport = transport;
        this.inputs = inputs;
        this.server = new PeerListener(
                loop,
                transport,
                config.quorumAddress(),
                config.listensOnAllHosts(),
                "learners",
                accepting(Input.LearnerLinked::new));
        this.observerServer =
                new ObserverListener(loop, transport, config.listensOnAllHosts(), accepting(Input.ObserverLinked::new));
    }

    InetSocketAddress address() {
        return server.address();
    }

    void members(SortedMap<Long, ServerSpec> now) {
        members = now;
        ServerSpec own = now.get(config.self());
        if (own == null) return;
        server.told(own.quorum());
        if (servesObservers) observerServer.listen(master(own));
    }

    void listenForObservers(boolean listens) {
        servesObservers = listens;
        ServerSpec own = members.get(config.self());
        if (!listens) observerServer.close();
        else if (own != null) observerServer.listen(master(own));
    }

    private Address master(ServerSpec of) {
        return new Address(of.quorum().host(), config.observerMasterPort());
    }

    void dialMaster(long sid) {
        ServerSpec master = members.get(sid);
        dial(sid, Optional.ofNullable(master).map(this::master));
    }

    void dial(long sid) {
        dial(sid, Optional.ofNullable(members.get(sid)).map(ServerSpec::quorum));
    }

    private void dial(long sid, Optional<Address> at) {
        if (at.isEmpty()) {
            loop.execute(() -> inputs.accept(new Input.LeaderUnreachable(sid)));
            return;
        }
        transport.dial(at.get(), ElectionPeer.NoHandlers::new, channel -> dialled(sid, channel), cause -> {
            LOG.debug("server {} cannot be reached at {}: {}", sid, at.get(), cause.toString());
            inputs.accept(new Input.LeaderUnreachable(sid));
        });
    }

    void send(long number, QuorumPacket packet) {
        QuorumLink link = links.get(number);
        if (link == null) return; // it has ended; the core will hear of it or has heard
        link.send(packet);
        if (!link.unflushed) unflushed.add(link);
        link.unflushed = true;
    }

    void sendSnapshot(long number, Database database) {
        QuorumLink link = links.get(number);
        if (link != null) link.sendSnapshot(database);
    }

    void unlink(long number) {
        QuorumLink link = links.get(number);
        if (link != null) link.end();
    }

    Optional<LinkStats> stats(long number) {
        return Optional.ofNullable(links.get(number)).map(QuorumLink::stats);
    }

    void resetStats() {
        links.values().forEach(QuorumLink::resetStats);
    }

    void close() {
        server.close();
        observerServer.close();
        List.copyOf(links.values()).forEach(QuorumLink::close);
    }

    /** Sends what was gathered for any link. */
    void flush() {
        List<QuorumLink> flushed = unflushed;
        unflushed = new ArrayList<>();
        flushed.forEach(QuorumLink::flush);
    }

    private void dialled(long sid, Channel channel) {
        QuorumLink link = open(channel);
        channel.pipeline().addLast(new QuorumPacketDecoder(config.packetBytesMax(), this::snapshotDecoder), link);
        link.announce(new Input.LeaderLinked(sid, link.number()));
    }

    private SnapshotDecoder snapshotDecoder() {
        return new SnapshotDecoder(Database.loader(config.treeRules()), config.packetBytesMax());
    }

    /** What a link that comes in is to the core. */
    private Consumer<Channel> accepting(LongFunction<Input> linked) {
        return channel -> {
            if (!strangers.admit(channel)) return;
            var decoder = new QuorumPacketDecoder(INTRODUCTION_BYTES_MAX, null);
            channel.pipeline().addLast(decoder, new Stranger(decoder, linked));
        };
    }

    private QuorumLink open(Channel channel) {
        var link = new QuorumLink(++lastNumber, channel, config.outboxBytesMax(), inputs);
        links.put(link.number(), link);
        var _ = channel.closeFuture().addListener(done -> links.remove(link.number()));
        return link;
    }

    /** Whoever dialled us and has not said who it is. */
    private final class Stranger extends ChannelInboundHandlerAdapter {
        private final QuorumPacketDecoder decoder;
        private final LongFunction<Input> linked;

        Stranger(QuorumPacketDecoder decoder, LongFunction<Input> linked) {
            this.decoder = decoder;
            this.linked = linked;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var packet = (QuorumPacket) message;
            admit(context.channel(), packet);
            strangers.introduced(context.channel());
            decoder.allow(config.packetBytesMax());
            QuorumLink link = open(context.channel());
            context.pipeline().replace(this, null, link);
            link.announce(linked.apply(link.number()));
            link.channelRead(context, message);
        }

        private void admit(Channel channel, QuorumPacket packet) {
            byte[] data = packet.data();
            boolean introduces =
                    packet.type() == QuorumPacket.FOLLOWERINFO || packet.type() == QuorumPacket.OBSERVERINFO;
            if (!introduces || data == null) throw new WireException("packet.type: " + packet + " from a stranger");
            long sid = LearnerInfo.parse(data).sid();
            ServerSpec member = members.get(sid);
            if (sid != config.self() && member != null) {
                if (transport.isOf(channel, member.quorum().host())) return;
                throw new WireException("learnerInfo.sid: the certificate is not that of server " + sid);
            }
            if (sid == config.self() || sid < 0 || !config.admitsJoiners()) {
                throw new WireException("learnerInfo.sid: " + sid + " is not another member");
            }
            if (joiners >= JOINERS_MAX) throw new WireException("learnerInfo.sid: too many that are no members follow");
            joiners++;
            var _ = channel.closeFuture().addListener(done -> joiners--);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.info("refusing the learner at {}: {}", context.channel().remoteAddress(), cause.toString());
            var _ = context.close();
        }
    }
}
