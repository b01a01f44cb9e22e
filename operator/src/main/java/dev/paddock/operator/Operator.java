package dev.paddock.operator;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.cluster.ClusterReconciler;
import dev.paddock.operator.cluster.ClusterReconciler.Pace;
import dev.paddock.operator.cluster.Servers;
import dev.paddock.operator.config.ConfigReconciler;
import dev.paddock.operator.health.HealthServer;
import dev.paddock.operator.injection.Webhook;
import dev.paddock.operator.migration.SettingsReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running operator. It works on threads of its own until it is closed. */
public final class Operator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
    private static final Duration TERMINATION = Duration.ofSeconds(10);
    private static final Duration CONFIG_RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration CONFIG_RETRY_MAX = Duration.ofSeconds(30);

    private final io.javaoperatorsdk.operator.Operator operator;
    private final ConfigReconciler configs;
    private final AtomicBoolean leads = new AtomicBoolean();
    private volatile boolean started;
    private volatile boolean closing;
    private Optional<Webhook> webhook = Optional.empty(); // set before start returns
    private Optional<HealthServer> health = Optional.empty(); // likewise

    private Operator(
            KubernetesClient client, OperatorConfig config, Consumer<ConfigurationServiceOverrider> configuration) {
        this.configs = new ConfigReconciler();
        this.operator = new io.javaoperatorsdk.operator.Operator(overrider -> {
            overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withUseSSAToPatchPrimaryResource(false) // a finalizer is added to an object, not applied with it
                    .withDefaultNonSSAResource(Set.of()) // ConfigMaps and Secrets are applied as all others
                    .withReconciliationTerminationTimeout(TERMINATION);
            config.lease().map(this::election).ifPresent(overrider::withLeaderElectionConfiguration);
            configuration.accept(overrider);
        });
        leads.set(config.lease().isEmpty());
    }

    /** Replicas that do not lead keep their caches warm, and serve the webhook. */
    private LeaderElectionConfiguration election(OperatorConfig.Lease lease) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(lease.identity())
                .withExitOnStopLeading(false) // it would exit within the way out, too, and wait there for itself
                .withLeaderCallbacks(new LeaderCallbacks(() -> leads.set(true), this::stopLeading, _ -> {}))
                .build();
    }

    /** At once, without a word to anybody: another replica may lead already. */
    private void stopLeading() {
        leads.set(false);
        if (closing) return;
        LOG.error("the Lease is lost: this replica ends, and is started again");
        Runtime.getRuntime().halt(1);
    }

    /**
     * Starts to watch, as one of several replicas if told so; returns when the caches are filled.
     *
     * @param client stays the caller's, who closes it after the operator
     * @param reader asked before members become Paddock
     * @throws io.javaoperatorsdk.operator.OperatorException if the cluster cannot be reached, or the CRDs are missing
     * @throws IOException if the port of the webhook or of health cannot be had
     */
    public static Operator start(KubernetesClient client, OperatorConfig config, SettingsReader reader)
            throws IOException {
        Operator operator = start(client, config, reader, Servers.overTcp(), Pace.USUAL, configuration -> {});
        if (config.webhook().isPresent()) {
            operator.webhook = Optional.of(
                    Webhook.start(client, config.webhook().get(), operator.leads::get, () -> operator.started));
        }
        if (config.healthPort().isPresent()) {
            operator.health = Optional.of(HealthServer.start(config.healthPort().get(), () -> operator.started));
        }
        return operator;
    }

    /** The same with another way to ask servers and to talk with the API server. */
    static Operator start(
            KubernetesClient client,
            OperatorConfig config,
            SettingsReader reader,
            Servers servers,
            Pace pace,
            Consumer<ConfigurationServiceOverrider> configuration) {
        Set<String> namespaces = config.namespaces();
        Operator running = new Operator(client, config, configuration);
        running.operator.register(new ClusterReconciler(servers, pace, reader, config.nodeImage()), controller -> {
            controller
                    .withRetry(retry(pace.busy(), pace.idle().multipliedBy(3)))
                    .withGenerationAware(false) // annotations ask for things, too
                    .withOnUpdateFilter(Operator::isAsked);
            if (!namespaces.isEmpty()) controller.settingNamespaces(namespaces);
        });
        running.operator.register(running.configs, controller -> {
            controller.withRetry(retry(CONFIG_RETRY_MIN, CONFIG_RETRY_MAX));
            if (!namespaces.isEmpty()) controller.settingNamespaces(namespaces);
        });
        running.operator.start();
        running.started = true;
        return running;
    }

    /** For ever: whatever is wrong, it may be mended any time. */
    private static Retry retry(Duration first, Duration max) {
        return new GenericRetry()
                .setInitialInterval(first.toMillis())
                .setMaxInterval(max.toMillis())
                .withoutMaxAttempts();
    }

    /** Whether this replica works. */
    boolean leads() {
        return leads.get();
    }

    /** Whether people changed something, rather than the operator the status. */
    private static boolean isAsked(CoordinationCluster now, CoordinationCluster before) {
        return !Objects.equals(now.getSpec(), before.getSpec())
                || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }

    /** Ends the watches and lets what is under way finish, for a few seconds. What it made stays. */
    @Override
    public void close() {
        closing = true;
        webhook.ifPresent(Webhook::close);
        health.ifPresent(HealthServer::close);
        operator.stop();
        configs.close();
    }
}
