package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CoordinationConfig} holds.
 *
 * @param clusterRef the cluster it belongs to, in the same namespace
 * @param path where the keys live, as {@code /app}; no trailing slash
 * @param data key to value, ordered by key; each becomes {@code path/key}
 * @param from further keys, which change with the objects that hold them; of one key the last source counts, and
 *     {@code data} above all
 */
@JsonClassDescription("Which keys, and where. Of one key the last source counts, and data above all.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"clusterRef", "path", "data", "from"})
public record ConfigSpec(
        @JsonPropertyDescription("The CoordinationCluster that keeps the keys, in the same namespace.") @Required
        ClusterRef clusterRef,

        @JsonPropertyDescription("Where the keys live, as /app; read them at /v1/config/app/KEY.")
        @Required
        @Size(max = 512)
        @ValidationRule(value = Rules.PATH, message = Rules.PATH_FIX)
        String path,

        @JsonPropertyDescription("The keys and their values, each a string.")
        @Size(max = 500)
        @ValidationRule(value = Rules.DATA_KEYS, message = Rules.DATA_KEYS_FIX)
        Map<String, @Size(max = 262144) String> data,

        @JsonPropertyDescription(
                "Further keys, from ConfigMaps and Secrets of the same namespace. The last one that has a key counts, data above all.")
        @Size(max = 20)
        List<KeySource> from) {

    static final ConfigSpec EMPTY = new ConfigSpec(null, null, null, null);

    public ConfigSpec(
            @Nullable ClusterRef clusterRef,
            @Nullable String path,
            @Nullable Map<String, String> data,
            @Nullable List<KeySource> from) {
        this.clusterRef = clusterRef == null ? new ClusterRef("") : clusterRef;
        this.path = path == null ? "" : path;
        this.data = data == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(data));
        this.from = from == null ? List.of() : List.copyOf(from);
    }

    /** Whether keys may live there. */
    public static boolean isPath(String path) {
        return Rules.isPath(path);
    }

    /** How a path must look, for whoever gave another. */
    public static final String PATH_FIX = Rules.PATH_FIX;

    /** Whether a key may be named so. */
    public static boolean isKey(String key) {
        return Rules.isKey(key);
    }

    /** A cluster by name. */
    public record ClusterRef(
            @JsonPropertyDescription("Name of a CoordinationCluster.") @Required @Size(min = 1, max = 63)
            String name) {}
}
