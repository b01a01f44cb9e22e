package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the members spread over hosts and zones, and which nodes they may have. {@link PodTemplate} has what else a pod says of
 * nodes. Every change restarts the members, one after the other.
 *
 * @param nodes all of these must hold of a member's node
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"hosts", "zones", "nodes"})
public record Placement(
        @JsonPropertyDescription(
                "Preferred: members share a host only where there is no other. Required: never; a member waits for a host of its own.")
        @Default("Preferred")
        Spread hosts,

        @JsonPropertyDescription(
                "Preferred: zones get as many members each as can be had. Required: no zone gets two more than another; a member waits instead.")
        @Default("Preferred")
        Spread zones,

        @JsonPropertyDescription("What must be true of a node's labels, all of it; template.nodeSelector besides.")
        @Size(max = 20)
        List<NodeRequirement> nodes) {

    static final Placement USUAL = new Placement(null, null, null);

    public Placement(@Nullable Spread hosts, @Nullable Spread zones, @Nullable List<NodeRequirement> nodes) {
        this.hosts = hosts == null ? Spread.PREFERRED : hosts;
        this.zones = zones == null ? Spread.PREFERRED : zones;
        this.nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /** Whether members stay apart where that leaves one of them without a place. */
    public enum Spread {
        @JsonProperty("Preferred")
        PREFERRED,
        @JsonProperty("Required")
        REQUIRED
    }

    /** Something that must be true of a node's labels; as in a pod's node affinity. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonPropertyOrder({"key", "operator", "values"})
    @ValidationRule(value = Rules.NODE_VALUES, message = Rules.NODE_VALUES_FIX)
    public record NodeRequirement(
            @JsonPropertyDescription("The label.") @Size(min = 1, max = 316) @Required
            String key,

            @JsonPropertyDescription("In or NotIn one of values; Exists or DoesNotExist whatever the value.") @Required
            Operator operator,

            @JsonPropertyDescription("For In and NotIn.") @Size(max = 100)
            List<@Size(max = 63) String> values) {

        public NodeRequirement(String key, Operator operator, @Nullable List<String> values) {
            this.key = key;
            this.operator = operator;
            this.values = values == null ? List.of() : List.copyOf(values);
        }
    }

    /** How a label is looked at. */
    public enum Operator {
        @JsonProperty("In")
        IN,
        @JsonProperty("NotIn")
        NOT_IN,
        @JsonProperty("Exists")
        EXISTS,
        @JsonProperty("DoesNotExist")
        DOES_NOT_EXIST
    }
}
