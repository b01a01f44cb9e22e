package dev.paddock.operator;

import dev.paddock.operator.cluster.ClusterReconciler;
import dev.paddock.operator.cluster.Probe;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** A running operator. It works on threads of its own until it is closed. */
public final class Operator implements AutoCloseable {
    private static final Duration TERMINATION = Duration.ofSeconds(10);

    private final io.javaoperatorsdk.operator.Operator operator;

    private Operator(io.javaoperatorsdk.operator.Operator operator) {
        this.operator = operator;
    }

    /**
     * Starts to watch; returns when the caches are filled.
     *
     * @param client stays the caller's, who closes it after the operator
     * @param namespaces to watch; empty: all
     * @throws io.javaoperatorsdk.operator.OperatorException if the cluster cannot be reached, or the CRDs are missing
     */
    public static Operator start(KubernetesClient client, Set<String> namespaces) {
        return start(client, namespaces, Probe.overTcp(), configuration -> {});
    }

    /** The same with another way to ask servers and to talk with the API server. */
    static Operator start(
            KubernetesClient client,
            Set<String> namespaces,
            Probe probe,
            Consumer<ConfigurationServiceOverrider> configuration) {
        var operator = new io.javaoperatorsdk.operator.Operator(overrider -> {
            overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withUseSSAToPatchPrimaryResource(false) // the status has one writer, and is patched by difference
                    .withReconciliationTerminationTimeout(TERMINATION);
            configuration.accept(overrider);
        });
        operator.register(new ClusterReconciler(probe), controller -> {
            if (!namespaces.isEmpty()) controller.settingNamespaces(namespaces);
        });
        operator.start();
        return new Operator(operator);
    }

    /** Ends the watches and lets what is under way finish, for a few seconds. What it made stays. */
    @Override
    public void close() {
        operator.stop();
    }
}
