package dev.paddock.sidecar;

import dev.paddock.sidecar.config.ConfigEndpoint;
import dev.paddock.sidecar.config.LastKnown;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.SessionFile;
import dev.paddock.sidecar.http.Guard;
import dev.paddock.sidecar.http.HttpServer;
import dev.paddock.sidecar.http.Listen;
import dev.paddock.sidecar.http.Route;
import dev.paddock.sidecar.http.Router;
import dev.paddock.sidecar.lock.LockEndpoint;
import dev.paddock.sidecar.projection.Projections;
import dev.paddock.sidecar.proxy.Relay;
import dev.paddock.sidecar.service.ServiceEndpoint;
import dev.paddock.sidecar.znode.TxnEndpoint;
import dev.paddock.sidecar.znode.ZnodeEndpoint;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running sidecar: the localhost API over one session with the ensemble. It starts whether or not the ensemble can be reached.
 * Closing it releases what it holds, the newest first, and ends its session; a crash leaves both to the next run.
 */
public final class Sidecar implements AutoCloseable {
    private static final int API_CONNECTIONS_MAX = 2048;
    private static final int ADMIN_CONNECTIONS_MAX = 64;
    private static final Logger log = LoggerFactory.getLogger(Sidecar.class);

    /** What was started, closed from the newest to the oldest. */
    private static final class Parts implements AutoCloseable {
        private final Deque<AutoCloseable> parts = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            parts.push(part);
            return part;
        }

        @Override
        public void close() {
            while (!parts.isEmpty()) {
                try {
                    parts.pop().close();
                } catch (Exception e) { // whatever one part throws, the others are closed as well
                    log.warn("while stopping", e);
                }
            }
        }
    }

    private final Parts parts;
    private final Ensemble ensemble;
    private final Router router;
    private final HttpServer api;
    private final HttpServer admin;
    private final Optional<Relay> relay;

    private Sidecar(SidecarConfig config, Parts parts) throws IOException {
        this.parts = parts;
        if (config.stateDir().isPresent()) createFolder(config.stateDir().get());
        EventLoopGroup loops = loops(parts);
        ensemble = parts.add(Ensemble.start(
                config.servers(),
                config.tls(),
                config.sessionTimeout(),
                config.stateDir().map(folder -> new SessionFile(folder.resolve("session"))),
                loops,
                callbacks(parts)));
        var metrics = new Metrics();
        var locks = new LockEndpoint(ensemble, config.stateDir(), clock(parts), config.identity());
        var services = new ServiceEndpoint(ensemble);
        List<Route> routes = new ArrayList<>(locks.routes());
        routes.addAll(new ConfigEndpoint(ensemble, LastKnown.in(config.stateDir())).routes());
        routes.addAll(services.routes());
        routes.addAll(new ZnodeEndpoint(ensemble).routes());
        routes.addAll(new TxnEndpoint(ensemble).routes());
        routes.addAll(OpenApi.routes());
        router = new Router(Faults.answered(routes));
        api = parts.add(HttpServer.start(
                loops,
                config.listen(),
                Sidecar::apiGuard,
                new Router(Faults.answered(routes)),
                metrics,
                API_CONNECTIONS_MAX));
        parts.add(locks); // closed before the API, so that leases are released in order
        var projections = parts.add(Projections.start(ensemble, config.projections()));
        var pages = new AdminEndpoint(ensemble, locks, services, projections, api, metrics);
        admin = parts.add(HttpServer.start(
                loops,
                config.admin(),
                Sidecar::adminGuard,
                new Router(pages.routes()),
                metrics,
                ADMIN_CONNECTIONS_MAX));
        relay = config.zkListen().isPresent()
                ? Optional.of(parts.add(Relay.start(loops, config.zkListen().get(), config.servers(), config.tls())))
                : Optional.empty();
    }

    /**
     * Starts a sidecar; returns when it listens.
     *
     * @throws IOException if an address cannot be bound or the state folder cannot be used; nothing is left running then
     */
    public static Sidecar start(SidecarConfig config) throws IOException {
        var parts = new Parts();
        try {
            return new Sidecar(config, parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static EventLoopGroup loops(Parts parts) {
        var loops = new MultiThreadIoEventLoopGroup(
                2, new DefaultThreadFactory("sidecar", true), NioIoHandler.newFactory());
        parts.add(() -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly());
        return loops;
    }

    private static Executor callbacks(Parts parts) {
        var callbacks = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sidecar-callbacks").factory());
        parts.add(callbacks::shutdown);
        return callbacks;
    }

    private static ScheduledExecutorService clock(Parts parts) {
        var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sidecar-clock").factory());
        parts.add(clock::shutdownNow);
        return clock;
    }

    private static void createFolder(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!Files.isWritable(folder)) throw new IOException("cannot write to the state folder " + folder);
    }

    private static Guard apiGuard(Listen listen) {
        return switch (listen) {
            case Listen.Tcp tcp -> Guard.loopback(tcp.address().getPort());
            case Listen.Unix _ -> Guard.unixSocket();
        };
    }

    private static Guard adminGuard(Listen listen) {
        return listen instanceof Listen.Tcp tcp && tcp.isLoopback()
                ? Guard.loopback(tcp.address().getPort())
                : Guard.anyHost();
    }

    /** The port of the API, -1 on a unix socket. */
    public int port() {
        return api.port();
    }

    /** The port of health and metrics. */
    public int adminPort() {
        return admin.port();
    }

    /** The port of the ZooKeeper proxy, -1 if there is none. */
    public int zkPort() {
        return relay.map(Relay::port).orElse(-1);
    }

    /** The operations of the API. */
    List<Route> routes() {
        return router.routes();
    }

    /** Whether the ensemble can be reached now. */
    public boolean isReady() {
        return ensemble.isUp();
    }

    @Override
    public void close() {
        parts.close();
    }
}
