package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** A Secret that goes with its cluster. */
final class OwnedSecret {
    /** What is wrong with a name that somebody else's has. */
    static final String TAKEN = " is not Paddock's, which needs this name; give it another";

    private OwnedSecret() {}

    /** As it is now. */
    static Optional<Secret> read(String name, CoordinationCluster cluster, KubernetesClient client) {
        return Optional.ofNullable(client.secrets()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(name)
                .get());
    }

    /** In base64. */
    static Map<String, String> data(Secret secret) {
        return secret.getData() == null ? Map.of() : secret.getData();
    }

    /** Whether it is of that cluster's making. */
    static boolean isOwned(Secret secret, CoordinationCluster cluster) {
        return secret.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(cluster.getMetadata().getUid()));
    }

    /**
     * Makes it, or writes it over what was read.
     *
     * @param before as it was read; the API server refuses the write if it has changed since
     * @param data in base64
     */
    static void write(
            String name,
            Map<String, String> data,
            Optional<Secret> before,
            CoordinationCluster cluster,
            KubernetesClient client) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(Labels.of(cluster.getMetadata().getName()))
                .withResourceVersion(
                        before.map(s -> s.getMetadata().getResourceVersion()).orElse(null))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(cluster.getApiVersion())
                        .withKind(cluster.getKind())
                        .withName(cluster.getMetadata().getName())
                        .withUid(cluster.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build();
        if (before.isPresent()) client.resource(secret).update();
        else client.resource(secret).create();
    }
}
