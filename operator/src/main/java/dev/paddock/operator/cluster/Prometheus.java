package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Monitoring;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Prometheus' operator about clusters where it is installed. Its kinds may come and go while this operator runs, so they are no
 * dependents, whose watches would need the kinds to be there; clusters work as well without them.
 */
final class Prometheus {
    private static final Logger LOG = LoggerFactory.getLogger(Prometheus.class);
    private static final Duration AGAIN =
            Duration.ofMinutes(1); // to set right what people changed, and to find new kinds

    private final Map<String, Told> told = new ConcurrentHashMap<>(); // by namespace and name

    private record Told(List<GenericKubernetesResource> objects, Instant at) {}

    /** Does nothing where it has just done the same. */
    void tell(CoordinationCluster cluster, Blueprint blueprint, KubernetesClient client) {
        List<GenericKubernetesResource> objects =
                List.of(Monitoring.serviceMonitor(blueprint), Monitoring.prometheusRule(blueprint));
        objects.forEach(each -> each.addOwnerReference(cluster));
        String key = blueprint.namespace() + "/" + blueprint.name();
        Told last = told.get(key);
        Instant now = Instant.now();
        if (last != null
                && last.objects().equals(objects)
                && now.isBefore(last.at().plus(AGAIN))) return;
        told.put(key, new Told(objects, now));
        try {
            for (GenericKubernetesResource each : objects) {
                if (client.supports(each.getApiVersion(), each.getKind()))
                    client.resource(each)
                            .fieldManager("paddock")
                            .forceConflicts()
                            .serverSideApply();
            }
        } catch (KubernetesClientException e) {
            LOG.warn("{}: Prometheus is not told: {}", key, e.getMessage());
        }
    }
}
