package dev.paddock.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** Apache ZooKeeper itself, standalone and in process, on a loopback port and a folder that outlive its restarts. */
final class ApacheServer implements AutoCloseable {
    private static final int TICK_MILLIS = 200; // session timeouts are granted from 2 of these
    private static final int SESSION_MILLIS_MAX = 60_000;

    static {
        System.setProperty("zookeeper.forceSync", "no");
        System.setProperty("zookeeper.preAllocSize", "64");
    }

    private final Path folder;
    private int port; // 0 until the first start has found a free one
    private ServerCnxnFactory factory;
    private ZooKeeperServer server;

    private ApacheServer(Path folder) {
        this.folder = folder;
    }

    static ApacheServer start(Path folder) {
        var server = new ApacheServer(folder);
        server.start();
        return server;
    }

    void start() {
        port = startOn(port);
    }

    /** Starts on a port of its own for the time of this action, while clients of the usual port are cut off. */
    void startElsewhere(ThrowingConsumer<String> action) throws Exception {
        try {
            action.accept("127.0.0.1:" + startOn(0));
        } finally {
            stop();
        }
    }

    void stop() {
        factory.shutdown();
        server.shutdown(true);
        try {
            server.getTxnLogFactory().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all connections; their clients come back at once. */
    void cutConnections() {
        factory.closeAll(ServerCnxn.DisconnectReason.CLOSE_ALL_CONNECTIONS_FORCED);
    }

    /** Ends a session as if it had timed out. */
    void expire(Session session) {
        server.closeSession(session.id());
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        stop();
    }

    private int startOn(int wanted) {
        try {
            server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS);
            server.setMaxSessionTimeout(SESSION_MILLIS_MAX);
            factory = new NIOServerCnxnFactory();
            factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 1000);
            factory.startup(server);
            return factory.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An action that may fail. */
    @FunctionalInterface
    interface ThrowingConsumer<T> {
        void accept(T value) throws Exception;
    }
}
