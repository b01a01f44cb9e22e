package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.PodTemplate;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Labels;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Planner;
import dev.paddock.operator.planner.Role;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan, which says what is next, and conditions that count. */
final class StatusWriterTest {
    private static final String NOON = "2026-01-01T12:00:00Z";
    private static final String LATER = "2026-01-01T12:00:05Z";
    static final Certificates WITHOUT_TLS =
            new Certificates(Optional.empty(), Optional.empty(), true, "NotUsed", "without TLS");

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

    @ParameterizedTest
    @CsvSource({
        "paddock/node:1.2.3,                                       1.2.3",
        "registry:5000/a/node:1.2.3,                               1.2.3",
        "registry:5000/a/node,                                     latest",
        "node,                                                     latest",
        "registry:5000/node:1.2.3@sha256:0123456789abcdef01234567, 1.2.3",
        "registry:5000/node@sha256:0123456789abcdef01234567,       sha256:0123456789ab",
    })
    void theVersionIsThatOfTheImageThatTheSpecNames(String image, String version) {
        var template = new PodTemplate(null, null, image, null, null, null, null);
        cluster.setSpec(new ClusterSpec(3, null, null, null, null, null, null, null, template, null));
        assertThat(at(NOON, Turn.of(new Step.Done())).version()).isEqualTo(version);
    }

    @Test
    void theVersionIsElseTheSpecsOrTheOperators() {
        assertThat(at(NOON, Turn.of(new Step.Done())).version()).isEqualTo("0.1.0");
        cluster.setSpec(new ClusterSpec(3, null, null, "0.2.0", null, null, null, null, null, null));
        assertThat(at(NOON, Turn.of(new Step.Done())).version()).isEqualTo("0.2.0");
    }

