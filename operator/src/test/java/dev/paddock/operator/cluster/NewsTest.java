package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import java.util.List;
import java.util.Optional;
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
        "Paused,            good,  good",
    })
    void aConditionThatTurnsIsTold(String type, String whenTrue, String whenFalse) {
        ClusterStatus holds = status(condition(type, "True"), null);
        ClusterStatus fails = status(condition(type, "False"), null);
        assertThat(News.of(fails, holds)).isEqualTo(told(whenTrue, type + " is True: why"));
        assertThat(News.of(holds, fails)).isEqualTo(told(whenFalse, type + " is False: why"));
        assertThat(News.of(holds, holds)).as("as before").isEmpty();
        assertThat(News.of(ClusterStatus.UNKNOWN, holds)).isEqualTo(told(whenTrue, type + " is True: why"));
        assertThat(News.of(ClusterStatus.UNKNOWN, fails)).as("nothing turned").isEmpty();
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
        assertThat(News.of(status(null, null), status(null, step))).containsExactly(news);
        assertThat(News.of(status(null, waiting), status(null, step))).containsExactly(news);
        assertThat(News.of(status(null, step), status(null, still))).isEmpty();
        assertThat(News.of(status(null, step), status(null, waiting))).isEmpty();
        assertThat(News.of(status(null, step), status(null, null))).isEmpty();
    }

    private static Condition condition(String type, String status) {
        return new Condition(type, status, 1, NOON, "Reason", "why");
    }

    private static ClusterStatus status(@Nullable Condition condition, ClusterStatus.@Nullable Plan plan) {
        List<Condition> conditions = Optional.ofNullable(condition).stream().toList();
        return new ClusterStatus(null, null, null, null, null, null, null, conditions, null, null, plan);
    }
}
