package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.ForeignSuite.Side;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of the foreign suites that takes few minutes, against Paddock; the whole of them is {@link ForeignSuites}. */
class ForeignSuitesTest {
    private static final String FRAMEWORK = "org.apache.curator.framework.";
    private static final List<String> CURATOR = List.of(
            FRAMEWORK + "imps.TestCreate",
            FRAMEWORK + "imps.TestCreateReturningStat",
            FRAMEWORK + "imps.TestDelete",
            FRAMEWORK + "imps.TestTransactionsNew",
            FRAMEWORK + "imps.TestWithCluster",
            FRAMEWORK + "recipes.cache.TestNodeCache",
            FRAMEWORK + "recipes.cache.TestPathChildrenCacheInCluster",
            FRAMEWORK + "recipes.cache.TestTreeCacheIteratorAndSize",
            FRAMEWORK + "recipes.locks.TestInterProcessReadWriteLock",
            FRAMEWORK + "recipes.nodes.TestPersistentNode",
            FRAMEWORK + "recipes.watch.TestPersistentWatcher");

    @TempDir
    Path folder;

    @Test
    void curatorsOwnTestsPass() throws Exception {
        SuiteOutcomes outcomes = new CuratorSuite(Side.PADDOCK, folder).runPatiently(CURATOR);
        assertThat(outcomes.tests()).hasSizeGreaterThan(50);
        assertThat(outcomes.exceptions()).as(outcomes.explained()).isEqualTo(ForeignSuites.known("curator", outcomes));
    }
}
