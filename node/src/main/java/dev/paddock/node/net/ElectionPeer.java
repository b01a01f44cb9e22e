package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import dev.paddock.node.zab.Input;
import dev.paddock.wire.Hello;
import dev.paddock.wire.Notification;
import dev.paddock.wire.Writer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the election port keeps for one other member: at most one link, and the newest notification for it. Only the larger sid's dial makes a link, so that two
 * servers never keep two: when the smaller one dials, it says hello, and the larger one hangs up and dials back. It answers on that same link only to one that it
 * does not know, which has yet to become a member, and while it finds nobody where the other is configured to be: that one may have been down when it was moved.
 *
 * <p>Anybody can say hello as another. Such a one may vote, but who the members are, and so who is dialled, is heard only from where the other is configured
 * to be. Owned by the core's event loop.
 */
final class ElectionPeer {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionPeer.class);
    private static final int NOTIFICATION_BYTES_MAX = 512 << 10;
    private static final long REDIAL_MILLIS_MIN = 50;
    private static final long REDIAL_MILLIS_MAX = 2000;
    static final long DIAL_BACK_NANOS_MIN = 200_000_000L;

    private final long self;
    private final long sid;
    private Hello hello; // where we are: Apache's servers dial that back
    private final boolean membersMayChange;
    private final EventLoop loop;
    private final PeerTransport transport;
    private final Consumer<Input> inputs;
    private @Nullable Address address; // null for one that is no member: it dials us

    private @Nullable Channel link;
    private @Nullable Channel vouched; // the link, once it is known to come from the other's address
    private @Nullable Channel doubted; // a link that is known not to, and that was told of
    private @Nullable Notification unheard; // the newest on this link, while it is looked up where that comes from
    private boolean isProvisional; // dialled by the smaller sid: the larger may hang up and dial back, and read nothing
    private byte @Nullable [] newest; // the last notification, sent or not
    private boolean isUnsent; // newest has not been sent on any link
    private boolean dialling;
    private boolean isUnreached; // by our last dial
    private boolean redialPlanned;
    private boolean dialBackPlanned;
    private long redialMillis = REDIAL_MILLIS_MIN;
    private long dialledNanos = System.nanoTime() - DIAL_BACK_NANOS_MIN;
    private long heardNanos = System.nanoTime(); // when it said something last, or came
    private boolean removed;

    ElectionPeer(
            long self,
            long sid,
            @Nullable Address address,
            Address own,
            boolean membersMayChange,
            EventLoop loop,
            PeerTransport transport,
            Consumer<Input> inputs) {
        this.self = self;
        this.sid = sid;
        this.address = address;
        this.hello = new Hello(self, List.of(own.toString()));
        this.membersMayChange = membersMayChange;
        this.loop = loop;
        this.transport = transport;
        this.inputs = inputs;
    }

    /** Where the other listens from now on, and where we do. */
    void addresses(Address now, Address own) {
        if (!now.equals(address)) isUnreached = false;
        address = now;
        hello = new Hello(self, List.of(own.toString()));
    }

    /** Whether nothing is left when this link ends. */
    boolean endsWith(Channel ending) {
        return link == null || link.equals(ending);
    }

    /** For how long it has said nothing. */
    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    /** Sends a notification, in place of an older one that could not be sent yet. */
    void send(Notification notification) {
        newest = notification.toBytes();
        isUnsent = true;
        sendNewest();
        if (isUnsent && link == null) dial();
    }

    /** The smaller server said hello, and waits for our dial or, where that leads nowhere, for an answer. */
    void hailed(Channel channel) {
        boolean isSure = link != null && link.equals(vouched);
        if (isUnreached && !isSure) {
            take(channel);
            isProvisional = true; // Apache's servers end it themselves
        } else {
            var _ = channel.close();
            isUnsent |= newest != null && (link == null || isUnreached); // on a dead link it ends that
            sendNewest();
        }
        dialBack();
    }

    /** Whether a link that we have had for a while still works, only the smaller server can know. */
    private void dialBack() {
        long waitNanos = dialledNanos + DIAL_BACK_NANOS_MIN - System.nanoTime();
        if (waitNanos <= 0) dial();
        else if (!dialBackPlanned) {
            dialBackPlanned = true;
            var _ = loop.schedule(this::dialUnlinked, waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** It said hello just after we had dialled; Apache's servers say it once, and then not before they vote again. */
    private void dialUnlinked() {
        dialBackPlanned = false;
        if (link == null) dial();
    }

    /** Whether who came in on a link may be this one. */
    boolean mayBe(Channel channel) {
        Address at = address;
        return at == null || transport.isOf(channel, at.host());
    }

    /** A link stands: dialled by us, or by a larger sid that said hello. */
    void linked(Channel channel) {
        redialMillis = REDIAL_MILLIS_MIN;
        take(channel);
    }

    /** In place of the link before. */
    private void take(Channel channel) {
        Channel before = link;
        link = channel;
        isProvisional = false;
        unheard = null;
        Address at = address;
        if (at != null && transport.isProved(channel, at.host())) vouched = channel;
        if (before != null) {
            var _ = before.close();
        }
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(4 + NOTIFICATION_BYTES_MAX, 0, 4, 0, 4), new Inbox());
        isUnsent = newest != null; // what was sent on the link before may be lost: say it again
        sendNewest();
    }

    void remove() {
        removed = true;
        if (link != null) {
            var _ = link.close();
        }
    }

    private void sendNewest() {
        Channel open = link;
        byte[] message = newest;
        if (!isUnsent || message == null || open == null || !open.isWritable()) return;
        isUnsent = false;
        ByteBuf frame = open.alloc().buffer(4 + message.length);
        var _ = open.writeAndFlush(frame.writeInt(message.length).writeBytes(message));
    }

    private void dial() {
        Address at = address;
        if (dialling || removed || at == null) return;
        dialling = true;
        dialledNanos = System.nanoTime();
        transport.dial(at, NoHandlers::new, this::dialled, this::unreachable);
    }

    private void dialled(Channel channel) {
        dialling = false;
        isUnreached = false;
        if (removed || (self < sid && link != null)) { // the larger one was faster
            var _ = channel.close();
            return;
        }
        var w = new Writer(64);
        hello.write(w);
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(w.toByteArray()));
        linked(channel);
        vouched = channel;
        isProvisional = self < sid;
    }

    private void unreachable(Throwable cause) {
        dialling = false;
        isUnreached = true;
        LOG.debug("server {} cannot be reached at {}: {}", sid, address, cause.toString());
        planRedial();
    }

    /** Dials again later, less and less often, as long as something is unsent. */
    private void planRedial() {
        if (redialPlanned || removed) return;
        redialPlanned = true;
        var _ = loop.schedule(this::redial, redialMillis, TimeUnit.MILLISECONDS);
        redialMillis = Math.min(2 * redialMillis, REDIAL_MILLIS_MAX);
    }

    private void redial() {
        redialPlanned = false;
        if (link == null && isUnsent) dial();
    }

    private void heard(Channel on, Notification notification) {
        heardNanos = System.nanoTime();
        String config = notification.config();
        if (!membersMayChange || on.equals(vouched) || config == null || config.isEmpty()) {
            inputs.accept(new Input.Heard(sid, notification));
            return;
        }
        inputs.accept(new Input.Heard(sid, notification.withoutConfig())); // the vote need not wait for a name server
        Address at = address;
        if (at == null || !(on.remoteAddress() instanceof InetSocketAddress from)) return;
        boolean isAsked = unheard != null; // one question at a time, however much comes
        unheard = notification;
        if (!isAsked) transport.isAt(at, from.getAddress(), isThere -> foundOut(on, at, isThere));
    }

    /** Whether a link comes from where the other is. */
    private void foundOut(Channel on, Address at, boolean isThere) {
        Notification told = unheard;
        if (!on.equals(link) || told == null) return;
        unheard = null;
        if (isThere) {
            vouched = on;
            inputs.accept(new Input.Heard(sid, told));
        } else if (!on.equals(doubted)) {
            doubted = on;
            LOG.info(
                    "not hearing who the members are from {}, which says that it is server {} of {}",
                    on.remoteAddress(),
                    sid,
                    at);
        }
    }

    /** Takes what comes on a link. */
    private final class Inbox extends ChannelInboundHandlerAdapter {
        private boolean isBroken; // what comes behind a notification that is none is not heard

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var frame = (ByteBuf) message;
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            if (isBroken) return;
            if (context.channel().equals(link)) heard(context.channel(), Notification.parse(bytes));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().equals(link)) sendNewest();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!context.channel().equals(link)) return;
            link = null;
            isUnsent |= isProvisional && newest != null; // nobody may have read it
            if (isUnsent) planRedial();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            isBroken = true;
            LOG.info("election link with server {} ends: {}", sid, cause.toString());
            var _ = context.close();
        }
    }

    /** For channels whose handlers come once they stand. */
    static final class NoHandlers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
