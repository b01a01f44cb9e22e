package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code paddock migrate run} takes Apache's servers to Paddock and back while clients write; it says what the page shows. */
class MigrateTest {
    @TempDir
    Path folder;

    record Size(int voters, int observers, int times) {
        @Override
        public String toString() {
            return voters + " voters, " + observers + " observers, " + times + " times";
        }
    }

    /** Three voters in each build; in a long one five and an observer as well, so many times. */
    private static List<Size> sizes() {
        List<Size> sizes = new ArrayList<>(List.of(new Size(3, 0, 1)));
        int times = Integer.getInteger("soak.migrations", 0);
        if (times > 0) sizes.add(new Size(5, 1, times));
        return sizes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sizes")
    void thereAndBackUnderLoad(Size size) throws Exception {
        try (LocalEnsemble ensemble = new LocalEnsemble(folder, size.voters(), size.observers())) {
            ensemble.start();
            thereAndBack(ensemble, size.times());
        }
    }

    private static void thereAndBack(LocalEnsemble ensemble, int times) throws Exception {
        try (Writers writers = new Writers(ensemble.connectString())) {
            String plan = ensemble.run("plan");
            assertThat(plan)
                    .contains(
                            ensemble.size() + ". member ",
                            "it leads, so it is the last",
                            "Then done: all " + ensemble.size() + " members");
            String there = interruptInTheMiddle(ensemble) + "\n" + there(ensemble, writers);
            assertThat(sameTrees(there))
                    .as(there)
                    .isGreaterThanOrEqualTo(ensemble.size() - 1); // the interrupted run may have begun one
            String back = back(ensemble, writers);
            MigrationPage.shows("plan", plan);
            MigrationPage.shows("run --local", there);
            MigrationPage.shows("run --local --back", back);
            for (int i = 1; i < times; i++) {
                assertThat(sameTrees(there(ensemble, writers))).isEqualTo(ensemble.size());
                back(ensemble, writers);
            }
            ensemble.holdsAllAlike(writers.stop());
        }
    }

    private static String there(LocalEnsemble ensemble, Writers writers) throws Exception {
        String done = "done: all " + ensemble.size() + " members run Paddock";
        int before = writers.acknowledged().size();
        String said = ensemble.run("run", "--local");
        assertThat(said).contains(done);
        assertThat(ensemble.allSay("-paddock-")).isTrue();
        assertThat(ensemble.run("status")).contains(done);
        holdsAllSince(before, ensemble, writers);
        return said;
    }

    private static String back(LocalEnsemble ensemble, Writers writers) throws Exception {
        int before = writers.acknowledged().size();
        String said = ensemble.run("run", "--local", "--back", "--zookeeper", LocalEnsemble.zookeeper());
        assertThat(said)
                .contains(
                        "stop Paddock, start Apache ZooKeeper",
                        "done: all " + ensemble.size() + " members run Apache ZooKeeper");
        assertThat(sameTrees(said)).as(said).isEqualTo(ensemble.size());
        assertThat(ensemble.howManySay("-paddock-")).isZero();
        holdsAllSince(before, ensemble, writers);
        return said;
    }

    /** Of how many members it was said. */
    private static long sameTrees(String said) {
        return said.lines()
                .filter(line -> line.contains("the same tree as the others after 0x"))
                .count();
    }

    private static void holdsAllSince(int before, LocalEnsemble ensemble, Writers writers) throws Exception {
        List<String> acknowledged = writers.acknowledged();
        assertThat(acknowledged).as("writes went on").hasSizeGreaterThan(before);
        ensemble.holdsAllAlike(acknowledged);
    }

    /** Ctrl-C as soon as the first member is being replaced: the next run has to go on from there. What was said until then. */
    private static String interruptInTheMiddle(LocalEnsemble ensemble) throws Exception {
        try (Command first = ensemble.migrate("run", "--local")) {
            await().atMost(LocalEnsemble.PATIENCE)
                    .until(() -> !first.isRunning() || first.text().contains("stop Apache ZooKeeper"));
            assertThat(first.isRunning()).as(first.text()).isTrue();
            first.interrupt();
            assertThat(first.await(60)).as(first.text()).isEqualTo(130); // as a shell names the end by SIGINT
            assertThat(first.text()).contains("nothing is stored").doesNotContain("done:");
            return first.text();
        }
    }
}
