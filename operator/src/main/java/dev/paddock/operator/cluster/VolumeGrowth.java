package dev.paddock.operator.cluster;

import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the volumes of the members be as large as the spec says. Nobody can change the claims' template in a StatefulSet, so each
 * claim is made larger by itself, whether or not its member serves: a full disk may be why it does not. No claim is made smaller.
 */
final class VolumeGrowth {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeGrowth.class);
    private static final int UNPROCESSABLE = 422;

    private final Blueprint blueprint;
    private final KubernetesClient client;
    private final Quantity wanted;

    VolumeGrowth(Blueprint blueprint, KubernetesClient client) {
        this.blueprint = blueprint;
        this.client = client;
        this.wanted = new Quantity(blueprint.spec().storage().size());
    }

    /** Asks for what claims lack; gives what there is to wait for, or what was refused; empty if all are large enough. */
    Optional<Step> follow() {
        List<Step> steps = new ArrayList<>();
        for (PersistentVolumeClaim claim : claims()) {
            Optional<String> refusal = isLess(requested(claim)) ? ask(claim) : Optional.empty();
            String name = "the volume " + claim.getMetadata().getName();
            Optional<Quantity> has = capacity(claim);
            if (refusal.isPresent()) {
                steps.add(new Step.Refuse("%s cannot grow to %s: %s; set allowVolumeExpansion: true in its StorageClass"
                        .formatted(name, wanted, refusal.get())));
            } else if (has.filter(this::isLess).isPresent()) {
                steps.add(new Step.Wait("%s grows from %s to %s".formatted(name, has.get(), wanted)));
            }
        }
        return steps.stream()
                .filter(Step.Refuse.class::isInstance)
                .findFirst()
                .or(() -> steps.stream().findFirst());
    }

    /** Those of the members that are to run; others keep the size that they had. */
    private List<PersistentVolumeClaim> claims() {
        Set<String> names = IntStream.rangeClosed(1, blueprint.replicas())
                .mapToObj(blueprint::claimName)
                .collect(Collectors.toSet());
        return client
                .persistentVolumeClaims()
                .inNamespace(blueprint.namespace())
                .withLabels(Labels.pods(blueprint.name()))
                .list()
                .getItems()
                .stream()
                .filter(claim -> names.contains(claim.getMetadata().getName()))
                .toList();
    }

    private boolean isLess(Quantity size) {
        return size.getNumericalAmount().compareTo(wanted.getNumericalAmount()) < 0;
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().get("storage");
    }

    /** Of what is bound. */
    private static Optional<Quantity> capacity(PersistentVolumeClaim claim) {
        return Optional.ofNullable(claim.getStatus())
                .map(status -> status.getCapacity())
                .map(capacity -> capacity.get("storage"));
    }

    /** Changes exactly what was seen; says why the API server refused. */
    private Optional<String> ask(PersistentVolumeClaim claim) {
        LOG.info(
                "{}/{}: to grow from {} to {}",
                blueprint.namespace(),
                claim.getMetadata().getName(),
                requested(claim),
                wanted);
        try {
            client.resource(claim).patch(PatchContext.of(PatchType.JSON_MERGE), larger(claim));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) return Optional.empty(); // the next run looks again
            boolean isRefused = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == UNPROCESSABLE;
            if (!isRefused) throw e;
            return Optional.of(Optional.ofNullable(e.getStatus())
                    .map(status -> status.getMessage())
                    .orElse(String.valueOf(e.getMessage())));
        }
    }

    private PersistentVolumeClaim larger(PersistentVolumeClaim claim) {
        return new PersistentVolumeClaimBuilder(claim)
                .editSpec()
                .editResources()
                .withRequests(Map.of("storage", wanted))
                .endResources()
                .endSpec()
                .build();
    }
}
