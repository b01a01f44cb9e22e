package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's pods have besides what its members need. What Paddock sets itself wins over a label or annotation of the
 * same name. Every change restarts the members, one after the other.
 *
 * @param image in place of Paddock's or ZooKeeper's image, with its tag; null: theirs
 * @param imagePullSecrets names of Secrets in the cluster's namespace
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "labels",
    "annotations",
    "image",
    "imagePullSecrets",
    "nodeSelector",
    "tolerations",
    "priorityClassName"
})
public record PodTemplate(
        @JsonPropertyDescription("Labels of the pods, besides Paddock's own.") @Size(max = 50)
        Map<String, @Size(max = 63) String> labels,

        @JsonPropertyDescription("Annotations of the pods, besides Paddock's own.") @Size(max = 50)
        Map<String, @Size(max = 4096) String> annotations,

        @JsonPropertyDescription("Image of the server with its tag, in place of the one that engine and version name.")
        @Pattern(PodTemplate.IMAGE)
        @Nullable
        String image,

        @JsonPropertyDescription("Secrets that the images are pulled with.") @Size(max = 10)
        List<String> imagePullSecrets,

        @JsonPropertyDescription("Labels that a node must have.") @Size(max = 50)
        Map<String, @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Taints of nodes that the pods bear.") @Size(max = 20)
        List<Toleration> tolerations,

        @JsonPropertyDescription("PriorityClass of the pods.") @Pattern(PodTemplate.CLASS) @Nullable
        String priorityClassName) {

    static final String IMAGE = "^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$";
    static final String CLASS = "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$";

    static final PodTemplate NONE = new PodTemplate(null, null, null, null, null, null, null);

    public PodTemplate(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable String image,
            @Nullable List<String> imagePullSecrets,
            @Nullable Map<String, String> nodeSelector,
            @Nullable List<Toleration> tolerations,
            @Nullable String priorityClassName) {
        this.labels = ordered(labels);
        this.annotations = ordered(annotations);
        this.image = image;
        this.imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
        this.nodeSelector = ordered(nodeSelector);
        this.tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        this.priorityClassName = priorityClassName;
    }

    /** The image asked for, if the manifest asks for one. */
    public Optional<String> askedImage() {
        return Optional.ofNullable(image);
    }

    /** A taint that the pods bear; as in a pod's spec. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"key", "operator", "value", "effect", "tolerationSeconds"})
    public record Toleration(
            @JsonPropertyDescription("The taint's key. Left out with operator Exists: every taint.")
            @Size(max = 316)
            @Nullable
            String key,

            @JsonPropertyDescription("Exists or Equal; Equal if left out.")
            @Pattern(Toleration.OPERATOR)
            @Size(max = 63)
            @Nullable
            String operator,

            @JsonPropertyDescription("The taint's value, for Equal.") @Size(max = 63) @Nullable
            String value,

            @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute; left out: each of them.")
            @Pattern(Toleration.EFFECT)
            @Size(max = 63)
            @Nullable
            String effect,

            @JsonPropertyDescription("How long a pod stays after a NoExecute taint came; left out: for ever.") @Nullable
            Integer tolerationSeconds) {
        static final String OPERATOR = "^(Exists|Equal)$";
        static final String EFFECT = "^(NoSchedule|PreferNoSchedule|NoExecute)$";
    }

    private static Map<String, String> ordered(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
