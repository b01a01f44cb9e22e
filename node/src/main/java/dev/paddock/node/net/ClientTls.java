package dev.paddock.node.net;

import dev.paddock.node.config.Tls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for clients. The files of keys and certificates are looked at each second: who connects after they have changed meets
 * the new ones, and sessions that are there go on. Files that cannot be read leave the old ones in use.
 */
public final class ClientTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);

    /** Those of Apache ZooKeeper 3.9 for TLS 1.2, and all of TLS 1.3. */
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256");

    /** Signatures take long, and who asks a revocation service may wait: neither may hold up a client loop. */
    private static final Executor HANDSHAKES = Thread::startVirtualThread;

    private final Tls config;
    private final ScheduledExecutorService watching;
    private volatile SslContext context;
    private List<StoreFile.Stamp> stamps; // of the files in use; the watching thread's alone

    /**
     * Reads the files.
     *
     * @throws IOException if one of them is missing or of another form, or the password is wrong
     */
    public static ClientTls open(Tls config) throws IOException {
        return new ClientTls(config);
    }

    private ClientTls(Tls config) throws IOException {
        this.config = config;
        this.stamps = stamps();
        this.context = context();
        this.watching = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("tls-files").daemon().factory());
        var _ = watching.scheduleWithFixedDelay(this::reloadIfChanged, 1, 1, TimeUnit.SECONDS);
    }

    /** What speaks TLS on one connection. */
    SslHandler handler(ByteBufAllocator allocator, InetSocketAddress remote) {
        // The address as text, so that whoever verifies it has nothing to look up.
        SslHandler handler =
                context.newHandler(allocator, remote.getAddress().getHostAddress(), remote.getPort(), HANDSHAKES);
        if (config.verifiesClientHost()) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    private List<StoreFile.Stamp> stamps() throws IOException {
        StoreFile.Stamp key = StoreFile.stamp(config.keyStore());
        return config.trustStore().isEmpty()
                ? List.of(key)
                : List.of(key, StoreFile.stamp(config.trustStore().get()));
    }

    private void reloadIfChanged() {
        try {
            List<StoreFile.Stamp> now = stamps();
            if (now.equals(stamps)) return;
            stamps = now; // also if they cannot be read: they are not tried again before they change again
            context = context();
            LOG.info(
                    "new clients meet the changed key and certificates of {}",
                    config.keyStore().file());
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot take the changed TLS files, the old ones stay in use: {}", e.getMessage());
        }
    }

    private SslContext context() throws IOException {
        try {
            SslContextBuilder builder = withKey()
                    .sslProvider(SslProvider.JDK)
                    .protocols(config.protocols())
                    .clientAuth(clientAuth());
            if (config.cipherSuites().isEmpty()) {
                builder.ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE);
            } else {
                builder.ciphers(config.cipherSuites());
            }
            if (config.trustStore().isPresent()) {
                builder.trustManager(
                        StoreFile.trust(config.trustStore().get(), config.checksCrl(), config.checksOcsp()));
            }
            return builder.build();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    private SslContextBuilder withKey() throws IOException, GeneralSecurityException {
        Tls.Store store = config.keyStore();
        String password = store.password().reveal();
        if (store.type() == Tls.Store.Type.PEM) {
            byte[] pem = StoreFile.bytes(store);
            return SslContextBuilder.forServer(
                    new ByteArrayInputStream(pem), new ByteArrayInputStream(pem), password.isEmpty() ? null : password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(StoreFile.load(store), password.toCharArray());
        return SslContextBuilder.forServer(factory);
    }

    private ClientAuth clientAuth() {
        return switch (config.clientAuth()) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }

    @Override
    public void close() {
        watching.shutdownNow();
    }
}
