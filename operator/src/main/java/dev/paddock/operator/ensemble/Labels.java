package dev.paddock.operator.ensemble;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The labels by which objects of a cluster are found. */
public final class Labels {
    /** Everything the operator makes. */
    public static final String SELECTOR = "app.kubernetes.io/managed-by=paddock";
    /** What the StatefulSet controller says a pod was made from. */
    public static final String REVISION = "controller-revision-hash";
    /** The pod's ordinal, which is the member's id; set by the StatefulSet controller, Kubernetes 1.28 and later. */
    public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private Labels() {}

    /** On every object of the cluster. */
    public static Map<String, String> of(String cluster) {
        Map<String, String> labels = new TreeMap<>(pods(cluster));
        labels.put("app.kubernetes.io/managed-by", "paddock");
        return labels;
    }

    /** Finds the cluster's servers. It never changes: a StatefulSet's selector cannot. */
    public static Map<String, String> pods(String cluster) {
        return new TreeMap<>(Map.of(
                "app.kubernetes.io/name", "paddock",
                "app.kubernetes.io/component", "server",
                "app.kubernetes.io/instance", cluster));
    }

    /** The same as text, for the scale subresource. */
    public static String selector(String cluster) {
        return pods(cluster).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
