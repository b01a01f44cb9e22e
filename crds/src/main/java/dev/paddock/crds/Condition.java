package dev.paddock.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.Optional;

/**
 * One condition of a status, in the shape of Kubernetes' {@code meta/v1} Condition; kstatus tools read it.
 *
 * @param lastTransitionTime RFC 3339, when {@code status} last changed
 */
public record Condition(
        @JsonPropertyDescription("What this is about, as Ready.") @Required
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        String status,

        @JsonPropertyDescription("The generation of the spec that this was found for.")
        long observedGeneration,

        @JsonPropertyDescription("Since when the status is what it is.") @Required
        String lastTransitionTime,

        @JsonPropertyDescription("One word, for programs.") @Required
        String reason,

        @JsonPropertyDescription("A sentence, for people.") @Required
        String message) {

    /** Whether this holds. */
    public boolean holds() {
        return status.equals("True");
    }

    /** This one, dated as the one of before if the status is the same. */
    public Condition since(Optional<Condition> before) {
        String date = before.filter(old -> old.status.equals(status))
                .map(Condition::lastTransitionTime)
                .orElse(lastTransitionTime);
        return new Condition(type, status, observedGeneration, date, reason, message);
    }
}
