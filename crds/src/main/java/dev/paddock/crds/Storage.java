package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The volume of each member.
 *
 * @param size a Kubernetes quantity, such as {@code 8Gi}; may grow
 * @param storageClassName null means the Kubernetes cluster's default class; fixed once the cluster exists
 * @param retention what becomes of the volumes when the cluster is deleted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.STORAGE_SIZE, message = Rules.STORAGE_SIZE_FIX)
@ValidationRule(value = Rules.STORAGE_CLASS, message = Rules.STORAGE_CLASS_FIX)
public record Storage(
        @JsonPropertyDescription(
                "Size of each member's volume, as 8Gi. May grow, where the storage class allows expansion.")
        @Default("8Gi")
        @Pattern(Storage.SIZE)
        String size,

        @JsonPropertyDescription("Storage class. Left out: the default class. Fixed once the cluster exists.") @Nullable
        String storageClassName,

        @JsonPropertyDescription("What becomes of the volumes when the cluster is deleted.") @Default("Retain")
        Retention retention) {

    static final String SIZE = "^[1-9][0-9]{0,8}(Ki|Mi|Gi|Ti|k|M|G|T)?$";

    static final Storage DEFAULT = new Storage(null, null, null);

    public Storage(@Nullable String size, @Nullable String storageClassName, @Nullable Retention retention) {
        this.size = size == null ? "8Gi" : size;
        this.storageClassName = storageClassName;
        this.retention = retention == null ? Retention.RETAIN : retention;
    }
}
