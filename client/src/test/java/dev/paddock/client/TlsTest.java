package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.testing.TlsRelay;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Apache ZooKeeper behind TLS. */
final class TlsTest {
    @TempDir
    Path folder;

    private final X509Bundle authority = authority("CN=shepherds");
    private ApacheServer server;

    TlsTest() throws Exception {}

    @BeforeEach
    void start() {
        server = ApacheServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void requestsOfAnySizeGoThroughAndTheNameIsVerified() throws Exception {
        try (var encrypted = relay("localhost");
                Client client = client("localhost", encrypted, trusting(authority))) {
            byte[] large = new byte[500_000];
            client.blocking().create("/a", large, CreateMode.PERSISTENT).value();
            assertThat(client.blocking().getData("/a").value().data()).isEqualTo(large);
        }
    }

    @Test
    void anotherNameOrAnotherAuthorityIsNoServer() throws Exception {
        try (var encrypted = relay("elsewhere");
                Client other = client("localhost", encrypted, trusting(authority));
                Client stranger = client("localhost", encrypted, trusting(authority("CN=wolves")))) {
            await().until(() -> encrypted.refused() >= 4);
            assertThatThrownBy(() -> other.connected().get(10, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> stranger.connected().get(10, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void theContextIsAskedForAgainWithEachConnection() throws Exception {
        var context = new AtomicReference<>(trusting(authority("CN=wolves")));
        try (var encrypted = relay("localhost");
                Client client = Client.builder("localhost:" + encrypted.port())
                        .tls(context::get)
                        .start()) {
            await().until(() -> encrypted.refused() >= 1);
            context.set(trusting(authority));
            client.blocking()
                    .create("/b", "b".getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT)
                    .value();
        }
    }

    private TlsRelay relay(String host) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(signed(host).toKeyManagerFactory().getKeyManagers(), null, null);
        return TlsRelay.start(server.address(), context, false);
    }

    private static Client client(String host, TlsRelay server, SslContext context) {
        return Client.builder(host + ":" + server.port()).tls(() -> context).start();
    }

    private static SslContext trusting(X509Bundle authority) throws SSLException {
        return SslContextBuilder.forClient()
                .trustManager(authority.getCertificate())
                .build();
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private X509Bundle signed(String host) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=server")
                .addSanDnsName(host)
                .buildIssuedBy(authority);
    }
}
