package dev.paddock.operator.ensemble;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Prometheus' operator is told about a cluster. Its kinds are no part of Kubernetes, so these are plain maps. */
public final class Monitoring {
    private static final String API = "monitoring.coreos.com/v1"; // of both kinds

    private Monitoring() {}

    /** Scrapes each member, ready or not. */
    public static GenericKubernetesResource serviceMonitor(Blueprint blueprint) {
        Map<String, Object> endpoint = new TreeMap<>(Map.of("port", "metrics"));
        blueprint.spec().monitoring().askedInterval().ifPresent(interval -> endpoint.put("interval", interval));
        return object(
                blueprint,
                "ServiceMonitor",
                new TreeMap<>(Map.of(
                        "selector", Map.of("matchLabels", Labels.of(blueprint.name())),
                        "endpoints", List.of(endpoint))));
    }

    /** Alerts that a person has to hear, with what each means; none if the spec wants none, or no member. */
    public static GenericKubernetesResource prometheusRule(Blueprint blueprint) {
        if (!blueprint.spec().monitoring().alerts() || blueprint.replicas() == 0)
            return object(blueprint, "PrometheusRule", Map.of("groups", List.of()));
        String of = "{namespace=\"" + blueprint.namespace() + "\",service=\"" + blueprint.peerServiceName() + "\"}";
        List<Map<String, Object>> rules = List.of(
                alert(
                        "PaddockNoLeader",
                        "absent(leader_uptime" + of + ")",
                        "1m",
                        "critical",
                        "nobody leads: no write is taken"),
                alert(
                        "PaddockMemberDown",
                        "up" + of + " == 0",
                        "5m",
                        "warning",
                        "member {{ $labels.pod }} does not answer: the ensemble survives fewer losses than it should"),
                alert(
                        "PaddockFollowersBehind",
                        "max(synced_followers" + of + ") < max(quorum_size" + of + ") - 1",
                        "5m",
                        "warning",
                        "a voter is not in sync with the leader"),
                alert(
                        "PaddockDiskFull",
                        "disk_full" + of + " == 1",
                        "1m",
                        "critical",
                        "the volume of member {{ $labels.pod }} is full: writes are refused where a quorum's are"),
                alert(
                        "PaddockDigestMismatch",
                        "increase(digest_mismatches_count" + of + "[10m]) > 0",
                        "0m",
                        "critical",
                        "member {{ $labels.pod }} holds another tree than its leader: stop it, and see its log"));
        return object(
                blueprint,
                "PrometheusRule",
                Map.of(
                        "groups",
                        List.of(new TreeMap<>(Map.of("name", "paddock-" + blueprint.name(), "rules", rules)))));
    }

    private static Map<String, Object> alert(
            String name, String expression, String lasting, String severity, String summary) {
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put("alert", name);
        alert.put("expr", expression);
        alert.put("for", lasting);
        alert.put("labels", Map.of("severity", severity));
        alert.put("annotations", Map.of("summary", summary));
        return alert;
    }

    private static GenericKubernetesResource object(Blueprint blueprint, String kind, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResourceBuilder()
                .withApiVersion(API)
                .withKind(kind)
                .withNewMetadata()
                .withName(blueprint.name())
                .withNamespace(blueprint.namespace())
                .addToLabels(blueprint.spec().monitoring().labels())
                .addToLabels(Labels.of(blueprint.name()))
                .endMetadata()
                .build();
        object.setAdditionalProperty("spec", spec);
        return object;
    }
}
