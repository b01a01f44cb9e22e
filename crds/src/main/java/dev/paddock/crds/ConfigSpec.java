package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CoordinationConfig} holds.
 *
 * @param clusterRef the cluster it belongs to, in the same namespace
 * @param path where the keys live, as {@code /app}; no trailing slash
 * @param data key to value, ordered by key; each becomes {@code path/key}
 */
@JsonPropertyOrder({"clusterRef", "path", "data"})
public record ConfigSpec(
        @JsonPropertyDescription("The CoordinationCluster that keeps the keys, in the same namespace.") @Required
        ClusterRef clusterRef,

        @JsonPropertyDescription("Where the keys live, as /app; read them at /v1/config/app/KEY.")
        @Required
        @Size(max = 512)
        @ValidationRule(value = Rules.PATH, message = Rules.PATH_FIX)
        String path,

        @JsonPropertyDescription("The keys and their values, each a string.")
        @Required
        @Size(max = 500)
        @ValidationRule(value = Rules.DATA_KEYS, message = Rules.DATA_KEYS_FIX)
        Map<String, @Size(max = 262144) String> data) {

    static final ConfigSpec EMPTY = new ConfigSpec(null, null, null);

    public ConfigSpec(@Nullable ClusterRef clusterRef, @Nullable String path, @Nullable Map<String, String> data) {
        this.clusterRef = clusterRef == null ? new ClusterRef("") : clusterRef;
        this.path = path == null ? "" : path;
        this.data = data == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(data));
    }

    /** A cluster by name. */
    public record ClusterRef(
            @JsonPropertyDescription("Name of a CoordinationCluster.") @Required @Size(min = 1, max = 63)
            String name) {}
}