    /** Member 1 leads; {@code -} is a member whose pod is away. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new new new | False | UpToDate         | 0 members are to be restarted",
                "old new new | True  | RestartingMember | 1 member is to be restarted",
                "old old new | True  | RestartingMember | 2 members are to be restarted",
                "old old old | True  | RestartingMember | 3 members are to be restarted",
                "old old -   | True  | RestartingMember | 2 members are to be restarted, 1 on the way back",
                "old new -   | True  | RestartingMember | 1 member is to be restarted, 1 on the way back",
                "new new -   | False | UpToDate         | 0 members are to be restarted",
                "old         | True  | RestartingMember | 1 member is to be restarted",
                "new         | False | UpToDate         | 0 members are to be restarted",
            })
    void upgradingCountsWhoIsNotYetWhatIsWanted(String pods, String status, String reason, String message) {
        assertThat(upgrading(pods, new Step.Restart(1))).isEqualTo(condition(status, reason, message));
    }

    @Test
    void keysThatMembersDoNotGetAreNamedWithTheReason() {
        cluster.setSpec(
                configured(Map.of("metricsProvider.httpPort", "7001", "sslQuorum", "false", "tickTime", "1000")));
        String why = "members do not get what spec.config says of metricsProvider.httpPort (Prometheus asks each member"
                + " at port 7000)";
        assertThat(at(NOON, Turn.of(new Step.Done())).condition("ConfigIgnored"))
                .get()
                .isEqualTo(new Condition("ConfigIgnored", "True", 0, NOON, "KeysLeftOut", why + "; take it out"));

        Pod keyed = new PodBuilder(pod(1, "new"))
                .editSpec()
                .addNewVolume()
                .withName("member-keys")
                .endVolume()
                .endSpec()
                .build();
        var seen = new Observation(
                new TreeMap<>(Map.of(1, keyed)), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(writer(3, NOON)
                        .of(seen, Turn.of(Planner.PAUSED), WITHOUT_TLS, Optional.empty())
                        .condition("ConfigIgnored"))
                .get()
                .extracting(Condition::message)
                .isEqualTo(why + ", sslQuorum (members speak TLS with each other by keys that the operator makes);"
                        + " take it out");

        cluster.setSpec(configured(Map.of("tickTime", "1000")));
        assertThat(at(LATER, Turn.of(new Step.Done())).condition("ConfigIgnored"))
                .get()
                .isEqualTo(new Condition(
                        "ConfigIgnored", "False", 0, LATER, "AllUsed", "no key of spec.config is left out"));
    }

    private static ClusterSpec configured(Map<String, String> config) {
        return new ClusterSpec(3, null, null, null, config, null, null, null, null, null);
    }

    @Test
    void aRollIsOverWhenTheLastServesAgain() {
        assertThat(upgrading("new old new", new Step.Restart(2)).holds()).isTrue();
        assertThat(upgrading("new - new", new Step.Start(2)))
                .isEqualTo(condition("True", "StartingMember", "0 members are to be restarted, 1 on the way back"));
        assertThat(upgrading("new new new", new Step.Done()).holds()).isFalse();
        assertThat(upgrading("new - new", new Step.Start(2)).holds())
                .as("nobody restarts it")
                .isFalse();
    }

    @Test
    void aLoneMemberIsCountedWhileItIsAwayAndWhereItsRestartIsRefused() {
        assertThat(upgrading("old", new Step.Refuse("it is the last")))
                .isEqualTo(condition("True", "Refused", "1 member is to be restarted"));
        assertThat(upgrading("-", new Step.Start(1)))
                .isEqualTo(condition("True", "StartingMember", "0 members are to be restarted, 1 on the way back"));
    }

    /** Whether what was refused still is, is not known. */
    @Test
    void whatFailsIsTriedAgainAndNotStalledBesides() {
        cluster.setStatus(at(NOON, Turn.of(new Step.Refuse("it is the last"))));
        assertThat(cluster.getStatus().condition("Stalled")).get().matches(Condition::holds);
        ClusterStatus failed = writer(3, LATER).failed(new IllegalStateException("the API server is away"));
        assertThat(failed.conditions())
                .filteredOn(condition -> Set.of("Stalled", "Reconciling").contains(condition.type()))
                .containsExactlyInAnyOrder(
                        new Condition("Reconciling", "True", 0, LATER, "Retrying", "the API server is away"),
                        new Condition("Stalled", "False", 0, LATER, "NotStalled", "it is tried again"));
    }

    private static Condition condition(String status, String reason, String message) {
        return new Condition("Upgrading", status, 0, NOON, reason, message);
    }

    /** After a status that is kept for the next one. */
    private Condition upgrading(String pods, Step step) {
        String[] revisions = pods.split(" ", -1);
        var seen = new TreeMap<Integer, Pod>();
        var reports = new TreeMap<Integer, Report>();
        for (int id = 1; id <= revisions.length; id++) {
            if (revisions[id - 1].equals("-")) continue;
            seen.put(id, pod(id, revisions[id - 1]));
            reports.put(id, new Report(id == 1 ? Role.LEADER : Role.FOLLOWER, 1));
        }
        var observation = new Observation(seen, reports, Optional.of(1L), Optional.empty(), Optional.empty());
        ClusterStatus status =
                writer(revisions.length, NOON).of(observation, Turn.of(step), WITHOUT_TLS, Optional.of("new"));
        cluster.setStatus(status);
        return status.condition("Upgrading").orElseThrow();
    }

    static Pod pod(int id, String revision) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("demo-" + id)
                .addToLabels(Labels.REVISION, revision)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withArgs("node")
                .endContainer()
                .endSpec()
                .build();
    }

    private ClusterStatus at(String now, Turn turn) {
        var observation =
                new Observation(new TreeMap<>(), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());
        return writer(3, now).of(observation, turn, WITHOUT_TLS, Optional.empty());
    }

    private StatusWriter writer(int voters, String now) {
        return new StatusWriter(cluster, Blueprint.of(cluster, Roster.formed(voters), "", "0.1.0"), now);
    }
}
