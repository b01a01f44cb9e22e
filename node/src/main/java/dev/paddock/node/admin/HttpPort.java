package dev.paddock.node.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.paddock.node.members.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP port for operators, by the JDK's own server with bounds on what a client may keep busy. */
final class HttpPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final int BACKLOG = 50;
    private static final int CONNECTIONS_MAX = 100;
    private static final int HEADERS_MAX = 100;
    private static final int HEADER_BYTES_MAX = 32 << 10;
    private static final int REQUEST_SECONDS_MAX = 30; // from its first byte to its last

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private HttpPort(HttpServer server, HttpHandler handler) {
        this.server = server;
        server.createContext("/", exchange -> handle(exchange, handler));
        server.setExecutor(threads);
        server.start();
    }

    /**
     * Listens.
     *
     * @param idleMillis how long a connection may do nothing; that of the first port counts for all of the process
     * @throws IOException if the address cannot be listened to
     */
    static HttpPort open(Address address, int idleMillis, HttpHandler handler) throws IOException {
        // The JDK's server takes its bounds from here, when it is used for the first time.
        bound("sun.net.httpserver.idleInterval", Math.max(1, idleMillis / 1000));
        bound("sun.net.httpserver.maxReqTime", REQUEST_SECONDS_MAX);
        bound("sun.net.httpserver.maxReqHeaders", HEADERS_MAX);
        bound("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES_MAX);
        bound("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        return new HttpPort(HttpServer.create(new InetSocketAddress(address.host(), address.port()), BACKLOG), handler);
    }

    private static void bound(String key, int value) {
        if (System.getProperty(key) == null) System.setProperty(key, Integer.toString(value));
    }

    private static void handle(HttpExchange exchange, HttpHandler handler) throws IOException {
        try (exchange) {
            handler.handle(exchange);
        } catch (RuntimeException e) {
            LOG.warn("cannot answer {}", exchange.getRequestURI().getPath(), e);
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
