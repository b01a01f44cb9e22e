package dev.paddock.operator.injection;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.paddock.operator.certificates.Pair;
import dev.paddock.operator.health.HealthServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhook over HTTPS, and the operator's health: {@code POST /inject}, {@code GET /health/live}, {@code GET
 * /health/ready}. New connections get whatever certificate is the current one. A few reviews at a time, each of bounded size;
 * what is above waits, and is turned away in the end.
 */
final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
    private static final int AT_ONCE_MAX = 4; // times REVIEW_BYTES_MAX and what a parser makes of it
    private static final Duration WAIT_MAX = Duration.ofSeconds(4); // the API server gives up after 5

    static {
        HealthServer.limitServers();
    }

    private final Admission admission;
    private final BooleanSupplier ready;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpsServer server;
    private volatile @Nullable Pair current; // null until there is one

    private WebhookServer(int port, Admission admission, BooleanSupplier ready)
            throws IOException, GeneralSecurityException {
        this.admission = admission;
        this.ready = ready;
        server = HttpsServer.create(new InetSocketAddress(port), 100);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(new KeyManager[] {new CurrentKey()}, null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Starts to listen; without a certificate no connection comes about.
     *
     * @param ready whether the operator as a whole is
     * @throws IOException if the port cannot be had
     */
    static WebhookServer start(int port, Admission admission, BooleanSupplier ready) throws IOException {
        try {
            var webhook = new WebhookServer(port, admission, ready);
            webhook.server.start();
            return webhook;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS 1.3", e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    void use(Pair pair) {
        current = pair;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            boolean review = exchange.getRequestMethod().equals("POST")
                    && exchange.getRequestURI().getPath().equals("/inject");
            if (review) inject(exchange);
            else HealthServer.answer(exchange, ready);
        } catch (IOException gone) { // the caller, who will ask again
            LOG.debug("a caller went away", gone);
        } catch (RuntimeException e) {
            LOG.error("a review could not be answered", e);
        } catch (InterruptedException stopped) { // with the server
            Thread.currentThread().interrupt();
        }
    }

    private void inject(HttpExchange exchange) throws IOException, InterruptedException {
        if (!places.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            answer(exchange, 503, "text/plain", new byte[0]);
            return;
        }
        try {
            byte[] review = exchange.getRequestBody().readNBytes(Admission.REVIEW_BYTES_MAX + 1);
            if (review.length > Admission.REVIEW_BYTES_MAX) {
                answer(exchange, 413, "text/plain", new byte[0]);
                return;
            }
            Optional<byte[]> answer = admission.answer(review);
            answer(exchange, answer.isPresent() ? 200 : 400, "application/json", answer.orElse(new byte[0]));
        } finally {
            places.release();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }

    /** Gives each new connection the current key. */
    private final class CurrentKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "current";

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return type.equals("EC") && current != null ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return type.equals("EC") && current != null ? ALIAS : null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            Pair pair = current;
            return pair == null ? null : new X509Certificate[] {pair.certificate()};
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            Pair pair = current;
            return pair == null ? null : pair.key();
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
