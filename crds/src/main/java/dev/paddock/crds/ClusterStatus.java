package dev.paddock.crds;

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
 * @param observedGeneration the generation of the spec that was looked at; 0: none yet
 * @param replicas members that exist
 * @param ready {@code "2/3"}: members that serve, of those in the ensemble
 * @param selector label selector of the members' pods, for the scale subresource
 * @param endpoint {@code host:port} for clients
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "observedGeneration",
    "replicas",
    "ready",
    "selector",
    "endpoint",
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

        @JsonPropertyDescription("Where clients connect.") @Nullable
        String endpoint,

        @JsonPropertyDescription("Ready, Reconciling, Stalled, QuorumHealthy, Paused.")
        List<Condition> conditions,

        @JsonPropertyDescription("Each member, by id.") List<Member> members,

        @JsonPropertyDescription("The ensemble as its leader sees it.") @Nullable
        Ensemble ensemble,

        @JsonPropertyDescription("The next step and why it waits; absent when there is none.") @Nullable
        Plan plan) {

    /** Nothing observed. */
    public static final ClusterStatus UNKNOWN = new ClusterStatus(null, null, null, null, null, null, null, null, null);

    public ClusterStatus(
            @Nullable Long observedGeneration,
            @Nullable Integer replicas,
            @Nullable String ready,
            @Nullable String selector,
            @Nullable String endpoint,
            @Nullable List<Condition> conditions,
            @Nullable List<Member> members,
            @Nullable Ensemble ensemble,
            @Nullable Plan plan) {
        this.observedGeneration = observedGeneration == null ? 0 : observedGeneration;
        this.replicas = replicas == null ? 0 : replicas;
        this.ready = ready;
        this.selector = selector;
        this.endpoint = endpoint;
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
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(
            @JsonPropertyDescription("The member's id, as in its myid file.") @Required
            int id,

            @JsonPropertyDescription("Its pod.") String pod,

            @JsonPropertyDescription("leader, follower, observer, looking or unknown.")
            String role,

            @JsonPropertyDescription("Serves clients as part of a quorum.")
            boolean ready) {}

    /**
     * The ensemble.
     *
     * @param voters ids in the quorum configuration, ascending
     * @param leader id of the leader; null while there is none
     * @param epoch the leader's epoch; null while there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ensemble(
            @JsonPropertyDescription("Ids of the voting members.")
            List<Integer> voters,

            @JsonPropertyDescription("Id of the leader.") @Nullable
            Integer leader,

            @JsonPropertyDescription("The leader's epoch.") @Nullable
            Long epoch) {

        public Ensemble(@Nullable List<Integer> voters, @Nullable Integer leader, @Nullable Long epoch) {
            this.voters = voters == null ? List.of() : List.copyOf(voters);
            this.leader = leader;
            this.epoch = epoch;
        }
    }

    /**
     * The next step.
     *
     * @param since RFC 3339, when this became the next step
     */
    public record Plan(
            @JsonPropertyDescription("What is done or waited for.")
            String step,

            @JsonPropertyDescription("Why.") String why,
            @JsonPropertyDescription("Since when.") String since) {}
}
