package dev.paddock.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.sidecar.ensemble.TlsFiles;
import dev.paddock.sidecar.http.Listen;
import dev.paddock.testing.TlsRelay;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar of an ensemble that is reached by TLS. */
class TlsTest {
    @TempDir
    private Path folder;

    private final X509Bundle authority = authority("CN=shepherds");
    private ApacheServer server;

    TlsTest() throws Exception {}

    @BeforeEach
    void start() throws IOException {
        server = ApacheServer.start(Files.createDirectory(folder.resolve("data")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** So may a ZooKeeper client of the pod, which knows nothing of TLS. */
    @Test
    void itShowsItsCertificateAndSoDoesItsProxy() throws Exception {
        X509Bundle own = signed("CN=app");
        var key = new TlsFiles.OwnKey(
                write("tls.crt", own.getCertificatePathPEM()), write("tls.key", own.getPrivateKeyPEM()));
        TlsFiles files = TlsFiles.open(write("ca.crt", authority.getCertificatePEM()), Optional.of(key));
        try (var encrypted = TlsRelay.start(server.address(), served(), true);
                var sidecar = Sidecars.start(config(encrypted, files).withZkListen(Listen.tcp("127.0.0.1:0")))) {
            var client = new ZooKeeper("127.0.0.1:" + sidecar.zkPort(), 20_000, _ -> {});
            await().until(() -> client.getState() == ZooKeeper.States.CONNECTED);
            byte[] large = new byte[900_000];
            client.create("/large", large, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            assertThat(client.getData("/large", false, null)).isEqualTo(large);
            client.close();
        }
    }

    @Test
    void whoShowsNoCertificateOrTrustsAnotherIsNotServed() throws Exception {
        Path trust = write("ca.crt", authority.getCertificatePEM());
        Path other = write("other.crt", authority("CN=wolves").getCertificatePEM());
        try (var encrypted = TlsRelay.start(server.address(), served(), true);
                var plain = TlsRelay.start(server.address(), served(), false);
                var mute = Sidecar.start(config(encrypted, TlsFiles.open(trust, Optional.empty())));
                var stranger = Sidecar.start(config(plain, TlsFiles.open(other, Optional.empty())))) {
            await().until(() -> encrypted.refused() >= 2 && plain.refused() >= 2);
            assertThat(mute.isReady()).isFalse();
            assertThat(stranger.isReady()).isFalse();
        }
    }

    @Test
    void filesThatChangeAreTakenAndWorseOnesAreNot() throws Exception {
        Path trust = write("ca.crt", authority("CN=wolves").getCertificatePEM());
        try (var encrypted = TlsRelay.start(server.address(), served(), false);
                var sidecar = Sidecar.start(config(encrypted, TlsFiles.open(trust, Optional.empty())))) {
            await().until(() -> encrypted.refused() >= 1);
            write("ca.crt", authority.getCertificatePEM());
            await().until(sidecar::isReady);
            write("ca.crt", "nonsense");
            server.cutConnections();
            await().until(() -> encrypted.served() == 2 && sidecar.isReady());
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamedAtTheStart() throws Exception {
        assertThatThrownBy(() -> TlsFiles.open(folder.resolve("none"), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
        Path bad = write("bad.pem", "nonsense");
        assertThatThrownBy(() -> TlsFiles.open(bad, Optional.empty()))
                .hasMessageEndingWith("bad.pem holds no certificates in PEM");
        Path trust = write("ca.crt", authority.getCertificatePEM());
        assertThatThrownBy(() -> TlsFiles.open(trust, Optional.of(new TlsFiles.OwnKey(trust, bad))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.pem")
                .hasMessageContaining("PKCS#8");
    }

    private static SidecarConfig config(TlsRelay servers, TlsFiles files) {
        return Sidecars.config("localhost:" + servers.port()).withTls(files);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private SSLContext served() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                signed("CN=server").toKeyManagerFactory().getKeyManagers(),
                authority.toTrustManagerFactory().getTrustManagers(),
                null);
        return context;
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private X509Bundle signed(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
    }
}
