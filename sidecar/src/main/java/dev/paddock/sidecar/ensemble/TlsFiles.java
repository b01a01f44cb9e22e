package dev.paddock.sidecar.ensemble;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with the ensemble, from files in PEM. They are looked at for each connection: what has changed is taken by the next one, and what
 * cannot be read leaves the old in use.
 */
public final class TlsFiles implements Supplier<SslContext> {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    private final Path trust;
    private final Optional<OwnKey> ownKey;
    private Pems used;
    private SslContext context;

    /**
     * What servers that ask for it are shown.
     *
     * @param certificate and its chain
     * @param key         in PKCS#8, without a password
     */
    public record OwnKey(Path certificate, Path key) {}

    private record Pems(String trust, String certificate, String key) {}

    private TlsFiles(Path trust, Optional<OwnKey> ownKey) throws IOException {
        this.trust = trust;
        this.ownKey = ownKey;
        this.used = read();
        this.context = context(used);
    }

    /**
     * Reads the files.
     *
     * @param trust whose certificates servers may have
     * @throws IOException naming the file that is missing or of another form
     */
    public static TlsFiles open(Path trust, Optional<OwnKey> ownKey) throws IOException {
        return new TlsFiles(trust, ownKey);
    }

    @Override
    public synchronized SslContext get() {
        try {
            Pems now = read();
            if (now.equals(used)) return context;
            used = now; // also if it cannot be used: it is not tried again before it changes again
            context = context(now);
            log.info("connections take the changed TLS files, {} among them", trust);
        } catch (IOException e) {
            log.warn("cannot take the changed TLS files, the old ones stay in use: {}", e.getMessage());
        }
        return context;
    }

    private Pems read() throws IOException {
        return new Pems(
                text(trust),
                ownKey.isPresent() ? text(ownKey.get().certificate()) : "",
                ownKey.isPresent() ? text(ownKey.get().key()) : "");
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException("cannot read " + file, e);
        }
    }

    private SslContext context(Pems pems) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        try {
            builder.trustManager(stream(pems.trust()));
        } catch (IllegalArgumentException e) {
            throw new IOException(trust + " holds no certificates in PEM", e);
        }
        try {
            if (ownKey.isPresent()) builder.keyManager(stream(pems.certificate()), stream(pems.key()));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    ownKey.get().certificate() + " and " + ownKey.get().key()
                            + " are no certificate and key in PEM; a key must be PKCS#8 without a password:"
                            + " openssl pkcs8 -topk8 -nocrypt -in KEY",
                    e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }
}
