package dev.paddock.operator.injection;

import dev.paddock.operator.certificates.Pair;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look after the webhook's certificates: the leader takes the step that is due and tells the API server whom to trust, and
 * every replica serves what the Secret holds. The Secret is written under its resourceVersion, so of two that think they lead
 * one is refused and looks again.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final KubernetesClient client;
    private final Webhook.Settings settings;
    private final BooleanSupplier leads;

    Upkeep(KubernetesClient client, Webhook.Settings settings, BooleanSupplier leads) {
        this.client = client;
        this.settings = settings;
        this.leads = leads;
    }

    /**
     * Looks once.
     *
     * @return what to serve with; empty while no leader has made any
     * @throws KubernetesClientException if the API server does not answer, or refuses
     */
    Optional<Pair> look(Instant now) {
        Secret secret = secret();
        Optional<Credentials> stored = Optional.ofNullable(secret).flatMap(found -> Credentials.parse(files(found)));
        if (!leads.getAsBoolean()) return stored.map(Credentials::current);
        Credentials due = Credentials.step(stored, settings.hosts(), now);
        if (!Optional.of(due).equals(stored)) {
            boolean trustedOnes = stored.isPresent()
                    && stored.get().trusted().contains(due.current().certificate());
            if (!trustedOnes) publish(due); // whoever is served by it next must be trusted first
            if (!save(secret, due)) return stored.map(Credentials::current);
            LOG.info(
                    "the webhook's certificate ends {}, the next one is {}",
                    due.current().certificate().getNotAfter().toInstant(),
                    due.next().isPresent() ? "trusted" : "not made yet");
        }
        publish(due);
        return Optional.of(due.current());
    }

    private Secret secret() {
        return client.secrets()
                .inNamespace(settings.namespace())
                .withName(settings.secret())
                .get();
    }

    private static Map<String, String> files(Secret secret) {
        Map<String, String> files = new TreeMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((name, value) ->
                            files.put(name, new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return files;
    }

    /** False if another was faster. */
    private boolean save(Secret before, Credentials credentials) {
        Map<String, String> data = new TreeMap<>();
        credentials
                .files()
                .forEach((name, text) ->
                        data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        try {
            if (before == null) {
                client.resource(new SecretBuilder()
                                .withNewMetadata()
                                .withName(settings.secret())
                                .withNamespace(settings.namespace())
                                .addToLabels("app.kubernetes.io/name", "paddock")
                                .addToLabels("app.kubernetes.io/component", "webhook")
                                .endMetadata()
                                .withType("Opaque")
                                .withData(data)
                                .build())
                        .create();
            } else {
                client.resource(new SecretBuilder(before).withData(data).build())
                        .update(); // under its resourceVersion
            }
            return true;
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) throw refused;
            return false;
        }
    }

    private void publish(Credentials credentials) {
        String bundle = Base64.getEncoder().encodeToString(credentials.bundle().getBytes(StandardCharsets.UTF_8));
        MutatingWebhookConfiguration found = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(settings.configuration())
                .get();
        if (found == null) {
            LOG.warn("there is no MutatingWebhookConfiguration {}: nothing is injected", settings.configuration());
            return;
        }
        List<MutatingWebhook> webhooks = found.getWebhooks();
        if (webhooks.stream()
                .allMatch(webhook -> bundle.equals(webhook.getClientConfig().getCaBundle()))) return;
        String patch = IntStream.range(0, webhooks.size())
                .mapToObj(i -> "{\"op\":\"add\",\"path\":\"/webhooks/" + i + "/clientConfig/caBundle\",\"value\":\""
                        + bundle + "\"}")
                .collect(Collectors.joining(
                        ",",
                        "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\""
                                + found.getMetadata().getResourceVersion() + "\"}" + (webhooks.isEmpty() ? "" : ","),
                        "]"));
        client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(settings.configuration())
                .patch(PatchContext.of(PatchType.JSON), patch);
    }
}
