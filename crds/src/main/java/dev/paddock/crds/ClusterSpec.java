package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CoordinationCluster} asks for. Fields that a manifest leaves out hold their default, so only
 * {@code version} may be absent.
 *
 * @param replicas voting members, 1 to 9; their ids are 1 to {@code replicas}. 0: none runs, and their data stays
 * @param observers members without a vote, 0 to 50; their ids follow those of the voters
 * @param engine which server runs
 * @param version image tag of the server; null means the operator's own version, and is refused for ZooKeeper
 * @param config {@code zoo.cfg} keys, ordered by name; never a key of {@link Rules#CONFIG_RESERVED}
 * @param listeners from where clients come in
 * @param tls of clients
 * @param storage the volume of each member
 * @param resources of each member's container
 * @param placement where members run; {@code paddock up} has one host
 * @param template what the members' pods have besides what they need; nothing of it matters to {@code paddock up}
 * @param monitoring what Prometheus is told; not used by {@code paddock up}
 * @param paused while true nothing about the running ensemble is changed
 */
@JsonClassDescription(
        "What is wanted; what is left out has its default. The operator gets there one safe step at a time.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "replicas",
    "observers",
    "engine",
    "version",
    "config",
    "listeners",
    "tls",
    "storage",
    "resources",
    "placement",
    "template",
    "monitoring",
    "paused"
})
@ValidationRule(value = Rules.ENGINE_VERSION, message = Rules.ENGINE_VERSION_FIX)
@ValidationRule(value = Rules.TLS_ENGINE, message = Rules.TLS_ENGINE_FIX)
@ValidationRule(value = Rules.TLS_CONFIG, message = Rules.TLS_CONFIG_FIX)
public record ClusterSpec(
        @JsonPropertyDescription(
                "Voting members, 1 to 9. Three survive the loss of one, five the loss of two. 0 stops all and keeps the data.")
        @Default("3")
        @SpecReplicas
        @ValidationRule(value = Rules.REPLICAS, message = Rules.REPLICAS_FIX)
        Integer replicas,

        @JsonPropertyDescription(
                "Members without a vote, 0 to 50: they answer more clients and make no write slower. Each has a volume, as a voter.")
        @Default("0")
        @ValidationRule(value = Rules.OBSERVERS, message = Rules.OBSERVERS_FIX)
        Integer observers,

        @JsonPropertyDescription("The server that runs: Paddock, or Apache ZooKeeper on the same objects and data.")
        @Default("Paddock")
        Engine engine,

        @JsonPropertyDescription(
                "Image tag of the server. Left out: the operator's own version. Engine ZooKeeper needs it.")
        @Pattern(ClusterSpec.TAG)
        @Nullable
        String version,

        @JsonPropertyDescription(
                "Keys of zoo.cfg, each value a string, as tickTime: \"2000\". Addresses, ports and folders are Paddock's own.")
        @Size(max = 100)
        @ValidationRule(value = Rules.CONFIG_RESERVED, message = Rules.CONFIG_RESERVED_FIX)
        @ValidationRule(value = Rules.CONFIG_KEYS, message = Rules.CONFIG_KEYS_FIX)
        @ValidationRule(value = Rules.CONFIG_VALUES, message = Rules.CONFIG_VALUES_FIX)
        Map<String, @Size(max = 1024) String> config,

        @JsonPropertyDescription("From where clients come in. Not used by paddock up.")
        Listeners listeners,

        @JsonPropertyDescription(
                "Who talks with the members by TLS, and with which certificates. Not used by paddock up.")
        Tls tls,

        @JsonPropertyDescription("The volume of each member. On paddock up the state folder takes its place.")
        @Default("{}")
        Storage storage,

        @JsonPropertyDescription("Compute resources of each member's container. On paddock up they are not limited.")
        @Default(Resources.USUAL_JSON)
        Resources resources,

        @JsonPropertyDescription("On which nodes members run, and how far apart. Not used by paddock up.")
        Placement placement,

        @JsonPropertyDescription("What the members' pods have besides what they need. Not used by paddock up.")
        PodTemplate template,

        @JsonPropertyDescription("What Prometheus is told, where its operator is installed. Not used by paddock up.")
        Monitoring monitoring,

        @JsonPropertyDescription("While true, nothing about the running ensemble is changed.") @Default("false")
        Boolean paused) {

    static final String TAG = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$";

    /** Every default. */
    public static final ClusterSpec DEFAULT =
            new ClusterSpec(null, null, null, null, null, null, null, null, null, null);

    public ClusterSpec(
            @Nullable Integer replicas,
            @Nullable Integer observers,
            @Nullable Engine engine,
            @Nullable String version,
            @Nullable Map<String, String> config,
            @Nullable Listeners listeners,
            @Nullable Tls tls,
            @Nullable Storage storage,
            @Nullable Resources resources,
            @Nullable Placement placement,
            @Nullable PodTemplate template,
            @Nullable Monitoring monitoring,
            @Nullable Boolean paused) {
        this.replicas = replicas == null ? 3 : replicas;
        this.observers = observers == null ? 0 : observers;
        this.engine = engine == null ? Engine.PADDOCK : engine;
        this.version = version;
        this.config = config == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(config));
        this.listeners = listeners == null ? Listeners.USUAL : listeners;
        this.tls = tls == null ? Tls.NONE : tls;
        this.storage = storage == null ? Storage.DEFAULT : storage;
        this.resources = resources == null ? Resources.USUAL : resources;
        this.placement = placement == null ? Placement.USUAL : placement;
        this.template = template == null ? PodTemplate.NONE : template;
        this.monitoring = monitoring == null ? Monitoring.USUAL : monitoring;
        this.paused = paused != null && paused;
    }

    /** With the usual listeners, placement and monitoring. */
    public ClusterSpec(
            @Nullable Integer replicas,
            @Nullable Integer observers,
            @Nullable Engine engine,
            @Nullable String version,
            @Nullable Map<String, String> config,
            @Nullable Tls tls,
            @Nullable Storage storage,
            @Nullable Resources resources,
            @Nullable PodTemplate template,
            @Nullable Boolean paused) {
        this(replicas, observers, engine, version, config, null, tls, storage, resources, null, template, null, paused);
    }

    /** The same without TLS. */
    public ClusterSpec withoutTls() {
        return new ClusterSpec(
                replicas,
                observers,
                engine,
                version,
                config,
                listeners,
                null,
                storage,
                resources,
                placement,
                template,
                monitoring,
                paused);
    }

    /** Whether the server that leads takes clients; one that does not says to nobody that it leads. */
    public boolean askedToServeWhileLeading() {
        String value = config.getOrDefault("leaderServes", config.getOrDefault("zookeeper.leaderServes", "yes"));
        return !value.strip().equals("no"); // as for ZooKeeper, nothing else is a no
    }

    /** Whether no manifest may hold this key of {@code zoo.cfg}. */
    public static boolean isReserved(String key) {
        return Rules.isReserved(key);
    }

    /** The version asked for, if the manifest asks for one. */
    public Optional<String> askedVersion() {
        return Optional.ofNullable(version);
    }
}
