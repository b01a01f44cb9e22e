package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who can reach a cluster. Its ports are fixed, and which of them ask for TLS {@link Tls} says.
 *
 * @param client the Service for clients
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Listeners(
        @JsonPropertyDescription("The Service for clients, on port 2181, and 2281 with TLS.")
        Client client) {

    static final Listeners USUAL = new Listeners(null);

    public Listeners(@Nullable Client client) {
        this.client = client == null ? new Client(null, null, null) : client;
    }

    /**
     * The Service for clients. Changes restart nothing.
     *
     * @param sourceRanges networks that a load balancer lets in; empty: all
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonPropertyOrder({"serviceType", "annotations", "sourceRanges"})
    @ValidationRule(value = Rules.SOURCE_RANGES, message = Rules.SOURCE_RANGES_FIX)
    public record Client(
            @JsonPropertyDescription(
                    "ClusterIP: only from within this Kubernetes. NodePort and LoadBalancer: also from outside, so ask for TLS or keep others out.")
            @Default("ClusterIP")
            ServiceType serviceType,

            @JsonPropertyDescription("Annotations of the Service, by which load balancers are told more.")
            @Size(max = 50)
            Map<String, @Size(max = 4096) String> annotations,

            @JsonPropertyDescription(
                    "Networks, as 10.0.0.0/8, that a LoadBalancer lets in, where the cloud can do that. Left out: all.")
            @Size(max = 100)
            List<@Pattern(Client.NETWORK) @Size(max = 63) String> sourceRanges) {
        static final String NETWORK = "^[0-9a-fA-F.:]{2,39}/[0-9]{1,3}$";

        public Client(
                @Nullable ServiceType serviceType,
                @Nullable Map<String, String> annotations,
                @Nullable List<String> sourceRanges) {
            this.serviceType = serviceType == null ? ServiceType.CLUSTER_IP : serviceType;
            this.annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
            this.sourceRanges = sourceRanges == null ? List.of() : List.copyOf(sourceRanges);
        }
    }

    /** From where a Service is reached. */
    public enum ServiceType {
        @JsonProperty("ClusterIP")
        CLUSTER_IP,
        @JsonProperty("NodePort")
        NODE_PORT,
        @JsonProperty("LoadBalancer")
        LOAD_BALANCER
    }
}
