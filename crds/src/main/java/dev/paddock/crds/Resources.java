package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compute resources by name ({@code cpu}, {@code memory}), as a container takes them. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resources(
        @JsonPropertyDescription(
                "What the scheduler reserves, as cpu: 500m and memory: 1Gi. An amount is a number and a unit of Kubernetes: m, k, M, G, Ki, Mi, Gi and the like.")
        Map<String, Quantity> requests,

        @JsonPropertyDescription("What may not be passed, written alike; the server's heap is sized from memory.")
        Map<String, Quantity> limits) {

    /** A quantity written as text; the schema has it for every amount. */
    static final String AMOUNT = "^[0-9]+([.][0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$";

    /** {@link #USUAL} as the schema has it. */
    static final String USUAL_JSON =
            "{\"requests\":{\"cpu\":\"200m\",\"memory\":\"512Mi\"},\"limits\":{\"memory\":\"1Gi\"}}";

    /** For a server of some hundred thousand znodes: one without requests starves where others are busy. */
    static final Resources USUAL = new Resources(
            Map.of("cpu", new Quantity("200m"), "memory", new Quantity("512Mi")),
            Map.of("memory", new Quantity("1Gi")));

    public Resources(@Nullable Map<String, Quantity> requests, @Nullable Map<String, Quantity> limits) {
        this.requests = ordered(requests);
        this.limits = ordered(limits);
    }

    private static Map<String, Quantity> ordered(@Nullable Map<String, Quantity> amounts) {
        return amounts == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(amounts));
    }
}
