package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator last saw of a {@link CoordinationCluster}.
 *
 * @param observedGeneration the generation of the spec that was looked at; -1: none yet
 * @param replicas members that exist
 * @param ready {@code "2/3"}: members that serve, of those in the ensemble
 * @param selector label selector of the members' pods, for the scale subresource
 * @param version image tag of the server that is wanted; members that do not run it yet are being restarted
 * @param endpoint {@code host:port} for clients; the one with TLS where that is required
 * @param secureEndpoint {@code host:port} for clients with TLS; null: there is none
 */
@JsonClassDescription("What the operator last saw, and the next step that it takes or waits for.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "observedGeneration",
    "replicas",
    "ready",
    "selector",
    "version",
    "endpoint",
    "secureEndpoint",
    "conditions",
    "members",
    "ensemble",
    "plan"
})
public record ClusterStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription("Members that exist.") @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Members that serve, of those in the ensemble, as 2/3.") @Nullable
        String ready,

        @JsonPropertyDescription("Label selector of the members' pods.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("Image tag of the server.") @Nullable
        String version,

        @JsonPropertyDescription("Where clients connect.") @Nullable
        String endpoint,

        @JsonPropertyDescription("Where clients connect by TLS; absent where there is none.") @Nullable
        String secureEndpoint,

        @JsonPropertyDescription(
                "Ready, Reconciling, Stalled, QuorumHealthy, Available, Scaling, Upgrading, CertificatesReady, ConfigIgnored, Paused.")
        List<Condition> conditions,

        @JsonPropertyDescription("Each member, by id.") List<Member> members,

        @JsonPropertyDescription("The ensemble as its leader sees it.") @Nullable
        Ensemble ensemble,

        @JsonPropertyDescription("The next step and why it waits; absent when there is none.") @Nullable
        Plan plan) {

    /** The API server writes it into every new object, so that nobody takes one that was not looked at for ready. */
    static final long NONE_YET = -1;

    /** Nothing observed. */
    public static final ClusterStatus UNKNOWN =
            new ClusterStatus(null, null, null, null, null, null, null, null, null, null, null);

    public ClusterStatus(
            @Nullable Long observedGeneration,
            @Nullable Integer replicas,
            @Nullable String ready,
            @Nullable String selector,
            @Nullable String version,
            @Nullable String endpoint,
            @Nullable String secureEndpoint,
            @Nullable List<Condition> conditions,
            @Nullable List<Member> members,
            @Nullable Ensemble ensemble,
            @Nullable Plan plan) {
        this.observedGeneration = observedGeneration == null ? NONE_YET : observedGeneration;
        this.replicas = replicas == null ? 0 : replicas;
        this.ready = ready;
        this.selector = selector;
        this.version = version;
        this.endpoint = endpoint;
        this.secureEndpoint = secureEndpoint;
        this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
        this.members = members == null ? List.of() : List.copyOf(members);
        this.ensemble = ensemble;
        this.plan = plan;
    }

    /** The condition of that type, if it was ever set. */
    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }

    /** The voters that were formed into an ensemble, ascending; empty before there is one. */
    public List<Integer> formedVoters() {
        return ensemble == null ? List.of() : ensemble.voters();
    }

    /**
     * One member.
     *
     * @param role {@code leader}, {@code follower}, {@code observer}, {@code looking}, or {@code unknown}
     * @param lag transactions that the leader had and it did not; null where that is not known
     * @param trouble why its pod does not start; null if nothing is the matter
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(
            @JsonPropertyDescription("The member's id, as in its myid file.") @Required
            int id,

            @JsonPropertyDescription("Its pod.") String pod,

            @JsonPropertyDescription("leader, follower, observer, looking or unknown.")
            String role,

            @JsonPropertyDescription("Serves clients as part of a quorum.")
            boolean ready,

            @JsonPropertyDescription("Transactions that the leader had and it did not.") @Nullable
            Long lag,

            @JsonPropertyDescription("Why its pod does not start.") @Nullable
            String trouble) {}

    /**
     * The ensemble.
     *
     * @param voters ids in the quorum configuration, ascending
     * @param observers ids of its members without a vote, ascending
     * @param configVersion of that configuration, in hexadecimal as ZooKeeper shows it
     * @param leader id of the leader; null while there is none
     * @param epoch the leader's epoch; null while there is none
     * @param lastZxid the newest that the leader had applied, as {@code 0x700000005}; null while there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ensemble(
            @JsonPropertyDescription("Ids of the voting members.")
            List<Integer> voters,

            @JsonPropertyDescription("Ids of the members without a vote.")
            List<Integer> observers,

            @JsonPropertyDescription("Version of the members' configuration, in hexadecimal.") @Nullable
            String configVersion,

            @JsonPropertyDescription("Id of the leader.") @Nullable
            Integer leader,

            @JsonPropertyDescription("The leader's epoch.") @Nullable
            Long epoch,

            @JsonPropertyDescription("The newest transaction that the leader had applied.") @Nullable
            String lastZxid) {

        public Ensemble(
                @Nullable List<Integer> voters,
                @Nullable List<Integer> observers,
                @Nullable String configVersion,
                @Nullable Integer leader,
                @Nullable Long epoch,
                @Nullable String lastZxid) {
            this.voters = voters == null ? List.of() : List.copyOf(voters);
            this.observers = observers == null ? List.of() : List.copyOf(observers);
            this.configVersion = configVersion;
            this.leader = leader;
            this.epoch = epoch;
            this.lastZxid = lastZxid;
        }
    }

    /**
     * The next step.
     *
     * @param target the member that it is about, as {@code member 2}; null: the ensemble
     * @param since RFC 3339, when this became the next step
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Plan(
            @JsonPropertyDescription("What is done or waited for.")
            String step,

            @JsonPropertyDescription("The member that it is about.") @Nullable
            String target,

            @JsonPropertyDescription("Why, or what it waits for.")
            String why,

            @JsonPropertyDescription("Since when.") String since) {}
}
