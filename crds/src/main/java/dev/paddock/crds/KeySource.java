package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap or a Secret whose keys become znodes; exactly one of the two is named.
 *
 * @param keys those that are taken; empty: all
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"configMap", "secret", "keys"})
@ValidationRule(value = Rules.SOURCE, message = Rules.SOURCE_FIX)
public record KeySource(
        @JsonPropertyDescription("Name of a ConfigMap in the same namespace.")
        @Pattern(KeySource.NAME)
        @Size(max = 253)
        @Nullable
        String configMap,

        @JsonPropertyDescription(
                "Name of a Secret in the same namespace. Every client of the cluster can read what it holds then.")
        @Pattern(KeySource.NAME)
        @Size(max = 253)
        @Nullable
        String secret,

        @JsonPropertyDescription("The keys to take. Left out: all of them.") @Size(max = 500)
        List<@Pattern(KeySource.KEY) @Size(max = 128) String> keys) {
    static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
    static final String KEY = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$|^[.][A-Za-z0-9_-][A-Za-z0-9._-]{0,126}$";

    /** The same for texts of at most 128 letters. */
    static final String SHORT_KEY = "^[.]?[A-Za-z0-9_-][A-Za-z0-9._-]*$";

    public KeySource(@Nullable String configMap, @Nullable String secret, @Nullable List<String> keys) {
        this.configMap = configMap;
        this.secret = secret;
        this.keys = keys == null ? List.of() : List.copyOf(keys);
    }

    /** The ConfigMap, if it is one. */
    public Optional<String> asConfigMap() {
        return Optional.ofNullable(configMap);
    }

    /** The Secret, if it is one. */
    public Optional<String> asSecret() {
        return Optional.ofNullable(secret);
    }

    /** As people call it: {@code ConfigMap settings}. */
    @Override
    public String toString() {
        return configMap == null ? "Secret " + secret : "ConfigMap " + configMap;
    }
}
