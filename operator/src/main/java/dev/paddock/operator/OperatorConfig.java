package dev.paddock.operator;

import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.injection.Webhook;
import java.util.Optional;
import java.util.Set;

/**
 * How an operator is to run.
 *
 * @param namespaces to watch; empty: all
 * @param nodeImage Paddock's servers, without a tag
 * @param lease by which replicas agree on who works; empty: there is only this one
 * @param webhook that gives pods their sidecar; empty: none
 * @param healthPort where probes are answered without TLS, beside the webhook, which answers them by TLS; empty: nowhere
 */
public record OperatorConfig(
        Set<String> namespaces,
        String nodeImage,
        Optional<Lease> lease,
        Optional<Webhook.Settings> webhook,
        Optional<Integer> healthPort) {
    public OperatorConfig {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * A {@code coordination.k8s.io} Lease, made if it is missing.
     *
     * @param identity of this replica; no two have the same
     */
    public record Lease(String name, String namespace, String identity) {}

    /** One replica without a webhook, as outside of a cluster. */
    public static OperatorConfig watching(Set<String> namespaces) {
        return new OperatorConfig(
                namespaces, Blueprint.NODE_IMAGE, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
