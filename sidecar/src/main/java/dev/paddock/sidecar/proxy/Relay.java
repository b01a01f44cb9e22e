package dev.paddock.sidecar.proxy;

import dev.paddock.client.ConnectString;
import dev.paddock.sidecar.ensemble.TlsFiles;
import dev.paddock.sidecar.http.Listen;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens where ZooKeeper clients of the pod expect a server, and passes bytes on to a member of the ensemble, unread. All connections
 * go to one member as long as it serves; when it refuses a connection or ends one without a byte, the next goes to the next
 * member. With servers that speak TLS it does so for the clients. A slow side stops the reading of the other, so a connection holds little.
 */
public final class Relay implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 1024;
    private static final int CONNECT_MILLIS_MAX = 2000;
    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final List<ConnectString.Server> servers;
    private final Optional<TlsFiles> tls;
    private final AtomicInteger chosen = new AtomicInteger(); // index of the member in use, modulo their number
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listening;

    private Relay(EventLoopGroup loops, Listen.Tcp listen, List<ConnectString.Server> servers, Optional<TlsFiles> tls)
            throws IOException {
        this.servers = servers;
        this.tls = tls;
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accepted(client);
                    }
                })
                .bind(listen.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) throw new IOException("cannot listen on " + listen.address(), bound.cause());
        listening = bound.channel();
    }

    /**
     * Starts listening.
     *
     * @param servers as in {@link ConnectString}; a chroot in it is not put on the clients of the proxy
     * @param tls     how they are spoken to; empty for plainly
     * @throws IOException if the address cannot be bound
     */
    public static Relay start(EventLoopGroup loops, Listen.Tcp listen, String servers, Optional<TlsFiles> tls)
            throws IOException {
        return new Relay(loops, listen, ConnectString.parse(servers).servers(), tls);
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void accepted(Channel client) {
        if (clients.size() >= CONNECTIONS_MAX) {
            var _ = client.close();
            return;
        }
        clients.add(client);
        connect(client, servers.size());
    }

    private void connect(Channel client, int tries) {
        int index = chosen.get();
        ConnectString.Server server = servers.get(Math.floorMod(index, servers.size()));
        ChannelFuture connecting = new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(member(server, new Side(client, index)))
                .connect(server.host(), server.port()); // the name is looked up again each time
        var _ = connecting.addListener(_ -> {
            if (connecting.isSuccess()) {
                client.pipeline().addLast(new Side(connecting.channel(), -1));
                client.config().setAutoRead(true);
                connecting.channel().config().setAutoRead(true);
            } else {
                unusable(index, server);
                if (tries > 1 && client.isActive()) connect(client, tries - 1);
                else close(client);
            }
        });
    }

    private ChannelInitializer<Channel> member(ConnectString.Server server, Side side) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel member) {
                tls.ifPresent(files -> member.pipeline()
                        .addLast(files.get().newHandler(member.alloc(), server.host(), server.port())));
                member.pipeline().addLast(side);
            }
        };
    }

    private void unusable(int index, ConnectString.Server server) {
        if (chosen.compareAndSet(index, index + 1)) log.info("{} does not serve; trying the next member", server);
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    /** Passes what one channel reads on to the other. Owned by the event loop that both share. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final Channel other;
        private final int index; // of the member this side reads from, -1 for a client
        private boolean heard;

        Side(Channel other, int index) {
            this.other = other;
            this.index = index;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            heard = true;
            var _ = other.writeAndFlush(message);
            if (!other.isWritable()) ctx.channel().config().setAutoRead(false);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) other.config().setAutoRead(true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (index >= 0 && !heard && other.isActive())
                unusable(index, servers.get(Math.floorMod(index, servers.size())));
            close(other);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("relayed connection closed", cause);
            close(ctx.channel());
        }
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
    }
}
