package dev.paddock.client;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a server and shakes hands with it: one attempt at a time, server by server in shuffled order, until one answers or it is told to stop. Owned
 * by the event loop thread.
 */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final long ATTEMPT_MILLIS_MIN = 250;
    private static final long ATTEMPT_MILLIS_MAX = 3000;
    private static final int WARN_FROM = 8;

    /** Takes what an attempt found. */
    interface Listener {
        /**
         * A server has answered the handshake. The listener now owns the link.
         *
         * @param startNanos an instant before the handshake was sent
         */
        void answered(Link link, ConnectResponse response, long startNanos);
    }

    private final EventLoop loop;
    private final List<ConnectString.Server> servers;
    private final int replyBytesMax;
    private final Optional<Supplier<SslContext>> tls;
    private final Supplier<ConnectRequest> hello;
    private final Listener listener;
    private final Resolver resolver;
    private Optional<Attempt> current = Optional.empty();
    private Optional<Future<?>> timer = Optional.empty(); // of the attempt, or of the wait before the next
    private int next;
    private int failures;
    private long lostNanos;

    Connector(
            EventLoop loop,
            List<ConnectString.Server> servers,
            int replyBytesMax,
            Optional<Supplier<SslContext>> tls,
            Supplier<ConnectRequest> hello,
            Listener listener) {
        this.loop = loop;
        this.servers = new ArrayList<>(servers);
        Collections.shuffle(this.servers);
        this.replyBytesMax = replyBytesMax;
        this.tls = tls;
        this.hello = hello;
        this.listener = listener;
        this.resolver = new Resolver(loop);
    }

    /**
     * Starts to look for a server.
     *
     * @param afresh whether to begin with short waits; not so after a link that served for a moment only
     */
    void start(boolean afresh) {
        lostNanos = System.nanoTime();
        failures = afresh ? 0 : failures + 1;
        scheduleNext();
    }

    void stop() {
        timer.ifPresent(t -> t.cancel(false));
        timer = Optional.empty();
        Optional<Attempt> stopped = current;
        current = Optional.empty();
        stopped.flatMap(attempt -> attempt.link).ifPresent(Link::close);
    }

    private void scheduleNext() {
        long sessionNanos = TimeUnit.MILLISECONDS.toNanos(hello.get().timeoutMillis());
        boolean sessionMayLive = System.nanoTime() - lostNanos < sessionNanos;
        long millis = Backoff.millis(
                failures, sessionMayLive, ThreadLocalRandom.current().nextDouble());
        timer = Optional.of(loop.schedule(this::begin, millis, TimeUnit.MILLISECONDS));
    }

    private void begin() {
        var attempt = new Attempt(servers.get(next++ % servers.size()));
        current = Optional.of(attempt);
        timer = Optional.of(loop.schedule(attempt::timedOut, attemptMillis(), TimeUnit.MILLISECONDS));
        resolver.resolve(attempt.server.host(), attempt::connect, attempt::failed);
    }

    /** A sixth of the session timeout, so that a hung server costs no session; more with each round, in case all are only slow. */
    private long attemptMillis() {
        long sixth = hello.get().timeoutMillis() / 6;
        long first = Math.clamp(sixth, ATTEMPT_MILLIS_MIN, ATTEMPT_MILLIS_MAX);
        return Math.min(first * (1 + failures / servers.size()), 4 * ATTEMPT_MILLIS_MAX);
    }

    private void noteFailure(ConnectString.Server server, Throwable why) {
        failures++;
        if (failures >= WARN_FROM && Integer.bitCount(failures) == 1) {
            log.warn("no server has answered in {} attempts; the last, {}: {}", failures, server, why.toString());
        } else {
            log.debug("{} did not answer: {}", server, why.toString());
        }
    }

    /** One attempt; does nothing once it is not the current one any more. */
    private final class Attempt implements Link.Owner {
        private final ConnectString.Server server;
        private Optional<Link> link = Optional.empty();
        private long startNanos;

        Attempt(ConnectString.Server server) {
            this.server = server;
        }

        void connect(InetAddress address) {
            if (!isCurrent()) {
                return;
            }
            ChannelFuture connecting = new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) attemptMillis())
                    .handler(Link.initializer(replyBytesMax, this, this::encryption))
                    .connect(new InetSocketAddress(address, server.port()));
            var _ = connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    failed(done.cause());
                }
            });
        }

        /** Its engine knows the host as the caller wrote it: the certificate is held against that name, not against an address. */
        private Optional<ChannelHandler> encryption(Channel channel) {
            return tls.map(contexts -> contexts.get().newHandler(channel.alloc(), server.host(), server.port()));
        }

        @Override
        public void opened(Link opened) {
            if (!isCurrent()) {
                opened.close();
                return;
            }
            link = Optional.of(opened);
            startNanos = System.nanoTime();
            var w = new Writer(64);
            w.writeInt(0);
            hello.get().write(w);
            w.setInt(0, w.length() - 4);
            opened.send(w.toByteArray());
            opened.flush();
        }

        @Override
        public void received(Link from, byte[] frame) {
            ConnectResponse response;
            try {
                response = ConnectResponse.read(new Reader(frame));
            } catch (WireException e) {
                from.fail(e);
                return;
            }
            current = Optional.empty();
            timer.ifPresent(t -> t.cancel(false));
            listener.answered(from, response, startNanos);
        }

        @Override
        public void closed(Link from, Throwable why) {
            failed(why);
        }

        void timedOut() {
            failed(new TimeoutException("no answer in time"));
        }

        void failed(Throwable why) {
            if (isCurrent()) {
                stop();
                noteFailure(server, why);
                scheduleNext();
            }
        }

        private boolean isCurrent() {
            return current.isPresent() && current.get() == this;
        }
    }
}
