package dev.paddock.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.EOFException;
import java.util.Optional;
import java.util.function.Function;

/** One TCP connection to a server, as frames of i32 length and body. Owned by the event loop thread; what it does not know it hands to its owner. */
final class Link extends SimpleChannelInboundHandler<ByteBuf> {
    /** Who has a link. */
    interface Owner {
        /** It is connected. */
        void opened(Link link);

        /** A frame came, without its length. */
        void received(Link link, byte[] frame);

        /** It is closed, by whomever; called at most once, and not if {@link #close} was called. */
        void closed(Link link, Throwable why);
    }

    private final Channel channel;
    private Owner owner;
    private Optional<ByteBuf> batch = Optional.empty(); // written, not yet flushed
    private Optional<Throwable> failure = Optional.empty();
    private boolean closed;
    private int protocolVersion;

    private Link(Channel channel, Owner owner) {
        this.channel = channel;
        this.owner = owner;
    }

    /**
     * Makes a link of every channel of a bootstrap.
     *
     * @param encryption what stands between the channel and the link, if anything does
     */
    static ChannelInitializer<Channel> initializer(
            int frameBytesMax, Owner owner, Function<Channel, Optional<ChannelHandler>> encryption) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                encryption.apply(channel).ifPresent(channel.pipeline()::addLast);
                channel.pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(frameBytesMax, 0, 4, 0, 4))
                        .addLast(new Link(channel, owner));
            }
        };
    }

    /**
     * Goes to its owner after the handshake.
     *
     * @param answeredVersion what the server answered, see {@link dev.paddock.wire.Extensions}
     */
    void handTo(Owner next, int answeredVersion) {
        owner = next;
        protocolVersion = answeredVersion;
    }

    int protocolVersion() {
        return protocolVersion;
    }

    /** Adds a frame to the batch that {@link #flush} sends. */
    void send(byte[] frame) {
        if (closed) return; // the owner has failed what was under way
        ByteBuf buf = batch.orElseGet(() -> channel.alloc().buffer(Math.max(frame.length, 1024)));
        batch = Optional.of(buf.writeBytes(frame));
    }

    void flush() {
        Optional<ByteBuf> full = batch;
        batch = Optional.empty(); // first: a write that fails closes this link before it returns
        full.ifPresent(buf -> {
            var _ = channel.writeAndFlush(buf, channel.voidPromise()); // a failure closes the channel
        });
    }

    /** Closes without a word to the owner. */
    void close() {
        closed = true;
        batch.ifPresent(ByteBuf::release);
        batch = Optional.empty();
        var _ = channel.close();
    }

    /** Closes because of this, telling the owner. */
    void fail(Throwable why) {
        if (!closed) {
            close();
            owner.closed(this, why);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (closed) {
            var _ = ctx.close();
        } else {
            owner.opened(this);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf body) {
        if (!closed) {
            var frame = new byte[body.readableBytes()];
            body.readBytes(frame);
            owner.received(this, frame);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(failure.orElseGet(() -> new EOFException("closed by the server")));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = Optional.of(cause);
        fail(cause);
    }

    @Override
    public String toString() {
        return String.valueOf(channel.remoteAddress());
    }
}
