package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paddock.e2e.ForeignSuite.Side;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of the foreign suites that take few minutes, against Paddock; the whole of them is {@link ForeignSuites}. */
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

    /** Each of these classes starts an ensemble of three, and they ask for most of what kazoo can. */
    private static final List<String> KAZOO = List.of(
            "test_client.TestClient",
            "test_client.TestClientTransactions",
            "test_lock.KazooLockTests",
            "test_sasl.TestSASLDigestAuthentication",
            "test_watchers.KazooDataWatcherTests");

    @TempDir
    Path folder;

    @Test
    void curatorsOwnTestsPass() throws Exception {
        SuiteOutcomes outcomes = new CuratorSuite(Side.PADDOCK, folder).runPatiently(CURATOR);
        assertThat(outcomes.tests()).hasSizeGreaterThan(50);
        assertThat(ForeignSuites.judged("curator", outcomes))
                .as(outcomes.explained())
                .isEqualTo(ForeignSuites.known("curator", outcomes));
    }

    @Test
    void kazoosOwnTestsPass() throws Exception {
        assumeTrue(KazooSuite.isInstalled(), "kazoo 2.11.0 and pytest are not installed; ./verify installs them");
        SuiteOutcomes outcomes = new KazooSuite(Side.PADDOCK, folder).runPatiently(KAZOO);
        assertThat(outcomes.tests()).hasSizeGreaterThan(100);
        assertThat(ForeignSuites.judged("kazoo", outcomes))
                .as(outcomes.explained())
                .isEqualTo(ForeignSuites.known("kazoo", outcomes));
    }
}
