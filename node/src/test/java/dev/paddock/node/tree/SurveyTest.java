package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Survey.Subtree;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A survey counts what a database holds, and refuses what a loader refuses. */
class SurveyTest {
    private static final Znode.Stored ZEROS = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void countsWhatTheDatabaseCounts(long seed) {
        var histories = new Histories(seed);
        Database database = Database.empty(TreeRules.EXTENDED);
        for (int i = 0; i < 500; i++)
            database = database.apply(histories.next(database)).after();
        Survey survey = surveyed(database, 1, 100);
        assertThat(survey.znodes()).isEqualTo(database.znodeCount());
        assertThat(survey.ephemerals()).isEqualTo(database.ephemeralCount());
        assertThat(survey.containers()).isEqualTo(database.containers().size());
        assertThat(survey.ttls()).isEqualTo(database.ttlZnodes().size());
        assertThat(survey.sessions()).isEqualTo(database.sessionCount());
        assertThat(survey.digest()).isEqualTo(database.digest());
        assertThat(survey.largest().stream().mapToLong(Subtree::znodes).sum())
                .as("all but the root")
                .isEqualTo(survey.znodes() - 1);
        assertThat(survey.largest().stream().mapToLong(Subtree::dataBytes).sum())
                .isEqualTo(survey.dataBytes() - database.root().dataLength());
    }

    @Test
    void namesTheSubtreesWithTheMostData() {
        Database database = Database.empty();
        long zxid = 0;
        for (String path : List.of("/a", "/a/b", "/a/b/c", "/d", "/e", "/e/f")) {
            Txn create = new Txn.Create(path, new byte[path.length() * 10], Acl.OPEN_UNSAFE, false, -1);
            var header = new dev.paddock.wire.TxnHeader(1, 1, ++zxid, 1, create.type());
            database = database.apply(header, create).after();
        }
        assertThat(surveyed(database, 2, 3).largest())
                .containsExactly(new Subtree("/a", 3, 120), new Subtree("/a/b", 2, 100), new Subtree("/e", 2, 60));
    }

    /** Paths in orders that are right, and in ones that are not: each time both say the same. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void refusesWhatALoaderRefuses(long seed) {
        var random = new Random(seed);
        List<String> all = List.of("", "/a", "/a/b", "/a/b/c", "/ab", "/ab/c", "/b", "/a/", "/", "b", "/ä", "/ä/b", "");
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            List<String> paths = new ArrayList<>(all.subList(0, 2 + random.nextInt(all.size() - 1)));
            if (random.nextBoolean())
                paths.removeIf(path -> path.equals("/") || path.equals("/a/") || path.equals("b"));
            if (random.nextBoolean()) paths.removeLast();
            for (int swaps = random.nextInt(3); swaps > 0; swaps--) {
                Collections.swap(paths, random.nextInt(paths.size()), random.nextInt(paths.size()));
            }
            boolean byLoader = isRefused(Database.loader(), paths);
            assertThat(isRefused(new Survey(TreeRules.DEFAULT, 1, 1), paths))
                    .as(paths.toString())
                    .isEqualTo(byLoader);
            if (byLoader) refused++;
        }
        assertThat(refused).isBetween(300, 2900);
    }

    private static boolean isRefused(SnapshotContent content, List<String> paths) {
        try {
            for (String path : paths) {
                byte[] full = path.getBytes(StandardCharsets.UTF_8);
                content.znode(full, 0, full.length, null, Acl.OPEN_UNSAFE, ZEROS);
            }
            if (content instanceof Loader loader) assertThat(loader.build(1)).isNotNull();
            if (content instanceof Survey survey) assertThat(survey.end()).isNotNull();
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static Survey surveyed(Database database, int depthMax, int most) {
        var survey = new Survey(TreeRules.EXTENDED, depthMax, most);
        database.forEachSession(survey::session);
        database.walk((path, length, node) -> survey.znode(path, 0, length, node.data(), node.acl(), node.stored()));
        return survey.end();
    }
}
