package dev.paddock.operator.injection;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.certificates.Pair;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running webhook of one replica. */
public final class Webhook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration LOOK_EACH = Duration.ofSeconds(5);

    private final WebhookServer server;
    private final Upkeep upkeep;
    private final Thread thread;
    private volatile boolean serves;

    /**
     * How it is to run.
     *
     * @param port to listen on; 0 lets the kernel choose
     * @param namespace of the operator
     * @param service by which the API server reaches the replicas
     * @param secret where the certificates are kept, in {@code namespace}
     * @param configuration name of the MutatingWebhookConfiguration
     * @param image of the sidecar
     * @param version noted on injected pods
     */
    public record Settings(
            int port,
            String namespace,
            String service,
            String secret,
            String configuration,
            String image,
            String version) {
        /** The names under which the API server may call. */
        List<String> hosts() {
            String host = service + "." + namespace + ".svc";
            return List.of(host, host + ".cluster.local");
        }
    }

    private Webhook(KubernetesClient client, Settings settings, BooleanSupplier leads, BooleanSupplier ready)
            throws IOException {
        var admission = new Admission(
                new Injector(settings.image(), settings.version()), namespace -> clusters(client, namespace));
        server = WebhookServer.start(settings.port(), admission, () -> serves && ready.getAsBoolean());
        upkeep = new Upkeep(client, settings, leads);
        thread = Thread.ofVirtual().name("webhook-upkeep").start(this::keepUp);
    }

    /**
     * Starts to serve; it answers once there is a certificate, which the leader makes.
     *
     * @param leads whether this replica leads now
     * @param ready whether the rest of the operator is ready
     * @throws IOException if the port cannot be had
     */
    public static Webhook start(
            KubernetesClient client, Settings settings, BooleanSupplier leads, BooleanSupplier ready)
            throws IOException {
        return new Webhook(client, settings, leads, ready);
    }

    /** Asked afresh; a namespace that may not be read has none. */
    private static List<Injector.Cluster> clusters(KubernetesClient client, String namespace) {
        try {
            return client.resources(CoordinationCluster.class).inNamespace(namespace).list().getItems().stream()
                    .map(cluster -> new Injector.Cluster(
                            cluster.getMetadata().getName(),
                            cluster.getSpec().tls().askedClient()))
                    .toList();
        } catch (KubernetesClientException refused) {
            LOG.warn("the CoordinationClusters of {} cannot be listed: {}", namespace, refused.getMessage());
            return List.of();
        }
    }

    private void keepUp() {
        try {
            while (true) {
                lookOnce();
                Thread.sleep(serves ? LOOK_EACH : Duration.ofMillis(500));
            }
        } catch (InterruptedException stopped) { // by close
            Thread.currentThread().interrupt();
        }
    }

    private void lookOnce() {
        try {
            Optional<Pair> pair = upkeep.look(Instant.now());
            pair.ifPresent(server::use);
            if (pair.isPresent()) serves = true;
        } catch (KubernetesClientException failed) {
            LOG.warn("the webhook's certificate cannot be looked after now: {}", failed.getMessage());
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        thread.interrupt();
        server.close();
    }
}
