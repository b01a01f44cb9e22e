package dev.paddock.cli.lock;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.paddock.cli.MainTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock lock} against an HTTP server that answers as the sidecar does. */
class LockCommandTest {
    private static final String GRANTED =
            ": heartbeat\n\nid: 7\nevent: granted\ndata: {\"lease\":\"l\",\"fencingToken\":\"4294967303\"}\n\n";

    @TempDir
    Path temporary;

    private HttpServer server;
    private final CountDownLatch streamClosed = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private MainTest.Ran lock(String... words) {
        String[] arguments = new String[words.length + 3];
        arguments[0] = "lock";
        arguments[1] = "--sidecar=http://127.0.0.1:" + server.getAddress().getPort();
        arguments[2] = "demo";
        System.arraycopy(words, 0, arguments, 3, words.length);
        return MainTest.run(arguments);
    }

    private void grant(String later) {
        server.createContext("/v1/locks/demo/hold", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            send(exchange, GRANTED + later);
            untilTheClientLeaves(exchange);
        });
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private void untilTheClientLeaves(HttpExchange exchange) {
        try {
            while (true) {
                send(exchange, ": heartbeat\n\n");
                Thread.onSpinWait();
            }
        } catch (IOException left) {
            streamClosed.countDown();
        }
    }

    @Test
    void runsTheCommandWithTheTokenAndGivesTheLockBack() throws Exception {
        grant("");
        Path token = temporary.resolve("token");
        assertThat(lock("--", "sh", "-c", "echo $PADDOCK_FENCING_TOKEN > " + token)
                        .exitCode())
                .isZero();
        assertThat(token).hasContent("4294967303");
        streamClosed.await();
    }

    @Test
    void theCommandsExitCodeIsOurs() {
        grant("");
        assertThat(lock("--", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
    }

    @Test
    void aLostLockStopsTheCommand() {
        grant("event: lost\ndata: {}\n\n");
        MainTest.Ran ran = lock("--", "sleep", "60");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEqualToNormalizingNewlines("paddock: lock demo was lost; stopping sleep\n");
    }

    @Test
    void aHeldLockIsOneLineAndTheCommandNeverRuns() {
        server.createContext("/v1/locks/demo/hold", exchange -> {
            assertThat(exchange.getRequestURI().getQuery()).isEqualTo("wait=2s");
            byte[] problem = "{\"status\":409,\"detail\":\"held by ann/12\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(409, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
        });
        Path never = temporary.resolve("never");
        MainTest.Ran ran = lock("--wait", "2s", "--", "touch", never.toString());
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEqualToNormalizingNewlines("paddock: lock demo: held by ann/12\n");
        assertThat(never).doesNotExist();
    }

    @Test
    void withoutASidecarItSaysSo() {
        server.stop(0);
        MainTest.Ran ran = lock("--", "true");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).startsWith("paddock: no sidecar answers at http://127.0.0.1:");
    }

    @Test
    void aCommandIsNeeded() {
        assertThat(lock().exitCode()).isEqualTo(2);
    }
}
