package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code paddock migrate run} takes three of Apache's servers to Paddock and back while clients write. */
class MigrateTest {
    @TempDir
    Path folder;

    @Test
    void thereAndBackUnderLoad() throws Exception {
        try (LocalEnsemble ensemble = new LocalEnsemble(folder, 3, 0)) {
            ensemble.start();
            thereAndBack(ensemble);
        }
    }

    private static void thereAndBack(LocalEnsemble ensemble) throws Exception {
        try (Writers writers = new Writers(ensemble.connectString())) {
            assertThat(ensemble.run("plan"))
                    .contains("3. member ", "it leads, so it is the last", "Then done: all 3 members");
            interruptInTheMiddle(ensemble);
            assertThat(ensemble.run("run", "--local")).contains("done: all 3 members run Paddock");
            assertThat(ensemble.allSay("-paddock-")).isTrue();
            assertThat(ensemble.run("status")).contains("done: all 3 members run Paddock");
            int there = writers.acknowledged().size();

            String back = ensemble.run("run", "--local", "--back", "--zookeeper", LocalEnsemble.zookeeper());
            assertThat(back)
                    .contains("stop Paddock, start Apache ZooKeeper", "done: all 3 members run Apache ZooKeeper");
            assertThat(ensemble.howManySay("-paddock-")).isZero();
            List<String> acknowledged = writers.stop();
            assertThat(there).as("writes went on").isPositive().isLessThan(acknowledged.size());
            ensemble.holdsAllAlike(acknowledged);
        }
    }

    /** Ctrl-C as soon as the first member is being replaced: the next run has to go on from there. */
    private static void interruptInTheMiddle(LocalEnsemble ensemble) throws Exception {
        try (Command first = ensemble.migrate("run", "--local")) {
            await().atMost(LocalEnsemble.PATIENCE)
                    .until(() -> !first.isRunning() || first.text().contains("stop Apache ZooKeeper"));
            assertThat(first.isRunning()).as(first.text()).isTrue();
            first.interrupt();
            assertThat(first.await(60)).as(first.text()).isEqualTo(130); // as a shell names the end by SIGINT
            assertThat(first.text()).contains("nothing is stored").doesNotContain("done:");
        }
    }
}
