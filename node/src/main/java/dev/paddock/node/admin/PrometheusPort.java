package dev.paddock.node.admin;

import com.sun.net.httpserver.HttpExchange;
import dev.paddock.node.members.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** {@code /metrics} for Prometheus, with the names of Apache ZooKeeper 3.9's provider. */
public final class PrometheusPort implements AutoCloseable {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Inside inside;
    private final HttpPort port;

    /**
     * Opens the port.
     *
     * @throws IOException if the address cannot be listened to
     */
    public static PrometheusPort open(Address address, Inside inside) throws IOException {
        return new PrometheusPort(address, inside);
    }

    private PrometheusPort(Address address, Inside inside) throws IOException {
        this.inside = inside;
        this.port = HttpPort.open(address, inside.config().admin().idleMillis(), this::handle);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return port.address();
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean isMetrics = exchange.getRequestURI().getPath().equals("/metrics");
        if (!exchange.getRequestMethod().equals("GET") || !isMetrics) {
            exchange.sendResponseHeaders(isMetrics ? 405 : 404, -1);
            return;
        }
        byte[] body;
        try {
            var metrics = Inside.await(inside.view().metrics(inside.stats(false)));
            body = Prometheus.text(metrics, inside.config().admin().exportsJvm(), names(exchange.getRequestURI()))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.sendResponseHeaders(503, -1);
            return;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server did not tell its numbers", e);
        }
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** The samples that the query names, as {@code name[]=jvm_info}; all where it names none. */
    private static Set<String> names(URI uri) {
        var names = new HashSet<String>();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String part : query.split("&", -1)) {
            int at = part.indexOf('=');
            if (at > 0 && decoded(part.substring(0, at)).equals("name[]")) names.add(decoded(part.substring(at + 1)));
        }
        return names;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // a bad escape is no name
            return "";
        }
    }

    @Override
    public void close() {
        port.close();
    }
}
