package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.Condition;
import dev.paddock.crds.Tls;
import dev.paddock.operator.certificates.Issuer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster whose clients come in by TLS, and the Secret that people keep for it. */
final class TlsTest {
    private static final String HOST = "demo-client.prod.svc";
    private static final String MISSING =
            "Secret demo-tls is not there; make it in this namespace, of type kubernetes.io/tls with tls.crt and tls.key,"
                    + " and ca.crt, whom clients trust";

    private final Lab lab = new Lab();
    private final Issuer issuer = new Issuer();

    TlsTest() throws Exception {}

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void nothingIsMadeBeforeTheSecretIsThereAndThenItServesByTls() throws Exception {
        lab.create(spec(Map.of(), tls(false)));
        awaitCondition("CertificatesReady", false, "SecretMissing", MISSING);
        awaitCondition("Ready", false, "Waiting", "spec.tls.client: " + MISSING);
        assertThat(lab.statefulSets()).isEmpty();

        put(issuer.secret(HOST));
        var ready = lab.awaitReady(3);
        assertThat(condition("CertificatesReady").message()).matches("the certificate is valid until \\S+Z");
        assertThat(ready.endpoint()).isEqualTo(HOST + ":2181");
        assertThat(ready.secureEndpoint()).isEqualTo(HOST + ":2281");
        assertThat(ports()).containsExactly(2181, 2281);
    }

    @Test
    void aRenewalRestartsNobody() throws Exception {
        put(issuer.secret(HOST));
        lab.create(spec(Map.of(), tls(false)));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        String before = keys().getData().get("server.pem");
        put(issuer.secret("elsewhere"));
        await().untilAsserted(
                        () -> assertThat(keys().getData().get("server.pem")).isNotEqualTo(before));
        await().untilAsserted(() -> assertThat(condition("CertificatesReady").message())
                .endsWith(
                        "; it does not name " + HOST + ", by which clients in this Kubernetes would know the servers"));
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).isEmpty();
    }

    @Test
    void whileTheSecretIsWrongNothingThatWorksIsTouchedAndServersKeepWhatWasRight() throws Exception {
        put(issuer.secret(HOST));
        lab.create(spec(Map.of(), tls(false)));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        Map<String, String> before = keys().getData();
        Map<String, String> wrong = issuer.secret(HOST);
        wrong.put("tls.key", issuer.secret(HOST).get("tls.key"));
        put(wrong);
        String why = "Secret demo-tls: tls.key is not the key of tls.crt; put both in at once";
        awaitCondition("CertificatesReady", false, "CertificateInvalid", why);
        lab.respecify(_ -> spec(Map.of("tickTime", "1000"), tls(false)));
        await().untilAsserted(() -> {
            var status = lab.cluster().getStatus();
            assertThat(status.observedGeneration())
                    .isEqualTo(lab.cluster().getMetadata().getGeneration());
            assertThat(status.plan().why()).isEqualTo("spec.tls.client: " + why);
        });
        assertThat(lab.node().deeds()).isEmpty();
        assertThat(keys().getData()).isEqualTo(before);

        put(issuer.secret(HOST));
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3");
    }

    @Test
    void tlsComesToARunningClusterWithItsSecretAndNotBefore() throws Exception {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.respecify(_ -> spec(Map.of(), tls(true)));
        awaitCondition("Ready", false, "Waiting", "spec.tls.client: " + MISSING);
        assertThat(ports()).as("pods that come back meanwhile serve as before").containsExactly(2181);
        assertThat(lab.node().deeds()).isEmpty();
        put(issuer.secret(HOST));
        var ready = lab.awaitReady(3);
        assertThat(lab.node().committed().closed()).containsExactly(1, 2, 3);
        assertThat(ready.endpoint()).isEqualTo(ready.secureEndpoint()).isEqualTo(HOST + ":2281");
        assertThat(ports()).containsExactly(2281);
    }

    /** A member that has lost TLS and takes nobody without would be no member any more. */
    @Test
    void portsAreClosedWhenAllHaveTlsAndOpenedBeforeAnyLosesIt() throws Exception {
        put(issuer.secret(HOST));
        lab.create(spec(Map.of(), tls(false)));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.respecify(_ -> spec(Map.of(), tls(true)));
        await().untilAsserted(() -> assertThat(lab.node().deeds()).containsExactly("close 1", "close 2", "close 3"));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.respecify(_ -> spec(Map.of(), null));
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
        assertThat(lab.node().deeds()).startsWith("open 1", "open 2", "open 3", "stop 2");
        lab.awaitReady(3);
    }

    @Test
    void aSecretOfSomebodyElseIsNotWrittenOver() throws Exception {
        put(issuer.secret(HOST));
        create("demo-keys", Map.of("a", "Yg=="));
        lab.create(spec(Map.of(), tls(false)));
        awaitCondition(
                "CertificatesReady",
                false,
                "SecretTaken",
                "Secret demo-keys is not Paddock's, which needs this name; give it another");
        assertThat(keys().getData()).isEqualTo(Map.of("a", "Yg=="));
    }

    private static Tls tls(boolean required) {
        return new Tls(new Tls.ClientTls("demo-tls", required, Tls.Verify.REQUIRED));
    }

    private static ClusterSpec spec(Map<String, String> config, @Nullable Tls tls) {
        return new ClusterSpec(3, null, null, null, config, tls, null, null, null, null);
    }

    private void put(Map<String, String> data) {
        var secret = lab.client().secrets().inNamespace(Lab.NAMESPACE).withName("demo-tls");
        if (secret.get() == null) create("demo-tls", data);
        else
            secret.edit(found -> {
                found.setData(data);
                return found;
            });
    }

    private void create(String name, Map<String, String> data) {
        lab.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Lab.NAMESPACE)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    private Secret keys() {
        return lab.client()
                .secrets()
                .inNamespace(Lab.NAMESPACE)
                .withName("demo-keys")
                .get();
    }

    private List<Integer> ports() {
        Service service = lab.client()
                .services()
                .inNamespace(Lab.NAMESPACE)
                .withName("demo-client")
                .get();
        return service.getSpec().getPorts().stream().map(ServicePort::getPort).toList();
    }

    private Condition condition(String type) {
        return lab.cluster().getStatus().condition(type).orElseThrow();
    }

    private void awaitCondition(String type, boolean holds, String reason, String message) {
        await().untilAsserted(() -> {
            assertThat(lab.cluster().getStatus().condition(type)).isPresent();
            assertThat(condition(type).message()).isEqualTo(message);
            assertThat(condition(type).reason()).isEqualTo(reason);
            assertThat(condition(type).holds()).isEqualTo(holds);
        });
    }
}
