package dev.paddock.operator.cluster;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event of a cluster, for {@code kubectl describe}. Told before the status that it is about is written, so that it is told at
 * least once; under a name made of what it says, so that once is all there is of it.
 */
record News(boolean isBad, String reason, String message) {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);
    private static final Set<String> GOOD = Set.of("Ready", "QuorumHealthy", "Available", "CertificatesReady");
    private static final Set<String> PLANNED =
            Set.of("Ready", "QuorumHealthy", "Available"); // good, and may fail on purpose
    private static final Set<String> QUIET = Set.of("Reconciling"); // its steps are told one by one

    /**
     * One for each condition that turned, and one for each new step that changes something.
     *
     * @param hibernates whether no member is wanted
     */
    static List<News> of(ClusterStatus before, ClusterStatus after, boolean hibernates) {
        List<News> news = new ArrayList<>();
        boolean planned = isPlanned(before, after, hibernates);
        for (Condition now : after.conditions()) {
            boolean was = before.condition(now.type()).map(Condition::holds).orElse(false);
            if (was == now.holds() || QUIET.contains(now.type())) continue;
            boolean bad =
                    GOOD.contains(now.type()) != now.holds() && !now.type().equals("Paused");
            boolean calm = now.type().equals("Scaling")
                    || now.type().equals("Upgrading")
                    || (planned && PLANNED.contains(now.type()));
            news.add(new News(bad && !calm, now.reason(), now.type() + " is " + now.status() + ": " + now.message()));
        }
        ClusterStatus.Plan plan = after.plan();
        ClusterStatus.Plan old = before.plan();
        boolean isNew = plan != null && (old == null || !old.step().equals(plan.step()));
        if (isNew && plan.target() != null) news.add(new News(false, "Step", plan.step() + ": " + plan.why()));
        return news;
    }

    /** Whether all serve and only something is to be done, or none serves since none is to, or none was. */
    private static boolean isPlanned(ClusterStatus before, ClusterStatus after, boolean hibernates) {
        boolean wakes = before.condition("Ready")
                .filter(ready -> ready.reason().equals(StatusWriter.HIBERNATED))
                .isPresent();
        boolean isRefused = after.condition("Stalled").filter(Condition::holds).isPresent();
        return hibernates || wakes || (allServe(after) && !isRefused);
    }

    private static boolean allServe(ClusterStatus status) {
        if (status.ensemble() == null) return false;
        Set<Integer> serving = status.members().stream()
                .filter(ClusterStatus.Member::ready)
                .map(ClusterStatus.Member::id)
                .collect(Collectors.toSet());
        return serving.containsAll(status.ensemble().voters())
                && serving.containsAll(status.ensemble().observers());
    }

    /** A cluster goes on without it: it is told to people, and nothing depends on it. */
    void tell(CoordinationCluster cluster, KubernetesClient client, String now) {
        String name = cluster.getMetadata().getName();
        String namespace = cluster.getMetadata().getNamespace();
        var event = new EventBuilder()
                .withNewMetadata()
                .withName(name + "." + Integer.toHexString((reason + message + now).hashCode()))
                .withNamespace(namespace)
                .endMetadata()
                .withType(isBad ? "Warning" : "Normal")
                .withReason(reason)
                .withMessage(StatusWriter.cut(message))
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withReportingComponent("paddock-operator")
                .withNewSource()
                .withComponent("paddock-operator")
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withNamespace(namespace)
                .withName(name)
                .withUid(cluster.getMetadata().getUid())
                .endInvolvedObject()
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.debug("event {} of {}/{} is not told", reason, namespace, name, e);
        }
    }
}
