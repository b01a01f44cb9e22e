package dev.paddock.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.certificates.Der;
import dev.paddock.operator.certificates.Pair;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;

final class CredentialsTest {
    private static final List<String> HOSTS = List.of("hook.ns.svc", "hook.ns.svc.cluster.local");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aCertificateIsWhatJavaUnderstands() throws Exception {
        Pair pair = Pair.create("a", HOSTS, START, Duration.ofDays(90));
        X509Certificate certificate = pair.certificate();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber().signum()).isPositive();
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(START.minus(Duration.ofHours(1)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, HOSTS.get(0)), List.of(2, HOSTS.get(1)));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getKeyUsage()).startsWith(true, false).doesNotContain(true, Index.atIndex(5));
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.key());
        signature.update(new byte[10]);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(new byte[10]);
        assertThat(signature.verify(signed)).as("the key is the certificate's").isTrue();
    }

    @Test
    void lengthsOfEverySizeAreEncoded() {
        assertThat(Der.octets(new byte[127])).hasSize(129).startsWith(4, 127);
        assertThat(Der.octets(new byte[128])).hasSize(131).startsWith(4, 0x81, 128);
        assertThat(Der.octets(new byte[256])).hasSize(260).startsWith(4, 0x82, 1, 0);
        assertThat(Der.oid("1.2.840.10045.4.3.2")).containsExactly(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
    }

    @Test
    void filesAreReadBackAndDamageMeansAnew() {
        Credentials made = Credentials.step(Optional.empty(), HOSTS, START);
        Credentials later = Credentials.step(Optional.of(made), HOSTS, START.plus(Duration.ofDays(61)));
        assertThat(later.next()).isPresent();
        assertThat(Credentials.parse(later.files())).contains(later);
        for (String file : List.of("tls.crt", "tls.key", "ca.crt")) {
            Map<String, String> damaged = new TreeMap<>(later.files());
            damaged.put(file, "-----BEGIN X-----\nAAAA\n-----END CERTIFICATE-----");
            assertThat(Credentials.parse(damaged)).as(file).isEmpty();
            damaged.remove(file);
            assertThat(Credentials.parse(damaged)).as(file).isEmpty();
        }
        assertThat(Credentials.step(Optional.of(made), List.of("other"), START).current())
                .isNotEqualTo(made.current());
    }

    /**
     * The leader looks every few hours, two years long. A replica that serves what it read up to {@code lag} looks ago is
     * trusted by an API server whose bundle is as old, as long as a lag is within the time from trusted to served.
     */
    @Property(tries = 20)
    void whoIsBehindIsStillUnderstood(
            @ForAll @IntRange(min = 2, max = 30) int hoursBetweenLooks, @ForAll @IntRange(min = 0, max = 1) int lag) {
        Deque<Credentials> recent = new ArrayDeque<>();
        Optional<Credentials> stored = Optional.empty();
        int rotations = 0;
        for (int hour = 0; hour < 24 * 730; hour += hoursBetweenLooks) {
            Instant now = START.plus(Duration.ofHours(hour));
            Credentials due = Credentials.step(stored, HOSTS, now);
            assertThat(Credentials.step(Optional.of(due), HOSTS, now))
                    .as("one step at a time")
                    .isEqualTo(due);
            if (stored.isPresent() && !stored.get().current().equals(due.current())) rotations++;
            assertThat(due.trusted())
                    .hasSizeLessThanOrEqualTo(4)
                    .contains(due.current().certificate());
            stored = Optional.of(due);
            recent.addLast(due);
            if (recent.size() > lag + 1) recent.removeFirst();
            for (Credentials served : recent) {
                for (Credentials published : recent) {
                    X509Certificate certificate = served.current().certificate();
                    assertThat(published.trusted()).as("hour %d", hour).contains(certificate);
                    assertThat(now).isBefore(certificate.getNotAfter().toInstant());
                }
            }
        }
        assertThat(rotations).isBetween(10, 13);
    }
}
