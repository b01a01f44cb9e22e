package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator made of a {@link CoordinationConfig}.
 *
 * @param observedGeneration the generation of the spec that was looked at; -1: none yet
 * @param keys how many keys there are
 * @param zxid of the transaction that brought the keys to what they are, as {@code 0x100000002}
 * @param hash of keys and values; it changes with any of them
 * @param places where keys of this object may be: noted before the first is written, dropped after the last is deleted
 */
@JsonClassDescription("What the operator last did.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"observedGeneration", "keys", "zxid", "hash", "conditions", "places"})
public record ConfigStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription("How many keys are kept.") Integer keys,

        @JsonPropertyDescription("The transaction that brought the keys to what they are.") @Nullable
        String zxid,

        @JsonPropertyDescription("Changes with any key or value.") @Nullable
        String hash,

        @JsonPropertyDescription("Ready, Reconciling, Stalled, Conflicted.")
        List<Condition> conditions,

        @JsonPropertyDescription("Where keys of this object may be.")
        List<Place> places) {

    /** Nothing done yet. */
    public static final ConfigStatus UNKNOWN = new ConfigStatus(null, null, null, null, null, null);

    public ConfigStatus(
            @Nullable Long observedGeneration,
            @Nullable Integer keys,
            @Nullable String zxid,
            @Nullable String hash,
            @Nullable List<Condition> conditions,
            @Nullable List<Place> places) {
        this.observedGeneration = observedGeneration == null ? ClusterStatus.NONE_YET : observedGeneration;
        this.keys = keys == null ? 0 : keys;
        this.zxid = zxid;
        this.hash = hash;
        this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
        this.places = places == null ? List.of() : List.copyOf(places);
    }

    /** The condition of that type, if it was ever set. */
    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }

    /** A path of a cluster. */
    public record Place(
            @JsonPropertyDescription("Name of the cluster.") @Required
            String cluster,

            @JsonPropertyDescription("The path in it.") @Required
            String path) {}
}
