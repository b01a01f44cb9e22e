package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.Kstatus;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Planner;
import dev.paddock.operator.planner.Role;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools that wait by kstatus' rules take a cluster for, at whatever step it is. */
final class ClusterKstatusTest {
    private static final String NOON = "2026-01-01T12:00:00Z";

    private final CoordinationCluster cluster = new CoordinationCluster();

    @BeforeEach
    void aSpecOfTheSecondGeneration() {
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("prod");
        cluster.getMetadata().setGeneration(2L);
    }

    static Stream<Step> steps() {
        return Stream.of(
                new Step.Done(),
                new Step.Wait("member 2 is not serving yet"),
                Planner.PAUSED,
                new Step.Refuse("it is the last"),
                new Step.Form(new TreeSet<>(List.of(1, 2, 3))),
                new Step.Start(2),
                new Step.Restart(2),
                new Step.HandOver(1, 2),
                new Step.AddObserver(4),
                new Step.Promote(4),
                new Step.Remove(3),
                new Step.Listen(true),
                new Step.Listen(false),
                new Step.Stop(3));
    }

    private static Kstatus wanted(Step step) {
        return switch (step) {
            case Step.Done _ -> Kstatus.CURRENT;
            case Step.Refuse _ -> Kstatus.FAILED;
            case Step.Wait _,
                    Step.Form _,
                    Step.Start _,
                    Step.Restart _,
                    Step.HandOver _,
                    Step.AddObserver _,
                    Step.Promote _,
                    Step.Remove _,
                    Step.Listen _,
                    Step.Stop _ -> Kstatus.IN_PROGRESS;
        };
    }

    static Stream<Arguments> stepsWithAndWithoutServers() {
        return steps().flatMap(step -> Stream.of(Arguments.of(step, true), Arguments.of(step, false)));
    }

    @Test
    void theStepsAreOfEveryKind() {
        assertThat(steps().map(Object::getClass)).containsOnly(Step.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("stepsWithAndWithoutServers")
    void itIsCurrentWhereNothingIsLeftAndFailedWhereNothingCanBeDone(Step step, boolean serving) {
        assertThat(at(Turn.of(step), serving)).isEqualTo(wanted(step));
        assertThat(holding()).as("either one or the other").hasSizeLessThanOrEqualTo(1);
    }

    static Stream<Step> deeds() {
        return steps().filter(step -> Turn.of(step).target().isPresent() || step instanceof Step.Listen);
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void aDeedThatFailsIsDoneLater(Step step) {
        assertThat(at(new Turn(step, Optional.of("BAD_VERSION")), true)).isEqualTo(Kstatus.IN_PROGRESS);
    }

    /** The pause is over some day. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsPausedIsCurrentOnlyWhereNothingIsLeft(boolean serving) {
        cluster.setSpec(new ClusterSpec(3, null, null, null, null, null, null, null, null, true));
        assertThat(at(Turn.of(new Step.Done()), serving)).isEqualTo(Kstatus.CURRENT);
        assertThat(at(Turn.of(Planner.PAUSED), serving)).isEqualTo(Kstatus.IN_PROGRESS);
        assertThat(holding()).as("no progress is promised").isEmpty();
    }

    @Test
    void oneThatHibernatesIsCurrent() {
        cluster.setSpec(new ClusterSpec(0, null, null, null, null, null, null, null, null, null));
        assertThat(at(Turn.of(new Step.Wait("replicas is 0; the members stop")), true))
                .isEqualTo(Kstatus.IN_PROGRESS);
        assertThat(at(Turn.of(new Step.Done()), false)).isEqualTo(Kstatus.CURRENT);
    }

    /** As where the operator is away, or lags behind. */
    @ParameterizedTest
    @MethodSource("steps")
    void anotherSpecIsWaitedForWhateverTheStatusSaysOfTheOneBefore(Step step) {
        at(Turn.of(step), true);
        cluster.getMetadata().setGeneration(3L);
        assertThat(Kstatus.of(cluster)).isEqualTo(Kstatus.IN_PROGRESS);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aRunThatFailsIsMadeAgain(Step before) {
        at(Turn.of(before), true);
        assertThat(failing()).as("of the same spec").isEqualTo(Kstatus.IN_PROGRESS);
        cluster.getMetadata().setGeneration(3L);
        assertThat(failing()).as("of another").isEqualTo(Kstatus.IN_PROGRESS);
    }

    @Test
    void aFirstRunThatFailsIsMadeAgain() {
        assertThat(failing()).isEqualTo(Kstatus.IN_PROGRESS);
    }

    @Test
    void oneThatNobodyHasLookedAtIsWaitedFor() {
        assertThat(Kstatus.ofNew(CoordinationCluster.class)).isEqualTo(Kstatus.IN_PROGRESS);
        assertThat(cluster.getStatus()).isEqualTo(ClusterStatus.UNKNOWN);
        assertThat(Kstatus.of(cluster)).as("as read here").isEqualTo(Kstatus.IN_PROGRESS);
    }

    private Kstatus at(Turn turn, boolean serving) {
        cluster.setStatus(writer().of(observation(serving), turn, StatusWriterTest.WITHOUT_TLS, Optional.of("new")));
        return Kstatus.of(cluster);
    }

    private Kstatus failing() {
        cluster.setStatus(writer().failed(new IllegalStateException("the API server is away")));
        return Kstatus.of(cluster);
    }

    /** What holds of the two that kstatus knows. */
    private List<String> holding() {
        return cluster.getStatus().conditions().stream()
                .filter(Condition::holds)
                .map(Condition::type)
                .filter(Set.of("Reconciling", "Stalled")::contains)
                .toList();
    }

    private StatusWriter writer() {
        return new StatusWriter(cluster, Blueprint.of(cluster, Roster.formed(3), "", "0.1.0"), NOON);
    }

    private static Observation observation(boolean serving) {
        var pods = new TreeMap<Integer, Pod>();
        var reports = new TreeMap<Integer, Report>();
        for (int id = 1; serving && id <= 3; id++) {
            pods.put(id, StatusWriterTest.pod(id, "new"));
            reports.put(id, new Report(id == 1 ? Role.LEADER : Role.FOLLOWER, 1));
        }
        Optional<Long> committed = serving ? Optional.of(1L) : Optional.empty();
        return new Observation(pods, reports, committed, Optional.empty(), Optional.empty());
    }
}
