package dev.paddock.node.net;

import static org.awaitility.Awaitility.await;

import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.members.Members;
import dev.paddock.node.meter.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A {@link ClientPort} on a free loopback port with a {@link MemoryCore} behind it. */
final class TestServer implements AutoCloseable {
    static final String VERSION = "3.9.5-paddock, built on 2026-01-01 00:00 UTC";

    final MemoryCore core = new MemoryCore();
    final ClientPort port;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    TestServer() throws IOException {
        this(config -> config);
    }

    TestServer(UnaryOperator<ClientPortConfig> change) throws IOException {
        var config = new ClientPortConfig(
                List.of(ClientListener.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                2,
                ClientLimits.NONE,
                100,
                FrontLimits.DEFAULT,
                AuthConfig.DEFAULT,
                word -> true,
                new View(core),
                broken::set);
        port = ClientPort.open(change.apply(config), core);
        core.serve(port);
        await().until(() -> core.status().isServing());
    }

    static ClientPortConfig with(ClientPortConfig config, int loops) {
        return new ClientPortConfig(
                config.listeners(),
                loops,
                config.port(),
                config.tickMillis(),
                config.limits(),
                config.auth(),
                config.isWordAllowed(),
                config.view(),
                config.broken());
    }

    static ClientPortConfig with(ClientPortConfig config, FrontLimits limits) {
        return new ClientPortConfig(
                config.listeners(),
                config.loops(),
                config.port(),
                config.tickMillis(),
                limits,
                config.auth(),
                config.isWordAllowed(),
                config.view(),
                config.broken());
    }

    static ClientPortConfig with(ClientPortConfig config, ClientLimits port) {
        return new ClientPortConfig(
                config.listeners(),
                config.loops(),
                port,
                config.tickMillis(),
                config.limits(),
                config.auth(),
                config.isWordAllowed(),
                config.view(),
                config.broken());
    }

    static ClientPortConfig with(ClientPortConfig config, int maxClientCnxns, Predicate<String> isWordAllowed) {
        return new ClientPortConfig(
                config.listeners(),
                config.loops(),
                config.port().withPerAddressMax(maxClientCnxns),
                config.tickMillis(),
                config.limits(),
                config.auth(),
                isWordAllowed,
                config.view(),
                config.broken());
    }

    static ClientPortConfig withWords(ClientPortConfig config, Set<String> words) {
        return with(config, 0, words::contains);
    }

    String connectString() {
        return "127.0.0.1:" + port.address().getPort();
    }

    Socket socket() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** What the server says to a four letter word. */
    String word(String word) throws IOException {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        port.close();
        core.close();
        Throwable invariant = broken.get();
        if (invariant != null) {
            throw new AssertionError("a client loop broke", invariant);
        }
    }

    /** The rest of a server that is no more than a core. */
    private static final class View implements ServerView {
        private final MemoryCore core;
        private final AtomicLong traceMask = new AtomicLong(306);

        View(MemoryCore core) {
            this.core = core;
        }

        @Override
        public String version() {
            return VERSION;
        }

        @Override
        public ServerStatus status() {
            return core.status();
        }

        @Override
        public Members members() {
            return Members.of(new TreeMap<>(), 0);
        }

        @Override
        public String configuration() {
            return "clientPort=1\n";
        }

        @Override
        public FolderSizes folderSizes() {
            return new FolderSizes(0, 0);
        }

        @Override
        public CompletionStage<Optional<SessionEnds>> sessionEnds() {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public CompletionStage<SortedMap<Long, LinkStats>> observers() {
            return CompletableFuture.completedStage(new TreeMap<>());
        }

        @Override
        public void resetObservers() {
            // there are none
        }

        @Override
        public CompletionStage<List<Metric>> metrics(PortStats port) {
            return CompletableFuture.completedStage(PortMetrics.of(port));
        }

        @Override
        public List<DigestEntry> digests() {
            return List.of();
        }

        @Override
        public long slowForces() {
            return 0;
        }

        @Override
        public void resetStats() {
            // it counts nothing
        }

        @Override
        public long traceMask() {
            return traceMask.get();
        }

        @Override
        public void traceMask(long mask) {
            traceMask.set(mask);
        }
    }
}
