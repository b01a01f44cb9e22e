package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told, and how loudly. */
final class NewsTest {
    private static final String NOON = "2026-01-01T12:00:00Z";

    @ParameterizedTest
    @CsvSource({
        "Ready,             good,  bad",
        "Reconciling,       quiet, quiet",
        "Stalled,           bad,   good",
        "QuorumHealthy,     good,  bad",
        "Available,         good,  bad",
        "Scaling,           good,  good",
        "Upgrading,         good,  good",
        "CertificatesReady, good,  bad",
        "ConfigIgnored,     bad,   good",
        "Paused,            good,  good",
    })
    void aConditionThatTurnsIsTold(String type, String whenTrue, String whenFalse) {
        ClusterStatus holds = status(condition(type, "True"), null);
        ClusterStatus fails = status(condition(type, "False"), null);
        assertThat(news(fails, holds)).isEqualTo(told(whenTrue, type + " is True: why"));
        assertThat(news(holds, fails)).isEqualTo(told(whenFalse, type + " is False: why"));
        assertThat(news(holds, holds)).as("as before").isEmpty();
        assertThat(news(ClusterStatus.UNKNOWN, holds)).isEqualTo(told(whenTrue, type + " is True: why"));
        assertThat(news(ClusterStatus.UNKNOWN, fails)).as("nothing turned").isEmpty();
    }

    /** What people asked for is no cause for alarm, while it takes nobody away whom they did not ask for. */
    @ParameterizedTest
    @CsvSource({
        "Ready,             good",
        "QuorumHealthy,     good",
        "Available,         good",
        "CertificatesReady, bad",
    })
    void whatTurnsAsPlannedIsToldCalmly(String type, String whenFalse) {
        Condition holds = condition(type, "True");
        Condition fails = condition(type, "False");
        Condition asleep = new Condition("Ready", "True", 1, NOON, "Hibernated", "0 of 3 voters serve");
        var calm = told(whenFalse, type + " is False: why");
        var alarm = told("bad", type + " is False: why");
        assertThat(news(status(holds), with(fails, 1, 2, 3))).as("all serve").isEqualTo(calm);
        assertThat(News.of(status(holds), with(fails), true)).as("none is to").isEqualTo(calm);
        assertThat(news(with(holds, 1, 2, 3), with(fails, 1, 2)))
                .as("one is lost")
                .isEqualTo(alarm);
        var stalled = with(fails, 1, 2, 3);
        var refused = new ClusterStatus(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(fails, condition("Stalled", "True")),
                stalled.members(),
                stalled.ensemble(),
                null);
        assertThat(news(status(holds), refused)).as("refused").containsAll(alarm);
        if (type.equals("Ready"))
            assertThat(news(status(asleep), with(fails))).as("it wakes").isEqualTo(calm);
    }

    /** Of an ensemble of three, of which these serve. */
    private static ClusterStatus with(Condition condition, Integer... serving) {
        var ensemble = new ClusterStatus.Ensemble(List.of(1, 2, 3), null, null, null, null, null);
        var members = Stream.of(serving)
                .map(id -> new ClusterStatus.Member(id, "demo-" + id, "follower", true, null, null))
                .toList();
        return new ClusterStatus(null, null, null, null, null, null, null, List.of(condition), members, ensemble, null);
    }

    private static List<News> news(ClusterStatus before, ClusterStatus after) {
        return News.of(before, after, false);
    }

    private static List<News> told(String how, String message) {
        return how.equals("quiet") ? List.of() : List.of(new News(how.equals("bad"), "Reason", message));
    }

    @Test
    void aStepIsToldOnceAndWaitingIsNot() {
        var step = new ClusterStatus.Plan("restart member 2", "member 2", "it is old", NOON);
        var still = new ClusterStatus.Plan("restart member 2", "member 2", "not yet", NOON);
        var waiting = new ClusterStatus.Plan("wait", null, "member 2 is not serving yet", NOON);
        News news = new News(false, "Step", "restart member 2: it is old");
        assertThat(news(status(null, null), status(null, step))).containsExactly(news);
        assertThat(news(status(null, waiting), status(null, step))).containsExactly(news);
        assertThat(news(status(null, step), status(null, still))).isEmpty();
        assertThat(news(status(null, step), status(null, waiting))).isEmpty();
        assertThat(news(status(null, step), status(null, null))).isEmpty();
    }

    private static Condition condition(String type, String status) {
        return new Condition(type, status, 1, NOON, "Reason", "why");
    }

    private static ClusterStatus status(Condition condition) {
        return status(condition, null);
    }

    private static ClusterStatus status(@Nullable Condition condition, ClusterStatus.@Nullable Plan plan) {
        List<Condition> conditions = Optional.ofNullable(condition).stream().toList();
        return new ClusterStatus(null, null, null, null, null, null, null, conditions, null, null, plan);
    }
}
