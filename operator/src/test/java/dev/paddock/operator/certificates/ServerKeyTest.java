package dev.paddock.operator.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.pkitesting.CertificateBuilder;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerKeyTest {
    private static final Instant NOW = Instant.parse("2020-01-01T00:00:00Z"); // before any that is really issued
    private static final String HOST = "demo-client.prod.svc";

    private final Issuer issuer = new Issuer();

    ServerKeyTest() throws Exception {}

    /** As openssl and cert-manager write keys, unless told otherwise. */
    @ParameterizedTest
    @CsvSource({"rsa2048, RSA PRIVATE KEY", "ecp256, EC PRIVATE KEY", "ed25519, PRIVATE KEY", "rsa2048, PRIVATE KEY"})
    void aKeyIsTakenInEachFormAndGivenAsServersReadIt(CertificateBuilder.Algorithm kind, String label)
            throws Exception {
        Map<String, String> data = secret(new CertificateBuilder().algorithm(kind), NOW.plusSeconds(60));
        PrivateKey key = ServerKey.of(data, true, NOW).key();
        if (!label.equals("PRIVATE KEY")) {
            byte[] inner = PrivateKeyInfo.getInstance(key.getEncoded())
                    .parsePrivateKey()
                    .toASN1Primitive()
                    .getEncoded();
            data.put("tls.key", Issuer.base64("# for servers\n" + Pair.pem(label, inner)));
        }
        String pem = ServerKey.of(data, true, NOW).pem();
        String first = pem.substring(pem.indexOf('\n'), pem.indexOf("-----END"));
        byte[] pkcs8 = Base64.getMimeDecoder().decode(first);
        assertThat(KeyFactory.getInstance(key.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)))
                .isEqualTo(key);
        assertThat(pem).contains("-----BEGIN CERTIFICATE-----").startsWith("-----BEGIN PRIVATE KEY-----");
    }

    @Test
    void itSaysUntilWhenAndForWhom() throws Exception {
        ServerKey key = ServerKey.of(secret(new CertificateBuilder().ecp256(), NOW.plusSeconds(60)), true, NOW);
        assertThat(key.until()).isEqualTo(NOW.plusSeconds(60));
        assertThat(key.names(HOST)).isTrue();
        assertThat(key.names("demo-client.test.svc")).isFalse();
        Pair pair = Pair.create("any", List.of("*.prod.svc"), NOW, Duration.ofDays(1));
        ServerKey any = new ServerKey(pair.key(), List.of(pair.certificate()), List.of());
        assertThat(any.names(HOST)).isTrue();
        assertThat(any.names("a.demo-client.prod.svc")).isFalse();
    }

    @Test
    void whatCannotBeUsedIsToldWithWhatToDo() throws Exception {
        Map<String, String> good = issuer.secret(HOST);
        assertThat(refusal(Map.of()))
                .isEqualTo("SecretIncomplete: has no tls.crt and no tls.key and no ca.crt; add what is missing");
        assertThat(refusal(with(good, "tls.key", "")))
                .isEqualTo("SecretIncomplete: has no tls.key; add what is missing");
        assertThat(refusal(with(good, "tls.key", issuer.secret(HOST).get("tls.key"))))
                .isEqualTo("CertificateInvalid: tls.key is not the key of tls.crt; put both in at once");
        assertThat(refusal(with(good, "tls.crt", Issuer.base64("a certificate"))))
                .startsWith("CertificateInvalid: tls.crt ")
                .endsWith("; issue it anew");
        assertThat(refusal(with(good, "tls.key", Issuer.base64("a key"))))
                .isEqualTo("CertificateInvalid: tls.key is no PEM of a key; issue it anew");
        assertThat(refusal(with(good, "tls.key", "!")))
                .isEqualTo("CertificateInvalid: tls.key is no PEM of a key; issue it anew");
        assertThat(refusal(with(good, "tls.key", Issuer.base64(Pair.pem("ENCRYPTED PRIVATE KEY", new byte[9])))))
                .startsWith("CertificateInvalid: tls.key is encrypted");
        assertThat(refusal(with(good, "tls.key", Issuer.base64(Pair.pem("PRIVATE KEY", new byte[9])))))
                .isEqualTo("CertificateInvalid: tls.key is no key of the kind that tls.crt is for, EC; issue it anew");
        assertThat(refusal(secret(new CertificateBuilder().ecp256(), NOW.minusSeconds(60))))
                .isEqualTo("CertificateExpired: tls.crt is expired since " + NOW.minusSeconds(60) + "; renew it");
    }

    @Test
    void withoutAnAuthorityNoClientIsAskedForACertificate() throws Exception {
        Map<String, String> data = with(issuer.secret(HOST), "ca.crt", "");
        assertThat(refusal(data)).isEqualTo("SecretIncomplete: has no ca.crt; add what is missing");
        assertThat(ServerKey.of(data, false, NOW).authority()).isEmpty();
    }

    /** The operator knows those that servers may still serve with; its own key stays the same. */
    @Test
    void filesFollowARenewal() throws Exception {
        ServerKey first = ServerKey.of(issuer.secret(HOST), true, NOW);
        ServerKey second = ServerKey.of(issuer.secret(HOST), true, NOW);
        KeyFiles before = KeyFiles.of(first, Optional.empty(), NOW);
        assertThat(KeyFiles.parse(before.data())).contains(before);
        KeyFiles after = KeyFiles.of(second, Optional.of(before), NOW);
        assertThat(after.operator()).isEqualTo(before.operator());
        assertThat(after.known())
                .containsExactly(second.chain().getFirst(), first.chain().getFirst());
        assertThat(KeyFiles.of(second, Optional.of(after), NOW)).isEqualTo(after);
        var operators = new KnownOnly(after.known());
        operators.checkServerTrusted(new X509Certificate[] {first.chain().getFirst()}, "EC");
        X509Certificate stranger =
                ServerKey.of(issuer.secret(HOST), true, NOW).chain().getFirst();
        assertThatThrownBy(() -> operators.checkServerTrusted(new X509Certificate[] {stranger}, "EC"))
                .isInstanceOf(CertificateException.class);
        assertThat(after.clients())
                .contains(Pair.pem(after.operator().certificate()), ServerKey.pem(second.authority()));
        assertThat(KeyFiles.parse(with(after.data(), "known.pem", ""))).isEmpty();
        assertThat(new String(Base64.getDecoder().decode(after.data().get("server.pem")), StandardCharsets.UTF_8))
                .isEqualTo(second.pem());
    }

    private Map<String, String> secret(CertificateBuilder kind, Instant until) throws Exception {
        return issuer.secret(kind, HOST, until);
    }

    private static Map<String, String> with(Map<String, String> data, String key, String value) {
        Map<String, String> changed = new TreeMap<>(data);
        changed.put(key, value);
        return changed;
    }

    private static String refusal(Map<String, String> data) {
        var unusable = catchThrowableOfType(ServerKey.Unusable.class, () -> ServerKey.of(data, true, NOW));
        return unusable.reason() + ": " + unusable.getMessage();
    }
}
