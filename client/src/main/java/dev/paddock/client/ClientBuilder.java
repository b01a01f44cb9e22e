package dev.paddock.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Says what a {@link Client} is to be. Not for use by several threads at once. */
public final class ClientBuilder {
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SESSION_TIMEOUT_MAX = Duration.ofHours(24);
    private static final int PENDING_MAX = 10_000;
    private static final long PENDING_BYTES_MAX = 64L << 20;
    private static final int REQUEST_BYTES_MAX = 1_048_575;
    private static final int REPLY_BYTES_MAX = 32 << 20;
    private static final int WATCHES_MAX = 100_000;

    private final ConnectString servers;
    private final List<ConnectionListener> listeners = new ArrayList<>();
    private Duration sessionTimeout = SESSION_TIMEOUT;
    private Optional<Session> session = Optional.empty();
    private long lastZxid;
    private Optional<EventLoopGroup> group = Optional.empty();
    private Optional<Supplier<SslContext>> tls = Optional.empty();
    private Executor callbackExecutor = Runnable::run;
    private int pendingMax = PENDING_MAX;
    private long pendingBytesMax = PENDING_BYTES_MAX;
    private int requestBytesMax = REQUEST_BYTES_MAX;
    private int replyBytesMax = REPLY_BYTES_MAX;
    private int watchesMax = WATCHES_MAX;

    ClientBuilder(ConnectString servers) {
        this.servers = servers;
    }

    /** The session timeout to ask for; the server may grant another. 10 s unless told; at most 24 h. */
    public ClientBuilder sessionTimeout(Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(SESSION_TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "session timeout " + timeout + " is not in (0, " + SESSION_TIMEOUT_MAX + "]");
        }
        sessionTimeout = timeout;
        return this;
    }

    /** Attaches to a session that exists instead of opening one. Ends in {@link ConnectionState#EXPIRED} if it does not live any more. */
    public ClientBuilder session(Session existing) {
        session = Optional.of(existing);
        return this;
    }

    /** The last zxid that the owner of the session has seen: no server behind it will be used. 0 unless told. */
    public ClientBuilder lastZxid(long zxid) {
        lastZxid = zxid;
        return this;
    }

    /** Uses one loop of this NIO group, which its owner shuts down after the client has ended. Unless told, the client has one thread of its own. */
    public ClientBuilder eventLoopGroup(EventLoopGroup shared) {
        if (!(shared instanceof IoEventLoopGroup io) || !io.isIoType(NioIoHandler.class)) {
            throw new IllegalArgumentException("not an NIO event loop group: " + shared);
        }
        group = Optional.of(shared);
        return this;
    }

    /**
     * Speaks TLS with the servers. What is given is asked for each connection, on the event loop thread, so that files that change are taken; it
     * must not block long. Unless told, the client speaks plainly.
     */
    public ClientBuilder tls(Supplier<SslContext> contexts) {
        tls = Optional.of(contexts);
        return this;
    }

    /**
     * Where listeners, watchers and the stages of returned futures run: one at a time, in order. Unless told, the event loop thread itself: then they
     * must neither block nor take long.
     */
    public ClientBuilder callbackExecutor(Executor executor) {
        callbackExecutor = executor;
        return this;
    }

    /** Adds a listener from the start on. */
    public ClientBuilder listener(ConnectionListener listener) {
        listeners.add(listener);
        return this;
    }

    /** How many requests, and how many bytes of them, may wait for their answers, sent or not. 10000 and 64 MiB unless told. */
    public ClientBuilder pendingMax(int requests, long bytes) {
        pendingMax = requests;
        pendingBytesMax = bytes;
        return this;
    }

    /** The largest request that is sent, in bytes; servers close the link on more than their {@code jute.maxbuffer}. 1048575 unless told. */
    public ClientBuilder requestBytesMax(int bytes) {
        requestBytesMax = bytes;
        return this;
    }

    /** The largest answer that is read, in bytes. 32 MiB unless told. */
    public ClientBuilder replyBytesMax(int bytes) {
        replyBytesMax = bytes;
        return this;
    }

    /** How many watchers may be set or be on their way to be. 100000 unless told. */
    public ClientBuilder watchesMax(int watches) {
        watchesMax = watches;
        return this;
    }

    /** Builds the client and starts to connect; returns at once. */
    public Client start() {
        boolean owned = group.isEmpty();
        EventLoopGroup loops = group.orElseGet(() -> new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("paddock-client", true), NioIoHandler.newFactory()));
        EventLoop loop = loops.next();
        var limits = new Limits(pendingMax, pendingBytesMax, requestBytesMax, replyBytesMax, watchesMax);
        int timeoutMillis = (int) Math.max(1, sessionTimeout.toMillis());
        var engine = new Engine(
                loop, owned, new Settings(servers, timeoutMillis, session, lastZxid, tls, callbackExecutor, limits));
        listeners.forEach(engine::addListener);
        engine.start();
        return new Client(engine);
    }

    /** What a client is to be. */
    record Settings(
            ConnectString servers,
            int timeoutMillis,
            Optional<Session> session,
            long lastZxid,
            Optional<Supplier<SslContext>> tls,
            Executor callbackExecutor,
            Limits limits) {}

    /** The bounds of one client. */
    record Limits(int pending, long pendingBytes, int requestBytes, int replyBytes, int watches) {}
}
