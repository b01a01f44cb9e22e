package dev.paddock.node.admin;

import com.sun.net.httpserver.HttpExchange;
import dev.paddock.node.admin.Command.Right;
import dev.paddock.node.config.AdminConfig;
import dev.paddock.wire.Acl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code /commands} and {@code /commands/NAME}, as Apache ZooKeeper 3.9.5's AdminServer; for probes, which look at
 * the status only, also {@code /health/live} and {@code /health/ready}: 200 while clients are served and are to come, else 503.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final long SNAPSHOT_SECONDS_MAX = 600;

    private final Inside inside;
    private final AdminConfig config;
    private final Commands commands;
    private final Gate gate;
    private final AtomicLong nextSnapshotNanos = new AtomicLong(System.nanoTime());
    private final HttpPort port;

    /**
     * Opens the port.
     *
     * @throws IOException if the address cannot be listened to
     */
    public static AdminServer open(Inside inside) throws IOException {
        return new AdminServer(inside);
    }

    private AdminServer(Inside inside) throws IOException {
        this.inside = inside;
        this.config = inside.config().admin();
        this.commands = new Commands(inside);
        this.gate = new Gate(inside.auth());
        this.port = HttpPort.open(config.address(), config.idleMillis(), this::handle);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return port.address();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        boolean isHead = method.equals("HEAD");
        if (!method.equals("GET") && !method.equals("POST") && !isHead) {
            send(exchange, 405, "text/plain", "GET or POST\n".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals(config.commandUrl()) || path.equals(config.commandUrl() + "/")) {
            send(exchange, 200, "text/html;charset=utf-8", list().getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith(config.commandUrl() + "/")) {
            String name = path.substring(config.commandUrl().length() + 1);
            send(exchange, answer(name, exchange, isHead));
        } else if (path.equals("/health/live")) {
            send(exchange, 200, "text/plain", "alive\n".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/health/ready")) {
            boolean serves = inside.view().status().isServing();
            boolean leaves = inside.isLeaving().getAsBoolean();
            String body = leaves ? "leaving\n" : serves ? "serving\n" : "no quorum, or not yet\n";
            send(exchange, serves && !leaves ? 200 : 503, "text/plain", body.getBytes(StandardCharsets.UTF_8));
        } else {
            send(exchange, 404, "text/plain", "Not found\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private String list() {
        var text = new StringBuilder();
        for (String name : commands.names()) {
            text.append("<a href=\"").append(config.commandUrl()).append('/').append(name);
            text.append("\">").append(name).append("</a>\n<br/>\n");
        }
        return text.toString();
    }

    private Answer answer(String name, HttpExchange exchange, boolean isHead) {
        Optional<Command> found = commands.named(name);
        if (found.isEmpty()) {
            return Answer.error(200, name, "Unknown command: " + name); // with 200, as Apache
        }
        Command command = found.get();
        if (command.needsServer() && !inside.view().status().isServing()) {
            return Answer.error(200, name, "This ZooKeeper instance is not currently serving requests");
        }
        if (isHead && command.right() != Right.READ) {
            return Answer.error(405, name, "GET or POST");
        }
        try {
            return permitted(command, name, Caller.of(exchange), exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.error(503, name, "The server is stopping");
        } catch (ExecutionException | TimeoutException | IOException e) {
            LOG.warn("cannot answer {}", command.name(), e);
            return Answer.error(500, name, "The server did not answer: " + e.getMessage());
        }
    }

    private Answer permitted(Command command, String name, Caller caller, HttpExchange exchange)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        List<Acl> ofRoot = inside.view().status().database().root().acl();
        Optional<Answer> refusal = switch (command.right()) {
            case READ -> Optional.empty();
            case RESET, HAND_OVER -> gate.refusalToReset(name, caller, ofRoot);
            case SNAPSHOT, RESTORE -> gate.refusal(name, caller, ofRoot);
        };
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Map<String, String> arguments = arguments(exchange.getRequestURI().getRawQuery());
        return switch (command.right()) {
            case READ, RESET -> Answer.of(command.name(), command.body().values(arguments));
            case HAND_OVER ->
                exchange.getRequestMethod().equals("POST")
                        ? handOver(command)
                        : Answer.error(405, command.name(), "POST only");
            case SNAPSHOT -> snapshot(command, !"false".equalsIgnoreCase(arguments.get("streaming")));
            case RESTORE ->
                exchange.getRequestMethod().equals("POST")
                        ? Answer.error(
                                501,
                                command.name(),
                                "Restoring over HTTP is not supported; stop the servers,"
                                        + " put the snapshot into dataDir/version-2 and start them")
                        : Answer.error(405, command.name(), "POST only");
        };
    }

    /** 409 if this server leads on. */
    private Answer handOver(Command command) throws InterruptedException, ExecutionException, TimeoutException {
        Optional<String> refusal = Inside.await(inside.handOver().get());
        return refusal.isPresent()
                ? Answer.error(409, command.name(), "Not handed over: " + refusal.get())
                : Answer.of(
                        command.name(), Map.of("leader", inside.view().status().leader()));
    }

    private static Map<String, String> arguments(String query) {
        var arguments = new HashMap<String, String>();
        if (query == null) return arguments;
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) continue;
            try {
                arguments.putIfAbsent(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                LOG.debug("an argument is not encoded rightly", e);
            }
        }
        return arguments;
    }

    private Answer snapshot(Command command, boolean isStreaming)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        if (!config.takesSnapshots()) {
            return Answer.error(503, command.name(), "Snapshots are disabled by admin.snapshot.enabled");
        }
        long now = System.nanoTime();
        long next = nextSnapshotNanos.get();
        long after = now + TimeUnit.MILLISECONDS.toNanos(config.snapshotMillis());
        if (now - next < 0 || !nextSnapshotNanos.compareAndSet(next, after)) {
            return Answer.error(429, command.name(), "Only one snapshot in " + config.snapshotMillis() + " ms");
        }
        String name = inside.snapshot().get().toCompletableFuture().get(SNAPSHOT_SECONDS_MAX, TimeUnit.SECONDS);
        Path file = inside.snapshotFolder().resolve(name);
        Map<String, String> headers = Map.of(
                "last_zxid",
                "0x" + Long.toHexString(Commands.zxid(file)),
                "snapshot_size",
                Long.toString(Files.size(file)));
        if (isStreaming) {
            return new Answer.Download(file, headers);
        }
        return switch (Answer.of(command.name(), Map.of())) {
            case Answer.Values(int status, var object, var _) -> new Answer.Values(status, object, headers);
            case Answer.Download download -> download;
        };
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        switch (answer) {
            case Answer.Values(int status, var object, var headers) -> {
                headers.forEach(exchange.getResponseHeaders()::set);
                send(exchange, status, "application/json", Json.bytes(object));
            }
            case Answer.Download(Path file, var headers) -> {
                headers.forEach(exchange.getResponseHeaders()::set);
                exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
                try (InputStream in = Files.newInputStream(file)) {
                    exchange.sendResponseHeaders(200, Files.size(file));
                    try (OutputStream out = exchange.getResponseBody()) {
                        in.transferTo(out);
                    }
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead || body.length == 0 ? -1 : body.length);
        if (!isHead) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        port.close();
    }
}
