package dev.paddock.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private static final long MILLI = 1_000_000;

    private Database database = Database.empty(TreeRules.EXTENDED);
    private long zxid;

    /** Created at 1000 ms. */
    private void apply(Txn txn) {
        database = database.apply(new TxnHeader(1, 1, ++zxid, 1000, txn.type()), txn)
                .after();
    }

    private void container(String path) {
        apply(new Txn.CreateContainer(path, null, Acl.OPEN_UNSAFE, -1));
    }

    private void usedContainer(String path) {
        container(path);
        apply(new Txn.Create(path + "/child", null, Acl.OPEN_UNSAFE, false, -1));
        apply(new Txn.Delete(path + "/child"));
    }

    private void ttl(String path, long millis) {
        apply(new Txn.CreateTtl(path, null, Acl.OPEN_UNSAFE, -1, millis));
    }

    private static Now at(long millis) {
        return new Now(millis * MILLI, millis);
    }

    private List<String> sweep(Sweeper sweeper, long millis) {
        var found = new ArrayList<String>();
        sweeper.tick(database, at(millis));
        for (String path = ""; path != null; ) {
            path = sweeper.next(database, at(millis));
            if (path != null) found.add(path);
        }
        return found;
    }

    private List<String> sweepAll(SweepPace pace, long fromMillis, long toMillis) {
        var sweeper = new Sweeper(pace, at(0));
        var found = new ArrayList<String>();
        for (long millis = fromMillis; millis <= toMillis; millis += 10) found.addAll(sweep(sweeper, millis));
        return found;
    }

    @Test
    void findsContainersThatLostTheirLastChildAndTtlsThatAreOver() {
        usedContainer("/used");
        usedContainer("/busy");
        apply(new Txn.Create("/busy/child", null, Acl.OPEN_UNSAFE, false, -1));
        container("/new");
        ttl("/over", 4000);
        ttl("/soon", 9000);
        ttl("/parent", 1);
        apply(new Txn.Create("/parent/child", null, Acl.OPEN_UNSAFE, false, -1));
        apply(new Txn.Create("/plain", null, Acl.OPEN_UNSAFE, false, -1));
        var sweeper = new Sweeper(new SweepPace(5000, 60_000, 0), at(0));
        assertThat(sweep(sweeper, 4990)).as("not yet").isEmpty();
        assertThat(sweepAll(new SweepPace(5001, 60_000, 0), 5001, 5300)).containsExactlyInAnyOrder("/used", "/over");
        assertThat(sweepAll(new SweepPace(5001, 60_000, 3000), 5001, 5300))
                .containsExactlyInAnyOrder("/used", "/over", "/new");
    }

    @Test
    void findsNoMoreThanSoManyInAMinuteAndLooksAtFewAtATime() {
        for (int i = 0; i < 2000; i++) usedContainer("/c" + i);
        for (int i = 0; i < 3000; i++) container("/never" + i);
        var sweeper = new Sweeper(new SweepPace(1000, 6000, 0), at(0));
        int found = 0;
        for (long millis = 1000; millis < 11_000; millis += 10) {
            int now = sweep(sweeper, millis).size();
            assertThat(now).isLessThanOrEqualTo(10);
            found += now;
        }
        assertThat(found).isBetween(900, 1001);
    }

    /** What was found may have come to life again. */
    @Test
    void looksAtTheNewestState() {
        usedContainer("/a");
        usedContainer("/b");
        var sweeper = new Sweeper(new SweepPace(1000, 60_000, 0), at(0));
        sweeper.tick(database, at(1000));
        String first = sweeper.next(database, at(1000));
        String second = "/a".equals(first) ? "/b" : "/a";
        apply(new Txn.Create(second + "/again", null, Acl.OPEN_UNSAFE, false, -1));
        assertThat(sweeper.next(database, at(1010))).isNull();
    }
}
