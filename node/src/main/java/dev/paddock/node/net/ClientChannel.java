package dev.paddock.node.net;

import dev.paddock.node.front.ClientLink;
import dev.paddock.node.front.CloseReason;
import dev.paddock.node.front.Connection;
import dev.paddock.node.front.Frontend;
import dev.paddock.node.meter.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: cuts bytes into frames for the {@link Frontend} and carries its answers. Owned by its event
 * loop.
 *
 * <p>A frame is i32 length and body. Bytes are decoded where they lie in the loop's scratch array; only the beginning of
 * a frame whose end has not come is kept here, in an array that grows with the bytes received, whatever length is claimed.
 */
final class ClientChannel extends ChannelInboundHandlerAdapter implements ClientLink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientChannel.class);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NONE = {};
    private static final int LENGTH_BYTES = 4;
    private static final int FRAMES_PER_LOOK = 8; // at the clock
    private static final long TURN_NANOS = 2_000_000; // then the other connections of the loop have theirs
    private static final long LINGER_MILLIS = 5_000; // how long a closing connection may take to take its last answers
    private static final long WORD_MILLIS_MAX = 30_000; // likewise until a four letter word is answered

    private final LoopDriver driver;
    private final Frontend frontend;
    private final FourLetterDesk words;
    private final ConnectionLimit limit;
    private final InetSocketAddress remote;
    private final boolean isSecure;
    private final Channel channel;
    private final Connection connection;

    /** Bytes received and not consumed: {@code kept[0, keptLength)}. */
    private byte[] kept = NONE;

    private int keptLength;
    private boolean takesFrames = true;
    private boolean isYielding; // it has more to be consumed, in a later turn of the loop
    private boolean isClosing;
    private @Nullable Future<?> linger;

    ClientChannel(
            LoopDriver driver,
            FourLetterDesk words,
            ConnectionLimit limit,
            InetSocketAddress remote,
            boolean isSecure,
            Channel channel) {
        this.driver = driver;
        this.frontend = driver.frontend();
        this.words = words;
        this.limit = limit;
        this.remote = remote;
        this.isSecure = isSecure;
        this.channel = channel;
        this.connection = frontend.accepted(
                this, remote.getAddress().getHostAddress(), System.nanoTime(), System.currentTimeMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (!isClosing) {
                driver.guarded(() -> received(bytes));
            }
        } finally {
            bytes.release();
        }
    }

    private void received(ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (keptLength > 0 || !takesFrames || isYielding) {
            keep(bytes, count);
            consumeKept();
            return;
        }
        byte[] scratch = driver.scratch(count);
        bytes.readBytes(scratch, 0, count);
        int consumed = frames(scratch, count);
        if (consumed < count && !isClosing) {
            kept = Arrays.copyOfRange(scratch, consumed, count);
            keptLength = count - consumed;
        }
    }

    private void keep(ByteBuf bytes, int count) {
        if (kept.length - keptLength < count) {
            kept = Arrays.copyOf(kept, Math.max(keptLength + count, 2 * keptLength));
        }
        bytes.readBytes(kept, keptLength, count);
        keptLength += count;
    }

    private void consumeKept() {
        int consumed = frames(kept, keptLength);
        keptLength -= consumed;
        if (keptLength == 0 || isClosing) {
            keptLength = 0;
            kept = NONE;
        } else if (consumed > 0) {
            System.arraycopy(kept, consumed, kept, 0, keptLength);
        }
    }

    /** Hands over the whole frames of {@code buf[0, to)}; returns how many bytes they are. */
    private int frames(byte[] buf, int to) {
        driver.takePublished();
        long nowNanos = System.nanoTime();
        int at = 0;
        int count = 0;
        while (takesFrames && !isYielding && to - at >= LENGTH_BYTES) {
            int length = (int) INT.get(buf, at);
            if (frontend.isNew(connection)) {
                FourLetterWord word = FourLetterWord.of(length);
                if (word != null) {
                    int argument = words.argumentBytes(word);
                    if (to - at - LENGTH_BYTES < argument) {
                        break;
                    }
                    answer(word, argument == 0 ? 0 : (long) LONG.get(buf, at + LENGTH_BYTES));
                    return to;
                }
            }
            if (length < 0 || length > frontend.frameBytesMax(connection)) {
                noteOversized(buf, at + LENGTH_BYTES, to, length);
                frontend.malformed(connection);
                return to;
            }
            if (!frontend.takesFrame(connection, length)) {
                return to;
            }
            if (to - at - LENGTH_BYTES < length) {
                break;
            }
            int from = at + LENGTH_BYTES;
            at = from + length;
            takesFrames = frontend.frame(connection, buf, from, at, nowNanos) && !isClosing;
            if (++count % FRAMES_PER_LOOK == 0 && System.nanoTime() - nowNanos > TURN_NANOS) {
                yieldTurn();
            }
        }
        return at;
    }

    private void noteOversized(byte[] buf, int from, int to, int length) {
        if (length < 0 || frontend.isNew(connection)) { // not ZooKeeper's protocol, most likely
            LOG.debug("{} sent a frame of {} bytes", remote, Integer.toUnsignedString(length));
            return;
        }
        LOG.warn(
                "closing {} at {}: {} is {} bytes long, over jute.maxbuffer={}; if it is meant to be so, raise jute.maxbuffer "
                        + "in zoo.cfg of every server, and in the client",
                connection,
                remote,
                Oversized.describe(buf, from, to),
                length,
                frontend.frameBytesMax(connection));
    }

    /** Cheap to send may be dear to answer: a client's frames of one wake-up can take seconds. */
    private void yieldTurn() {
        if (isClosing) {
            return;
        }
        isYielding = true;
        channel.config().setAutoRead(false);
        // A scheduled task, unlike an executed one, lets the loop look at its other channels first.
        var _ = channel.eventLoop().schedule(() -> driver.guarded(this::nextTurn), 0, TimeUnit.NANOSECONDS);
    }

    private void nextTurn() {
        isYielding = false;
        if (takesFrames && !isClosing) { // else it goes on when the frontend says so
            consumeAndRead();
        }
    }

    private void answer(FourLetterWord word, long argument) {
        frontend.word(connection);
        takesFrames = false;
        var closed = new CompletableFuture<Void>();
        channel.closeFuture().addListener(_ -> closed.complete(null));
        closeAfter(
                words.answer(word, argument, closed).thenApply(text -> {
                    channel.eventLoop().execute(() -> driver.guarded(() -> frontend.wordAnswered(connection)));
                    return ByteBufUtil.writeUtf8(channel.alloc(), text);
                }),
                WORD_MILLIS_MAX);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        driver.guarded(frontend::flush);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            channel.eventLoop()
                    .execute(() -> driver.guarded(() -> {
                        frontend.writable(connection, System.nanoTime());
                        frontend.flush();
                    }));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                driver.guarded(() -> frontend.count(Tally.TLS_FAILED));
                return;
            }
            certified(channel.pipeline().get(SslHandler.class).engine().getSession());
        }
        if (event instanceof ChannelInputShutdownEvent && !isClosing) {
            var _ = channel.close(); // a client that sends no more; one that asked a four letter word still gets its
            // answer
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        isClosing = true;
        limit.leave(remote.getAddress());
        if (linger != null) {
            linger.cancel(false);
        }
        driver.guarded(() -> frontend.closed(connection));
    }

    /** Who came with a certificate has an identity by it. That it is a good one the handshake has found. */
    private void certified(SSLSession session) {
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate own) {
                String subject = own.getSubjectX500Principal().getName();
                driver.guarded(() -> frontend.certified(connection, subject));
            }
        } catch (SSLPeerUnverifiedException e) {
            LOG.trace("{} has no certificate", remote, e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            LOG.debug(
                    "closing the connection of {}: no TLS: {}",
                    remote,
                    cause.getCause().getMessage());
        } else if (!(cause instanceof IOException)) {
            LOG.warn("closing the connection of {}", remote, cause);
        }
        var _ = channel.close();
    }

    @Override
    public String address() {
        return remote.toString();
    }

    @Override
    public boolean isSecure() {
        return isSecure;
    }

    @Override
    public void send(byte[] buf, int from, int to) {
        ByteBuf out = channel.alloc().directBuffer(to - from);
        out.writeBytes(buf, from, to - from);
        var _ = channel.writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public long unsentBytes() {
        @Nullable ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    @Override
    public void reading(boolean on) {
        if (!on) {
            takesFrames = false;
            channel.config().setAutoRead(false);
        } else {
            channel.eventLoop().execute(() -> driver.guarded(this::goOn));
        }
    }

    private void goOn() {
        if (isClosing || takesFrames) {
            return;
        }
        takesFrames = true;
        if (!isYielding) {
            consumeAndRead();
        }
    }

    private void consumeAndRead() {
        consumeKept();
        frontend.flush();
        if (takesFrames && !isYielding && !isClosing) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void note(String text) {
        LOG.warn("{} at {}: {}", connection, remote, text);
    }

    @Override
    public void close(CloseReason reason) {
        if (!isClosing) { // a four letter word is answered first
            switch (reason) {
                case TOO_MANY_WATCHES -> LOG.warn("closing {}: over {}", connection, frontend.watchLimits());
                case LARGE_REQUESTS, STALE_REQUEST -> LOG.warn("closing {}: {}", connection, reason);
                default -> LOG.debug("closing {}: {}", connection, reason);
            }
            takesFrames = false;
            closeAfter(CompletableFuture.completedStage(Unpooled.EMPTY_BUFFER), LINGER_MILLIS);
        }
    }

    /** Closes once this and all before it is sent, or the client takes too long over it. */
    private void closeAfter(CompletionStage<ByteBuf> last, long millisMax) {
        isClosing = true;
        linger = channel.eventLoop().schedule(this::cut, millisMax, TimeUnit.MILLISECONDS);
        EventLoop loop = channel.eventLoop();
        last.thenAccept(bytes -> loop.execute(() -> {
            if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
                registerAgain(() -> writeAndClose(bytes));
            } else {
                writeAndClose(bytes);
            }
        }));
    }

    private void writeAndClose(ByteBuf bytes) {
        channel.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Netty 4.2.17 takes a channel whose input has ended out of epoll for good, so that a write which the kernel does not
     * take at once fails: a long answer to {@code echo wchc | nc} would be cut. Registered anew, it is there again.
     */
    private void registerAgain(Runnable then) {
        channel.deregister()
                .addListener(_ -> channel.eventLoop().register(channel).addListener(_ -> then.run()));
    }

    private void cut() {
        var _ = channel.close();
    }
}
