package dev.paddock.operator.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MemberKeysTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static SortedMap<Integer, String> hosts(int count) {
        SortedMap<Integer, String> hosts = new TreeMap<>();
        for (int id = 1; id <= count; id++) hosts.put(id, "demo-" + id + ".demo-peers.ns.svc");
        return hosts;
    }

    private static MemberKeys first(int members) {
        return MemberKeys.step(Optional.empty(), hosts(members), START);
    }

    private static MemberKeys next(MemberKeys keys, int members, Instant now) {
        return MemberKeys.step(Optional.of(keys), hosts(members), now);
    }

    @Test
    void eachMemberHasItsOwnSignedByTheAuthority() throws Exception {
        MemberKeys keys = first(3);
        assertThat(keys.members()).hasSize(3);
        X509Certificate authority = keys.authorities().getFirst().certificate();
        assertThat(authority.getBasicConstraints()).as("signs others").isNotNegative();
        for (int id = 1; id <= 3; id++) {
            X509Certificate certificate = keys.members().get(id).certificate();
            certificate.verify(authority.getPublicKey());
            assertThat(certificate.getBasicConstraints()).as("signs nobody").isNegative();
            List<?> name = certificate.getSubjectAlternativeNames().iterator().next();
            assertThat(name.get(1)).isEqualTo("demo-" + id + ".demo-peers.ns.svc");
        }
    }

    @Test
    void nothingChangesUntilItIsDue() {
        MemberKeys keys = first(3);
        assertThat(next(keys, 3, START.plus(Duration.ofDays(400)))).isEqualTo(keys);
        assertThat(MemberKeys.parse(keys.secrets(), keys.files())).contains(keys);
    }

    @Test
    void membersThatComeGetOneAndNobodyElseAnother() {
        MemberKeys keys = first(3);
        MemberKeys grown = next(keys, 5, START.plus(Duration.ofDays(1)));
        assertThat(grown.members()).hasSize(5).containsAllEntriesOf(keys.members());
        assertThat(grown.word()).as("restarts nobody").isEqualTo(keys.word());
    }

    @Test
    void allAreRenewedAtOnceBeforeTheFirstEnds() {
        MemberKeys keys = next(first(3), 5, START.plus(Duration.ofDays(300)));
        MemberKeys renewed = next(keys, 5, START.plus(Duration.ofDays(490)));
        assertThat(renewed.authorities()).isEqualTo(keys.authorities());
        assertThat(renewed.members().values())
                .doesNotContainAnyElementsOf(keys.members().values());
        assertThat(renewed.word()).as("restarts all").isNotEqualTo(keys.word());
    }

    /** At no moment does a member meet a certificate of an authority that it was not told of a month ago. */
    @Test
    void anotherAuthorityIsTrustedLongBeforeItSigns() {
        MemberKeys keys = live(first(3), START, 20 * 365);
        assertThat(keys.round()).isGreaterThan(10);
        assertThat(keys.authorities().getLast())
                .isNotEqualTo(first(3).authorities().getLast());
    }

    /** Every five days, with members of which some restart only after almost a month. */
    private static MemberKeys live(MemberKeys keys, Instant from, int days) {
        List<X509Certificate> trusted = trusted(keys);
        MemberKeys shown = keys;
        for (int day = 5; day < days; day += 5) {
            Instant now = from.plus(Duration.ofDays(day));
            keys = next(keys, 3, now);
            assertThat(MemberKeys.parse(keys.secrets(), keys.files())).contains(keys);
            for (MemberKeys of : List.of(keys, shown)) {
                for (Pair member : of.members().values()) {
                    for (List<X509Certificate> by : List.of(trusted, trusted(keys))) {
                        assertThat(isTaken(member.certificate(), by, now))
                                .as("on day %d", day)
                                .isTrue();
                    }
                }
            }
            if (day % 25 == 0) {
                trusted = trusted(keys);
                shown = keys;
            }
        }
        return keys;
    }

    /** As the file says. */
    private static List<X509Certificate> trusted(MemberKeys keys) {
        byte[] pem = Base64.getDecoder().decode(keys.files().get(MemberKeys.TRUSTED));
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** As TLS looks at it. */
    private static boolean isTaken(X509Certificate certificate, List<X509Certificate> authorities, Instant now) {
        try {
            var anchors = authorities.stream()
                    .map(authority -> new TrustAnchor(authority, null))
                    .collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(List.of(certificate)), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Test
    void whatPeopleEditedIsMadeAnew() {
        MemberKeys keys = first(3);
        Map<String, String> files = new TreeMap<>(keys.files());
        files.put("2.pem", "AAAA");
        MemberKeys mended = MemberKeys.step(MemberKeys.parse(keys.secrets(), files), hosts(3), START);
        assertThat(mended.members().get(1)).isEqualTo(keys.members().get(1));
        assertThat(mended.members()).hasSize(3);
    }

    /** As where an authority is old: another one is trusted first, and signs after a month. The lost one is forgotten when nobody needs it. */
    @Test
    void aLostAuthorityIsFollowedByAnotherAndNobodyIsCutOff() {
        MemberKeys keys = first(3);
        MemberKeys found = MemberKeys.parse(Map.of(), keys.files()).orElseThrow();
        MemberKeys fresh = next(found, 3, START);
        assertThat(fresh.members()).isEqualTo(keys.members());
        assertThat(fresh.word()).as("restarts all, to trust it").isNotEqualTo(keys.word());
        assertThat(trusted(fresh)).hasSize(2).containsAll(trusted(keys));
        assertThat(next(MemberKeys.parse(fresh.secrets(), keys.files()).orElseThrow(), 3, START))
                .as("after a crash between the writes")
                .isEqualTo(fresh);

        MemberKeys later = live(fresh, START, 90);
        assertThat(later.former()).isEmpty();
        assertThat(trusted(later)).hasSize(1).doesNotContainAnyElementsOf(trusted(keys));
        assertThat(later.round()).isEqualTo(fresh.round() + 1);
    }

    @Test
    void ofAnAuthorityThatSignedNothingNobodyIsToldWhenTheOwnIsLost() {
        MemberKeys keys = first(3);
        Map<String, String> files = new TreeMap<>(keys.files());
        files.put(MemberKeys.TRUSTED, first(1).files().get(MemberKeys.TRUSTED));
        assertThat(MemberKeys.parse(Map.of(), files)).isEmpty();
        assertThat(MemberKeys.parse(keys.secrets(), files)).contains(keys);
    }
}
