package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.paddock.e2e.Writers;
import dev.paddock.operator.Release;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From one release of the chart to a later one and back, and what clients of a cluster see of it. */
@ExtendWith(LabExtension.class)
class UpgradesInLab {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path scratch;

    /** It names no version of its own, so each operator has it run that operator's. */
    @Test
    void aClusterFollowsItsOperatorUnderLoad(Lab lab) throws Exception {
        assumeFalse(lab.isGiven(), "a cluster that is given has the images of one version");
        LaterRelease.loadInto(lab);
        Chart.install(lab);
        try (ClusterInLab cluster = new ClusterInLab(lab, "upgrade")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            awaitRuns(cluster, Release.VERSION);
            try (Writers writers = new Writers(cluster.service())) {
                writers.awaitProgress();
                Chart.upgradeTo(lab, LaterRelease.chart(scratch.resolve("chart")));
                awaitRuns(cluster, LaterRelease.VERSION);
                writers.awaitProgress();
                Chart.install(lab);
                awaitRuns(cluster, Release.VERSION);
                writers.awaitProgress();
                assertThat(Writers.missingAt(cluster.service(), writers.stop())).isEmpty();
                System.out.println("to a later version and back: " + writers.seen());
            }
        } finally {
            Chart.install(lab);
        }
    }

    private static void awaitRuns(ClusterInLab cluster, String version) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.get().getStatus().version()).isEqualTo(version));
        cluster.awaitReady(3);
        assertThat(cluster.pods())
                .hasSize(3)
                .allSatisfy(pod -> assertThat(images(pod)).containsOnly("paddock/node:" + version));
    }

    private static List<String> images(Pod pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .map(Container::getImage)
                .toList();
    }
}
