package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.auth.Certificates;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateHostsTest {
    @TempDir
    private static Path keys;

    private static X509Certificate named;
    private static X509Certificate unnamed;

    @BeforeAll
    static void certificates() throws Exception {
        var authority = new Certificates(keys, "authority");
        named = read(authority.signed(
                "named", "CN=common", "-ext", "san=dns:a.example,dns:*.b.example,ip:192.0.2.1,ip:2001:db8::1"));
        unnamed = read(authority.signed("unnamed", "CN=Common.example,O=x"));
    }

    private static X509Certificate read(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance(file.toFile(), Certificates.PASSWORD.toCharArray());
        return (X509Certificate) store.getCertificate("mykey");
    }

    @Test
    void itsAlternativeNamesAndAddressesCount() {
        for (String host : new String[] {"a.example", "A.Example", "x.b.example", "192.0.2.1", "2001:db8:0:0::1"}) {
            assertThat(CertificateHosts.names(named, host)).as(host).isTrue();
        }
    }

    @Test
    void nothingElseDoes() {
        for (String host : new String[] {
            "b.example",
            "x.y.b.example",
            "xa.example",
            "common",
            "192.0.2.2",
            "2001:db8::2",
            "",
            "*.b.example",
            "a.example."
        }) {
            assertThat(CertificateHosts.names(named, host)).as(host).isEqualTo(host.equals("*.b.example"));
        }
    }

    @Test
    void theCommonNameCountsOnlyWhereThereAreNoOthers() {
        assertThat(CertificateHosts.names(unnamed, "common.example")).isTrue();
        assertThat(CertificateHosts.names(unnamed, "x")).isFalse();
    }
}
