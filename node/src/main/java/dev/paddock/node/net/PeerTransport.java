package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens and dials on one event loop, which so owns all peer links; by TLS if there is any. */
final class PeerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(PeerTransport.class);
    private static final int BACKLOG = 128;
    private static final long BIND_PAUSE_MILLIS = 1_000;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final EventLoop loop;
    private final boolean isEpoll;
    private final int connectTimeoutMillis;
    private final int bindAttempts;
    private final @Nullable PeerTls tls;
    private final Names names;

    /** Where names lead; may take its time. */
    interface Names {
        /** All addresses of it, at least one. */
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    PeerTransport(EventLoop loop, int connectTimeoutMillis, int bindAttempts, @Nullable PeerTls tls, Names names) {
        this.tls = tls;
        this.names = names;
        this.loop = loop;
        this.isEpoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.bindAttempts = bindAttempts;
    }

    /** Listens; each link that comes gets handlers from {@code init}. Waits for an address that is still taken. */
    Channel listen(InetSocketAddress address, String what, Consumer<Channel> init) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ChannelFuture bound = bind(address, init).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            var refusal = new IOException("cannot listen for " + what + " at " + address, bound.cause());
            if (attempt == bindAttempts) {
                throw refusal;
            }
            LOG.warn("{}; trying again", refusal.getMessage());
            pause(refusal);
        }
    }

    private static void pause(IOException refusal) throws IOException {
        try {
            Thread.sleep(BIND_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal;
        }
    }

    /** Likewise, once; on the loop the caller waits by a listener. */
    ChannelFuture bind(InetSocketAddress address, Consumer<Channel> init) {
        return new ServerBootstrap()
                .group(loop)
                .channel(isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(initializer(init))
                .bind(address);
    }

    /**
     * Dials an address, whose name is looked up anew on a thread of its own. One of the two is called on the loop later, never
     * before this returns.
     */
    void dial(
            Address address,
            Supplier<ChannelHandler> handler,
            Consumer<Channel> connected,
            Consumer<Throwable> failed) {
        Consumer<Channel> linked = tls == null || !tls.dials()
                ? connected
                : channel -> secure(tls.dialling(channel, address, connectTimeoutMillis), channel, connected, failed);
        resolve(address, resolved -> connect(resolved, handler.get(), linked, failed), failed);
    }

    private static void secure(
            SslHandler handler, Channel channel, Consumer<Channel> connected, Consumer<Throwable> failed) {
        channel.pipeline().addFirst(handler);
        var _ = handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                connected.accept(channel);
            } else {
                var _ = channel.close();
                failed.accept(done.cause());
            }
        });
    }

    /** Whether who came in on a link may be the member at {@code host}. */
    boolean isOf(Channel channel, String host) {
        return tls == null || tls.isOf(channel, host);
    }

    /** Whether who came in on a link has proved to be the member at {@code host}. */
    boolean isProved(Channel channel, String host) {
        return tls != null && tls.isProved(channel, host);
    }

    /** Looks the name up, likewise. */
    void resolve(Address address, Consumer<InetSocketAddress> resolved, Consumer<Throwable> failed) {
        Thread.ofVirtual().name("resolve-" + address).start(() -> {
            try {
                var found = new InetSocketAddress(names.lookUp(address.host())[0], address.port());
                onLoop(() -> resolved.accept(found));
            } catch (UnknownHostException e) {
                onLoop(() -> failed.accept(e));
            }
        });
    }

    /** Looks the name up, likewise, and calls back on the loop later, with whether {@code from} is one of its addresses. */
    void isAt(Address address, InetAddress from, Consumer<Boolean> answer) {
        Thread.ofVirtual().name("resolve-" + address).start(() -> {
            boolean isThere = addresses(address.host())
                    .anyMatch(a -> a.equals(from) || (a.isLoopbackAddress() && from.isLoopbackAddress()));
            onLoop(() -> answer.accept(isThere));
        });
    }

    private Stream<InetAddress> addresses(String host) {
        try {
            return Stream.of(names.lookUp(host));
        } catch (UnknownHostException e) {
            return Stream.empty();
        }
    }

    private void connect(
            InetSocketAddress address,
            ChannelHandler handler,
            Consumer<Channel> connected,
            Consumer<Throwable> failed) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(handler)
                .connect(address);
        var _ = connecting.addListener(done -> {
            if (done.isSuccess()) connected.accept(connecting.channel());
            else failed.accept(done.cause());
        });
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the core has ended; a dial has nobody to answer to");
        }
    }

    private ChannelInitializer<Channel> initializer(Consumer<Channel> init) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) channel.pipeline().addLast(tls.accepting(channel));
                init.accept(channel);
            }
        };
    }
}
