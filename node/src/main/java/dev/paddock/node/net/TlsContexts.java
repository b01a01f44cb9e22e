package dev.paddock.node.net;

import dev.paddock.node.config.Tls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** What speaks TLS as a configuration says, made from its files as they are now. */
final class TlsContexts {
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

    /** Signatures take long, and who asks a revocation service may wait: neither may hold up an event loop. */
    static final Executor HANDSHAKES = Thread::startVirtualThread;

    private TlsContexts() {}

    /** For who is dialled. */
    static SslContext accepting(Tls config) throws IOException {
        try {
            Tls.Store store = config.keyStore();
            SslContextBuilder builder = store.type() == Tls.Store.Type.PEM
                    ? SslContextBuilder.forServer(pem(store), pem(store), passphrase(store))
                    : SslContextBuilder.forServer(keys(store));
            return build(config, builder.clientAuth(clientAuth(config)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    /** For who dials. */
    static SslContext dialling(Tls config) throws IOException {
        try {
            Tls.Store store = config.keyStore();
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (store.type() == Tls.Store.Type.PEM) builder.keyManager(pem(store), pem(store), passphrase(store));
            else builder.keyManager(keys(store));
            return build(config, builder);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    private static SslContext build(Tls config, SslContextBuilder builder)
            throws IOException, GeneralSecurityException {
        builder.sslProvider(SslProvider.JDK).protocols(config.protocols());
        if (config.cipherSuites().isEmpty()) builder.ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE);
        else builder.ciphers(config.cipherSuites());
        if (config.trustStore().isPresent()) {
            builder.trustManager(StoreFile.trust(config.trustStore().get(), config.checksCrl(), config.checksOcsp()));
        }
        return builder.build();
    }

    private static ByteArrayInputStream pem(Tls.Store store) throws IOException {
        return new ByteArrayInputStream(StoreFile.bytes(store));
    }

    private static @Nullable String passphrase(Tls.Store store) {
        String password = store.password().reveal();
        return password.isEmpty() ? null : password;
    }

    private static KeyManagerFactory keys(Tls.Store store) throws IOException, GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(StoreFile.load(store), store.password().reveal().toCharArray());
        return factory;
    }

    private static ClientAuth clientAuth(Tls config) {
        return switch (config.clientAuth()) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }
}
