package dev.paddock.operator.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's health over HTTP: {@code GET /health/live}, {@code GET /health/ready}. */
public final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

    static {
        limitServers();
    }

    private final BooleanSupplier ready;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private HealthServer(int port, BooleanSupplier ready) throws IOException {
        this.ready = ready;
        server = HttpServer.create(new InetSocketAddress(port), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Starts to answer.
     *
     * @param port 0 lets the kernel choose
     * @throws IOException if the port cannot be had
     */
    public static HealthServer start(int port, BooleanSupplier ready) throws IOException {
        var health = new HealthServer(port, ready);
        health.server.start();
        return health;
    }

    /** Bounds of the JDK's HTTP servers, of which none may have been made before. */
    public static void limitServers() {
        // Seconds. Read by the JDK's server when its class is loaded.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        System.setProperty("sun.net.httpserver.idleInterval", "30");
        System.setProperty("jdk.httpserver.maxConnections", "200");
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            answer(exchange, ready);
        } catch (IOException gone) { // the caller, who will ask again
            LOG.debug("a caller went away", gone);
        }
    }

    /** Answers a probe; 404 if it is none. */
    public static void answer(HttpExchange exchange, BooleanSupplier ready) throws IOException {
        switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
            case "GET /health/live" -> answer(exchange, 200, "live");
            case "GET /health/ready" -> {
                if (ready.getAsBoolean()) answer(exchange, 200, "ready");
                else answer(exchange, 503, "starting");
            }
            default -> answer(exchange, 404, "no such path");
        }
    }

    private static void answer(HttpExchange exchange, int status, String word) throws IOException {
        byte[] body = (word + "\n").getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }
}
