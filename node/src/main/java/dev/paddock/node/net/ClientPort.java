package dev.paddock.node.net;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.LoopStats;
import dev.paddock.node.front.ServerLoad;
import dev.paddock.node.front.SessionWatches;
import dev.paddock.node.front.Throttling;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.net.ClientListener.Entrance;
import dev.paddock.node.session.ConnectionThrottle;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that clients come to. It runs some event loops, each of which owns a {@code Frontend} and the connections
 * that fell to it; the loops share nothing but the count of connections of each address.
 *
 * <p>Until the core delivers {@link Delivery.Serving}, sessions wait a moment and are refused then, and only four letter words are answered.
 */
public final class ClientPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPort.class);
    private static final int BACKLOG = 1024;
    private static final long CLOSE_SECONDS_MAX = 5;

    private final EventLoopGroup group;
    private final List<LoopDriver> drivers;
    private final Publication<Delivery> publication;
    private final List<Channel> servers = new CopyOnWriteArrayList<>(); // in the order of the listeners
    private final boolean hasPlain; // the first of them is for clients without TLS
    private final ServerBootstrap first; // that made the first of them
    private boolean isListening = true; // guarded by servers

    /**
     * Opens the port.
     *
     * @param core takes what clients ask
     * @throws IOException if the address cannot be listened to
     */
    public static ClientPort open(ClientPortConfig config, CoreMailbox core) throws IOException {
        boolean isEpoll = Epoll.isAvailable();
        IoHandlerFactory io = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        var group = new MultiThreadIoEventLoopGroup(config.loops(), new DefaultThreadFactory("client-loop"), io);
        try {
            return new ClientPort(
                    config, core, group, isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
        } catch (IOException e) {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    private ClientPort(
            ClientPortConfig config, CoreMailbox core, EventLoopGroup group, Class<? extends ServerChannel> type)
            throws IOException {
        this.group = group;
        this.drivers = new ArrayList<>();
        this.publication = new Publication<>(config.loops());
        ClientLimits limits = config.port();
        ServerLoad load = load(limits.throttling());
        int tickMillis = tickMillis(config);
        var byLoop = new IdentityHashMap<EventLoop, LoopDriver>();
        for (int i = 0; i < config.loops(); i++) {
            EventLoop loop = group.next();
            var driver =
                    new LoopDriver(i, loop, publication, core, config.limits(), load, config.auth(), config.broken());
            drivers.add(driver);
            byLoop.put(loop, driver);
            var _ = loop.scheduleAtFixedRate(driver::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
        }
        var answers = new FourLetterAnswers(config.view(), this);
        var words = new FourLetterDesk(answers, config.isWordAllowed());
        var limit = new ConnectionLimit(limits.perAddressMax(), limits.totalMax());
        List<ServerBootstrap> bootstraps = new ArrayList<>();
        for (ClientListener listener : config.listeners()) {
            ServerBootstrap server = server(config, type, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    accept(channel, listener.entrance(), byLoop.get(channel.eventLoop()), words, limit);
                }
            });
            bootstraps.add(server);
            Channel bound = listen(server, listener.address());
            servers.add(bound);
            String how = listener.entrance().describe();
            LOG.info("listening for clients {} at {} with {} loops", how, bound.localAddress(), drivers.size());
        }
        this.first = bootstraps.getFirst();
        this.hasPlain = !(config.listeners().getFirst().entrance() instanceof Entrance.Secure);
    }

    /** What all loops count together. */
    private static ServerLoad load(Throttling throttling) {
        var random = new SplittableRandom();
        var throttle = new ConnectionThrottle(throttling.connections(), System.nanoTime(), random::nextDouble);
        return new ServerLoad(throttling, () -> new AtomicLong()::addAndGet, new ServerLoad.Admission() {
            @Override
            public boolean admits(int tokens, long nowNanos) {
                synchronized (throttle) { // once a connection, and short
                    return throttle.admits(tokens, nowNanos);
                }
            }

            @Override
            public long deficit() {
                synchronized (throttle) {
                    return throttle.deficit();
                }
            }

            @Override
            public double dropChance() {
                synchronized (throttle) {
                    return throttle.dropChance();
                }
            }
        });
    }

    private static int tickMillis(ClientPortConfig config) {
        Throttling throttling = config.port().throttling();
        boolean isThrottled = throttling.inProcessMax() > 0;
        return isThrottled ? Math.clamp(throttling.stallMillis(), 1, config.tickMillis()) : config.tickMillis();
    }

    private ServerBootstrap server(
            ClientPortConfig config, Class<? extends ServerChannel> type, ChannelInitializer<Channel> init) {
        int high = config.limits().unsentBytesHigh();
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(
                        ChannelOption.SO_BACKLOG,
                        config.port().backlog() > 0 ? config.port().backlog() : BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, config.port().tcpKeepAlive())
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT) // less garbage than the default's
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 4, high))
                .childHandler(init);
    }

    private static Channel listen(ServerBootstrap server, InetSocketAddress address) throws IOException {
        var bound = server.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen for clients at " + address, bound.cause());
        }
        return bound.channel();
    }

    private static void accept(
            Channel channel, Entrance entrance, LoopDriver driver, FourLetterDesk words, ConnectionLimit limit) {
        var remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) { // gone already
            var _ = channel.close();
            return;
        }
        if (!limit.enter(remote.getAddress())) {
            driver.frontend().count(Tally.CONNECTIONS_REFUSED);
            var _ = channel.close();
            return;
        }
        Runnable isPlain =
                () -> driver.frontend().countPlain(remote.getAddress().isLoopbackAddress());
        switch (entrance) {
            case Entrance.Plain() -> isPlain.run();
            case Entrance.Secure(ClientTls tls) ->
                channel.pipeline().addLast("tls", tls.handler(channel.alloc(), remote));
            case Entrance.Either(ClientTls tls) ->
                channel.pipeline().addLast(new TlsOrPlain(() -> tls.handler(channel.alloc(), remote), isPlain));
        }
        boolean isSecure = entrance instanceof Entrance.Secure;
        channel.pipeline().addLast(new ClientChannel(driver, words, limit, remote, isSecure, channel));
    }

    /** How many client loops there are. */
    public int loops() {
        return drivers.size();
    }

    /** Where clients are listened for: the address of the first listener. */
    public InetSocketAddress address() {
        return (InetSocketAddress) servers.getFirst().localAddress();
    }

    /**
     * Tells the loops what the core has to say, in order. None begins with it before all of them have it: what one has shown to its
     * clients, no other can be behind of. From any thread; after {@link #close} nothing happens.
     *
     * @param byLoop for each loop what it is told, which may be nothing
     */
    public void deliver(List<? extends List<? extends Delivery>> byLoop) {
        publication.publish(byLoop);
        for (int loop = 0; loop < drivers.size(); loop++) {
            if (!byLoop.get(loop).isEmpty()) wake(drivers.get(loop));
        }
    }

    private static void wake(LoopDriver driver) {
        try {
            driver.wake();
        } catch (RejectedExecutionException e) {
            LOG.debug("the client port is closed: deliveries have no reader");
        }
    }

    /** Tells every loop the same. */
    public void deliverAll(List<? extends Delivery> batch) {
        deliver(Collections.nCopies(drivers.size(), batch));
    }

    /** What all loops count together, each at its own next step. */
    public CompletionStage<PortStats> stats(boolean withConnections) {
        CompletableFuture<PortStats> sum =
                CompletableFuture.completedFuture(new PortStats(LoopStats.NONE, List.of(), 0, System.nanoTime()));
        for (LoopDriver driver : drivers) {
            sum = sum.thenCombine(
                    CompletableFuture.supplyAsync(() -> driver.stats(withConnections), driver.eventLoop()),
                    PortStats::plus);
        }
        return sum;
    }

    /**
     * What each session watches, each loop at its own next step; a session is in it once. Takes the loops' time in
     * proportion to {@link LoopStats#watches}, so the caller looks at that first.
     */
    public CompletionStage<List<SessionWatches>> watches() {
        CompletableFuture<List<SessionWatches>> all = CompletableFuture.completedFuture(List.of());
        for (LoopDriver driver : drivers) {
            all = all.thenCombine(
                    CompletableFuture.supplyAsync(driver::sessionWatches, driver.eventLoop()),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        return all;
    }

    /** Counts what came and went from 0 again, in all. */
    public CompletionStage<Void> resetStats() {
        return onEachLoop(LoopDriver::resetStats);
    }

    /** Likewise of each connection. */
    public CompletionStage<Void> resetConnectionStats() {
        return onEachLoop(driver -> driver.frontend().resetConnectionStats());
    }

    private CompletionStage<Void> onEachLoop(Consumer<LoopDriver> step) {
        return CompletableFuture.allOf(drivers.stream()
                .map(driver -> CompletableFuture.runAsync(() -> step.accept(driver), driver.eventLoop()))
                .toArray(CompletableFuture[]::new));
    }

    /**
     * Listens there in place of {@link #address}, where clients need no TLS; connections stay. From any thread but a client loop; it
     * blocks. Nothing happens where all clients need TLS, or none is listened for any more.
     *
     * @throws IOException if it cannot be done; then it listens where it did
     */
    public void move(InetSocketAddress to) throws IOException {
        synchronized (servers) {
            if (!isListening || !hasPlain || to.equals(address())) return;
            InetSocketAddress from = address();
            boolean overlaps = to.getPort() == from.getPort();
            if (overlaps) servers.getFirst().close().awaitUninterruptibly();
            try {
                replaceFirst(to);
            } catch (IOException e) {
                if (overlaps) replaceFirst(from);
                throw e;
            }
            LOG.info("listening for clients at {} and no longer at {}", address(), from);
        }
    }

    private void replaceFirst(InetSocketAddress to) throws IOException {
        Channel before = servers.getFirst();
        servers.set(0, listen(first, to));
        before.close().awaitUninterruptibly();
    }

    /** Takes no more connections; those that are there stay. From any thread. */
    public void stopListening() {
        synchronized (servers) {
            isListening = false;
            for (Channel server : servers) server.close().awaitUninterruptibly();
        }
    }

    /**
     * Sends clients to other servers: closes their connections in batches, each after its last answer, so that not all of
     * them come to the others at once. Sessions live on. From any thread; it blocks.
     *
     * @return how many were left when the time was over
     */
    public int leave(long millisMax) throws InterruptedException {
        return leave(millisMax, Departure.REAL_TIME);
    }

    /** Likewise, by another clock. */
    int leave(long millisMax, Departure.Time time) throws InterruptedException {
        long open = countedOnEachLoop(driver -> driver.frontend().stats().connections());
        Departure.Crowd clients = share -> countedOnEachLoop(driver -> driver.leave(share));
        return (int) Departure.of(clients, open, millisMax, time, new SplittableRandom());
    }

    private long countedOnEachLoop(ToLongFunction<LoopDriver> count) {
        return drivers.stream()
                .map(driver -> CompletableFuture.supplyAsync(() -> count.applyAsLong(driver), driver.eventLoop()))
                .toList()
                .stream()
                .mapToLong(CompletableFuture::join)
                .sum();
    }

    /** Stops listening, closes every connection after its last answers, and ends the loops. Sessions live on. */
    @Override
    public void close() {
        stopListening();
        deliverAll(List.of(new Delivery.NotServing(false)));
        if (!group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            LOG.warn("client loops did not end within {} s", 2 * CLOSE_SECONDS_MAX);
        }
    }
}
