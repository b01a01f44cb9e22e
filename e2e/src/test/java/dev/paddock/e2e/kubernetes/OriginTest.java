package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Which Kubernetes the tests run on. */
class OriginTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void theFirstWithoutAnObstacleIsTaken() throws Exception {
        assertThat(first(blocked("away", "no engine"), working("near"), working("far")))
                .isEqualTo(cluster("near"));
        assertThat(told).containsExactly("Kubernetes: near");
    }

    @Test
    void whereOneDoesNotStartTheNextIsTaken() throws Exception {
        assertThat(first(failing("broken", new IllegalStateException("no such image")), working("near")))
                .isEqualTo(cluster("near"));
        assertThat(told)
                .containsExactly(
                        "Kubernetes: not broken, since java.lang.IllegalStateException: no such image",
                        "Kubernetes: near");
    }

    /** A test that is skipped looks as if nothing was wrong. */
    @Test
    void whatShouldHaveStartedIsAFailure() {
        assertThatThrownBy(() -> first(failing("broken", new IOException("no route")), blocked("near", "no root")))
                .isInstanceOf(IOException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("no route"));
    }

    @Test
    void whereNoneCanBeHadTestsAreSkippedWithAllReasons() {
        assertThatThrownBy(() -> first(blocked("away", "no engine"), blocked("near", "no root")))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no engine, and no root");
    }

    @Test
    void noOtherIsTriedWhereOneIsGiven() throws Exception {
        assertThat(Origin.all(Optional.empty()))
                .extracting(Origin::name)
                .containsExactly("k3s in a container", "one node on this machine");
        assertThat(first(Origin.all(Optional.of(Path.of("mine"))).toArray(Origin[]::new)))
                .isEqualTo(cluster("mine"));
    }

    private Cluster first(Origin... origins) throws IOException, InterruptedException {
        return Origin.first(List.of(origins), told::add);
    }

    private static Cluster cluster(String name) {
        return new GivenCluster(Path.of(name));
    }

    private static Origin working(String name) {
        return new Origin(name, Optional::empty, () -> cluster(name));
    }

    private static Origin blocked(String name, String obstacle) {
        return new Origin(name, () -> Optional.of(obstacle), () -> {
            throw new AssertionError(name + " was started");
        });
    }

    private static Origin failing(String name, Exception failure) {
        return new Origin(name, Optional::empty, () -> {
            if (failure instanceof IOException world) throw world;
            throw (RuntimeException) failure;
        });
    }
}
