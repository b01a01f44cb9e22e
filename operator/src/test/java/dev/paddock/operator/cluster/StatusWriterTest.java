package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Step;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The plan, which says what is next. */
final class StatusWriterTest {
    private static final String NOON = "2026-01-01T12:00:00Z";
    private static final String LATER = "2026-01-01T12:00:05Z";

    private final CoordinationCluster cluster = new CoordinationCluster();

    StatusWriterTest() {
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("prod");
    }

    @Test
    void thePlanNamesStepTargetReasonAndSinceWhen() {
        ClusterStatus first = at(NOON, Turn.of(new Step.Promote(3)));
        assertThat(first.plan())
                .isEqualTo(new ClusterStatus.Plan("give member 3 a vote", "member 3", "member 3 has caught up", NOON));

        cluster.setStatus(first);
        assertThat(at(LATER, Turn.of(new Step.Promote(3))).plan())
                .as("the same, since then")
                .isEqualTo(first.plan());
        Turn late = new Turn(new Step.Promote(3), Optional.of("BAD_VERSION"));
        assertThat(at(LATER, late).plan())
                .isEqualTo(new ClusterStatus.Plan(
                        "give member 3 a vote", "member 3", "give member 3 a vote not yet: BAD_VERSION", LATER));
        assertThat(at(LATER, Turn.of(new Step.Done())).plan()).isNull();
    }

    private ClusterStatus at(String now, Turn turn) {
        var observation =
                new Observation(new TreeMap<>(), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());
        var certificates = new Certificates(Optional.empty(), Optional.empty(), true, "NotUsed", "without TLS");
        return new StatusWriter(cluster, Blueprint.of(cluster, Roster.formed(3), "", "0.1.0"), now)
                .of(observation, turn, certificates);
    }
}
