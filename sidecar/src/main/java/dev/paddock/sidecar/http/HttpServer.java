package dev.paddock.sidecar.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One listening HTTP port or unix socket. Bounds: 16 KiB of headers, {@link Connection#BODY_BYTES_MAX} of body, 10 seconds to
 * send a request, {@code connectionsMax} connections.
 */
public final class HttpServer implements AutoCloseable {
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    private final Channel channel;
    private final Optional<Path> socketFile;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private HttpServer(
            EventLoopGroup loops,
            Listen listen,
            Function<Listen, Guard> guards,
            Router router,
            RequestLog log,
            int connectionsMax)
            throws IOException {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 * 1024, 64 * 1024));
        socketFile = listen instanceof Listen.Unix unix ? Optional.of(unix.path()) : Optional.empty();
        bootstrap.channel(socketFile.isPresent() ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class);
        var context = new AtomicReference<Connection.Context>();
        bootstrap.childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel child) {
                var connection = new Connection(context.get(), connections, connectionsMax);
                child.pipeline().addLast(connection.firstByte(), codec(), connection);
            }
        });
        bootstrap.option(ChannelOption.AUTO_READ, false); // nothing is accepted before the guard knows the port
        channel = bind(bootstrap, address(listen));
        Listen bound = socketFile.isPresent() ? listen : new Listen.Tcp((InetSocketAddress) channel.localAddress());
        context.set(new Connection.Context(guards.apply(bound), router, log));
        if (socketFile.isPresent())
            Files.setPosixFilePermissions(socketFile.get(), PosixFilePermissions.fromString("rw-rw----"));
        channel.config().setAutoRead(true);
    }

    /**
     * Starts listening.
     *
     * @param guards made when the port is known
     * @throws IOException if the address cannot be bound; the message names it
     */
    public static HttpServer start(
            EventLoopGroup loops,
            Listen listen,
            Function<Listen, Guard> guards,
            Router router,
            RequestLog log,
            int connectionsMax)
            throws IOException {
        return new HttpServer(loops, listen, guards, router, log, connectionsMax);
    }

    private static HttpServerCodec codec() {
        return new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(64 * 1024)
                .setValidateHeaders(true)
                .setAllowDuplicateContentLengths(false));
    }

    private static SocketAddress address(Listen listen) throws IOException {
        return switch (listen) {
            case Listen.Tcp(InetSocketAddress address) -> address;
            case Listen.Unix(Path path) -> {
                Files.deleteIfExists(path); // what a crash left behind
                yield UnixDomainSocketAddress.of(path);
            }
        };
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) throw new IOException("cannot listen on " + address, bound.cause());
        return bound.channel();
    }

    /** The port bound, -1 for a unix socket. */
    public int port() {
        return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    /** Connections open now. */
    public int connections() {
        return connections.size();
    }

    /** Takes no more connections and ends those that are open; handlers that still run are interrupted. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        for (Connection connection : connections) connection.close();
        socketFile.ifPresent(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
