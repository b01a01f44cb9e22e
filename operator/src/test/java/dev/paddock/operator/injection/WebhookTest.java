package dev.paddock.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.operator.MockApiServer;
import dev.paddock.operator.Permissions;
import dev.paddock.operator.certificates.Pair;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhook over real TLS, as the API server calls it. */
final class WebhookTest {
    private static final Path REVIEW = Path.of(
            System.getProperty("paddock.root"),
            "operator/src/test/resources/dev/paddock/operator/injection/projections.review.json");
    private static final Webhook.Settings SETTINGS = new Webhook.Settings(
            0, "paddock-system", "paddock-webhook", "paddock-webhook", "paddock", "paddock/sidecar:1", "1");

    private MockApiServer api;
    private KubernetesClient kubernetes;

    @BeforeEach
    void start() {
        api = new MockApiServer();
        kubernetes = api.user();
        kubernetes
                .resource(new MutatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName("paddock")
                        .endMetadata()
                        .addNewWebhook()
                        .withName("a.paddock.dev")
                        .withNewClientConfig()
                        .endClientConfig()
                        .endWebhook()
                        .addNewWebhook()
                        .withName("b.paddock.dev")
                        .withNewClientConfig()
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .create();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyReplicaServesByTheCertificateThatTheLeaderMade() throws Exception {
        try (Webhook follower = Webhook.start(api.client(), SETTINGS, () -> false, () -> true)) {
            assertThatThrownBy(() -> call(follower.port(), "GET", "/health/ready", null, everybody()))
                    .as("no certificate yet")
                    .isInstanceOf(IOException.class);
            try (Webhook leader = Webhook.start(api.client(), SETTINGS, () -> true, () -> true)) {
                await().until(() -> bundles().filter(all -> all.size() == 2).isPresent());
                byte[] review = Files.readAllBytes(REVIEW);
                SSLContext trusting = trusting(bundles().orElseThrow().getFirst());
                for (Webhook replica : List.of(leader, follower)) {
                    await().ignoreExceptions()
                            .until(() -> call(replica.port(), "GET", "/health/ready", null, trusting)
                                            .status()
                                    == 200);
                    Answer answer = call(replica.port(), "POST", "/inject", review, trusting);
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).contains("JSONPatch");
                }
                assertThat(call(leader.port(), "POST", "/inject", new byte[0], trusting)
                                .status())
                        .isEqualTo(400);
                assertThat(call(leader.port(), "GET", "/", null, trusting).status())
                        .isEqualTo(404);
                assertThatThrownBy(() -> call(
                                leader.port(),
                                "GET",
                                "/health/live",
                                null,
                                trusting(Pair.pem(Pair.create("a", List.of("x"), Instant.now(), Duration.ofDays(1))
                                        .certificate()))))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @Test
    void whatIsTooLargeOrTooSlowIsTurnedAwayAndOthersAreServed() throws Exception {
        try (Webhook webhook = Webhook.start(api.client(), SETTINGS, () -> true, () -> true)) {
            await().until(() -> bundles().filter(all -> all.size() == 2).isPresent());
            SSLContext trusting = trusting(bundles().orElseThrow().getFirst());
            await().ignoreExceptions()
                    .until(() -> call(webhook.port(), "GET", "/health/ready", null, trusting)
                                    .status()
                            == 200);
            List<Socket> mute = new ArrayList<>();
            try {
                for (int i = 0; i < 50; i++)
                    mute.add(new Socket(InetAddress.getLoopbackAddress(), webhook.port())); // say nothing
                int status;
                try {
                    status = call(webhook.port(), "POST", "/inject", new byte[Admission.REVIEW_BYTES_MAX + 2], trusting)
                            .status();
                } catch (IOException closed) { // before all was sent
                    status = 413;
                }
                assertThat(status).isEqualTo(413);
                assertThat(call(webhook.port(), "POST", "/inject", Files.readAllBytes(REVIEW), trusting)
                                .status())
                        .isEqualTo(200);
            } finally {
                for (Socket socket : mute) socket.close();
            }
        }
    }

    @Test
    void theLeaderRotatesInTwoStepsAndAHandEditIsMended() {
        Upkeep leader = new Upkeep(api.client(), SETTINGS, () -> true);
        Upkeep follower = new Upkeep(api.client(), SETTINGS, () -> false);
        Instant now = Instant.now();
        assertThat(follower.look(now)).isEmpty();
        Pair first = leader.look(now).orElseThrow();
        assertThat(follower.look(now)).contains(first);
        Instant due = now.plus(Duration.ofDays(61));
        assertThat(leader.look(due)).contains(first);
        assertThat(certificates(bundles().orElseThrow().getFirst())).isEqualTo(2);
        Pair second = leader.look(due.plus(Duration.ofHours(2))).orElseThrow();
        assertThat(second).isNotEqualTo(first);
        assertThat(follower.look(due)).contains(second);
        assertThat(certificates(bundles().orElseThrow().getFirst()))
                .as("the one before is still trusted")
                .isEqualTo(2);

        MutatingWebhookConfiguration configuration = configuration();
        configuration.getWebhooks().getFirst().getClientConfig().setCaBundle("eA==");
        kubernetes.resource(configuration).update();
        leader.look(due.plus(Duration.ofHours(2)));
        assertThat(bundles().orElseThrow()).doesNotContain("x").hasSize(2);
        kubernetes
                .secrets()
                .inNamespace("paddock-system")
                .withName("paddock-webhook")
                .delete();
        assertThat(leader.look(due.plus(Duration.ofHours(2)))).get().isNotEqualTo(second);
        assertThat(api.asked()).isEqualTo(MockApiServer.rights(Permissions.WEBHOOK));
    }

    private MutatingWebhookConfiguration configuration() {
        return kubernetes
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("paddock")
                .get();
    }

    /** The bundles as PEM; empty while one is missing. */
    private Optional<List<String>> bundles() {
        List<String> bundles = configuration().getWebhooks().stream()
                .map(webhook -> webhook.getClientConfig().getCaBundle())
                .filter(bundle -> bundle != null)
                .map(bundle -> new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII))
                .toList();
        return bundles.isEmpty() ? Optional.empty() : Optional.of(bundles);
    }

    private static int certificates(String bundle) {
        return bundle.split("BEGIN CERTIFICATE", -1).length - 1;
    }

    private record Answer(int status, String body) {}

    private static SSLContext everybody() throws Exception {
        return trusting(Pair.pem(Pair.create("a", List.of("x"), Instant.now(), Duration.ofDays(1))
                .certificate()));
    }

    private static SSLContext trusting(String bundle) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int count = 0;
        for (var certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))) {
            store.setCertificateEntry("c" + count++, certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** As the API server does it: any address, but the Service's name in the certificate. */
    private static Answer call(int port, String method, String path, byte[] body, SSLContext tls) throws IOException {
        HttpsURLConnection connection = (HttpsURLConnection)
                URI.create("https://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setSSLSocketFactory(tls.getSocketFactory());
        connection.setReadTimeout(20_000);
        connection.setHostnameVerifier((_, session) -> {
            try {
                return ((X509Certificate) session.getPeerCertificates()[0])
                        .getSubjectAlternativeNames().stream()
                                .anyMatch(name -> name.get(1).equals("paddock-webhook.paddock-system.svc"));
            } catch (Exception e) {
                return false;
            }
        });
        connection.setRequestMethod(method);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            connection.disconnect();
        }
    }
}
