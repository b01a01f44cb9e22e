package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Prometheus is told about a cluster, where Prometheus' operator is installed. Changes restart nothing.
 *
 * @param interval between two scrapes; null: Prometheus' own
 * @param alerts whether it is told what to call a person for
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"labels", "interval", "alerts"})
public record Monitoring(
        @JsonPropertyDescription(
                "Labels of the ServiceMonitor and the PrometheusRule, besides Paddock's own: those by which your Prometheus chooses, as release: prometheus.")
        @Size(max = 50)
        Map<String, @Size(max = 63) String> labels,

        @JsonPropertyDescription("How often each member is scraped, as 30s. Left out: as Prometheus is set.")
        @Pattern(Monitoring.INTERVAL)
        @Nullable
        String interval,

        @JsonPropertyDescription("While false, the PrometheusRule holds no alert.") @Default("true")
        Boolean alerts) {

    static final String INTERVAL = "^[1-9][0-9]{0,5}(ms|s|m|h)$";

    static final Monitoring USUAL = new Monitoring(null, null, null);

    public Monitoring(@Nullable Map<String, String> labels, @Nullable String interval, @Nullable Boolean alerts) {
        this.labels = labels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
        this.interval = interval;
        this.alerts = alerts == null || alerts;
    }

    /** The interval asked for, if the manifest asks for one. */
    public Optional<String> askedInterval() {
        return Optional.ofNullable(interval);
    }
}
