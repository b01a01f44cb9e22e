package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paddock.e2e.ForeignSuite.Side;
import dev.paddock.e2e.SuiteOutcomes.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/**
 * The whole of the foreign suites, against Apache ZooKeeper 3.9.5 and against Paddock: exactly the tests listed in
 * {@code src/test/suites} do not pass, in {@code *.txt} on both sides, in {@code *-open.txt} on ours alone. Takes an hour:
 * {@code ./verify -Pforeign}.
 */
class ForeignSuites {
    private static final Path LISTS = PaddockUp.ROOT.resolve("e2e/src/test/suites");
    private static final Path FOLDER = PaddockUp.ROOT.resolve("e2e/target/foreign");

    @Test
    void kazoo() throws Exception {
        assumeTrue(KazooSuite.isInstalled(), "kazoo 2.11.0 and pytest are not installed; ./verify installs them");
        List<String> all = KazooSuite.modules();
        SuiteOutcomes apache = new KazooSuite(Side.APACHE, FOLDER.resolve("kazoo-apache")).runPatiently(all);
        SuiteOutcomes paddock = new KazooSuite(Side.PADDOCK, FOLDER.resolve("kazoo-paddock")).runPatiently(all);
        compare("kazoo", apache, paddock);
    }

    @Test
    void curator() throws Exception {
        List<String> all = CuratorSuite.classes();
        SuiteOutcomes apache = new CuratorSuite(Side.APACHE, FOLDER.resolve("curator-apache")).runPatiently(all);
        SuiteOutcomes paddock = new CuratorSuite(Side.PADDOCK, FOLDER.resolve("curator-paddock")).runPatiently(all);
        compare("curator", apache, paddock);
    }

    @Test
    void go() throws Exception {
        assumeTrue(GoSuite.isInstalled(), "Go or go-zookeeper 1.0.4 is not installed; ./verify installs them");
        GoSuite apache = new GoSuite(Side.APACHE, FOLDER.resolve("go-apache"));
        GoSuite paddock = new GoSuite(Side.PADDOCK, FOLDER.resolve("go-paddock"));
        List<String> all = apache.tests();
        compare("go", apache.runPatiently(all), paddock.runPatiently(all));
    }

    private static void compare(String suite, SuiteOutcomes apache, SuiteOutcomes paddock) throws IOException {
        String summary = suite + "\napache:  " + apache.counts() + "\n" + apache.explained() + "paddock: "
                + paddock.counts() + "\n" + paddock.explained();
        Files.writeString(FOLDER.resolve(suite + ".txt"), summary);
        System.out.println(summary);
        SortedMap<String, Outcome> known = SuiteOutcomes.known(LISTS.resolve(suite + ".txt"));
        assertThat(paddock.tests()).containsExactlyElementsOf(apache.tests());
        assertThat(judged(suite, apache)).as(summary).isEqualTo(known);
        known.putAll(SuiteOutcomes.known(LISTS.resolve(suite + "-open.txt")));
        assertThat(judged(suite, paddock)).as(summary).isEqualTo(known);
    }

    /** Which of the tests that were run did not pass, but for those that end now so, now so. */
    static SortedMap<String, Outcome> judged(String suite, SuiteOutcomes run) throws IOException {
        SortedMap<String, Outcome> judged = run.exceptions();
        judged.keySet().removeAll(SuiteOutcomes.unsteady(LISTS.resolve(suite + ".txt")));
        return judged;
    }

    /** Which of the tests that were run are known not to pass against Paddock. */
    static SortedMap<String, Outcome> known(String suite, SuiteOutcomes run) throws IOException {
        SortedMap<String, Outcome> known = SuiteOutcomes.known(LISTS.resolve(suite + ".txt"));
        known.putAll(SuiteOutcomes.known(LISTS.resolve(suite + "-open.txt")));
        known.keySet().retainAll(run.tests());
        return known;
    }
}
