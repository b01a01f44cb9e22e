package dev.paddock.operator.ensemble;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.Engine;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keys of {@code spec.config} that the other objects of a cluster count on, and that older manifests may hold: a schema that refused them
 * now would refuse clusters that exist. Paddock's own value counts, and the status names the keys.
 */
final class OwnSettings {
    static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";

    /** Of a system property; Paddock's servers take it in the file, too. */
    private static final String PREFIX = "zookeeper.";

    private static final String OBSERVER_PORT = "observerMasterPort";

    private static final String FIXED = "Paddock sets addresses, ports, folders and members itself";

    private static final String SCRAPED = "Prometheus asks each member at port " + Blueprint.METRICS_PORT;
    private static final Map<String, String> MEASURED = Map.of(
            "metricsProvider.className",
            PROMETHEUS,
            "metricsProvider.httpHost",
            "0.0.0.0",
            "metricsProvider.httpPort",
            String.valueOf(Blueprint.METRICS_PORT));

    private static final String PROBED =
            "the kubelet and the operator ask Paddock's members at port " + Blueprint.ADMIN_PORT + " without TLS";
    private static final Map<String, String> ADMIN =
            Map.of("admin.forceHttps", "false", "admin.portUnification", "false", "admin.needClientAuth", "false");

    private static final String KEYED = "members speak TLS with each other by keys that the operator makes";
    private static final Map<String, String> MEMBERS = Map.of("sslQuorum", "true", "portUnification", "false");
    /** All but the choice of protocols and ciphers. */
    private static final Pattern OF_MEMBERS =
            Pattern.compile("ssl[.]quorum[.]((key|trust)Store[.].*|clientAuth|crl|ocsp"
                    + "|(clientH|h)ostnameVerification|context[.]supplier[.]class)");

    private OwnSettings() {}

    /**
     * The keys that members do not get, and why; ordered by name. One that says what is so anyway is not among them.
     *
     * @param memberKeys whether the members speak TLS with each other
     */
    static SortedMap<String, String> leftOut(ClusterSpec spec, boolean memberKeys) {
        SortedMap<String, String> keys = new TreeMap<>();
        spec.config()
                .forEach((key, value) ->
                        why(bare(key), value.strip(), spec.engine(), memberKeys).ifPresent(why -> keys.put(key, why)));
        return Collections.unmodifiableSortedMap(keys);
    }

    private static Optional<String> why(String key, String value, Engine engine, boolean memberKeys) {
        if (ClusterSpec.isReserved(key)) return Optional.of(FIXED);
        if (isOther(key, value, MEASURED)) return Optional.of(SCRAPED);
        if (engine == Engine.PADDOCK && isOther(key, value, ADMIN)) return Optional.of(PROBED);
        boolean isOfMembers =
                isOther(key, value, MEMBERS) || OF_MEMBERS.matcher(key).matches();
        return memberKeys && isOfMembers ? Optional.of(KEYED) : Optional.empty();
    }

    private static boolean isOther(String key, String value, Map<String, String> ours) {
        return ours.containsKey(key) && !ours.get(key).equals(value);
    }

    private static String bare(String key) {
        return key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
    }

    /** Where followers listen for observers, if they do. */
    static Optional<Integer> observerPort(ClusterSpec spec) {
        var config = spec.config();
        String prefixed = spec.engine() == Engine.PADDOCK ? config.getOrDefault(PREFIX + OBSERVER_PORT, "") : "";
        String value = config.getOrDefault(OBSERVER_PORT, prefixed).strip();
        return Optional.of(value)
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .filter(port -> port > 0 && port <= 65_535);
    }
}
