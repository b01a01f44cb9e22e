package dev.paddock.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.tree.ApacheTree;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Histories;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.watch.WatchesSummary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random watches beside Apache ZooKeeper's own tables, under random histories: every connection gets the same events. */
class WatchTableAgainstApacheTest {
    private static final int CONNECTIONS = 4;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, 60);
    }

    private final ApacheTree theirs = new ApacheTree();
    private final List<List<String>> theirEvents = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final List<List<String>> ourEvents = new ArrayList<>();
    private final WatchTable table = new WatchTable(42);
    private final WatchSink sink =
            (connection, type, path, acl) -> ourEvents.get((int) connection).add(type + path);
    private Database database = Database.empty();

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void firesWhatApacheFires(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        var histories = new Histories(seed);
        for (int i = 0; i < CONNECTIONS; i++) {
            var events = new ArrayList<String>();
            theirEvents.add(events);
            watchers.add(event -> events.add(event.getType().getIntValue() + event.getPath()));
            ourEvents.add(new ArrayList<>());
        }
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(3) == 0) step(histories.next(database));
            else watch(random, histories);
            assertThat(table.count()).isEqualTo(theirs.tree.getWatchCount());
            compareSummary();
        }
    }

    private void compareSummary() {
        WatchesSummary summary = theirs.tree.getWatchesSummary();
        assertThat(table.dataCount()).isEqualTo(summary.getTotalWatches());
        assertThat(table.dataPathCount()).isEqualTo(summary.getNumPaths());
        assertThat(table.dataWatcherCount()) // Apache goes on counting a connection whose watches have all fired
                .isBetween(Math.min(1, table.dataPathCount()), summary.getNumConnections());
    }

    private void step(TxnRecord record) {
        Applied applied = database.apply(record);
        database = applied.after();
        for (Change change : applied.changes()) table.trigger(change, sink);
        theirs.apply(record);
        if (record.txn() instanceof Txn.CloseSession) {
            ourEvents.forEach(Collections::sort); // Apache deletes ephemerals in the order of a hash set
            theirEvents.forEach(Collections::sort);
        }
        compareEvents();
    }

    private void compareEvents() {
        assertThat(ourEvents).isEqualTo(theirEvents);
        ourEvents.forEach(List::clear);
        theirEvents.forEach(List::clear);
    }

    private void watch(SplittableRandom random, Histories histories) throws Exception {
        String path = random.nextInt(12) == 0 ? "/" : histories.path();
        int connection = random.nextInt(CONNECTIONS);
        Watcher watcher = watchers.get(connection);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> exists(path, connection, watcher);
            case 3, 4 -> {
                if (database.find(path) == null) return;
                table.add(WatchKind.CHILD, path, connection);
                theirs.tree.getChildren(path, null, watcher);
            }
            case 5 -> addWatch(path, random.nextInt(2), connection);
            case 6 -> setWatches(random, histories, connection);
            case 7 -> remove(path, 1 + random.nextInt(5), connection);
            case 8 -> {
                if (random.nextInt(8) != 0) return;
                table.removeConnection(connection);
                theirs.tree.removeCnxn(watcher);
            }
            default -> contains(path, 1 + random.nextInt(5), connection);
        }
    }

    private void exists(String path, int connection, Watcher watcher) {
        table.add(WatchKind.DATA, path, connection);
        try {
            Stat stat = theirs.tree.statNode(path, watcher);
            assertThat(stat).isNotNull();
        } catch (KeeperException.NoNodeException e) {
            assertThat(database.find(path)).isNull();
        }
    }

    private void addWatch(String path, int mode, int connection) {
        table.add(mode == 0 ? WatchKind.PERSISTENT : WatchKind.PERSISTENT_RECURSIVE, path, connection);
        theirs.tree.addWatch(path, watchers.get(connection), mode);
    }

    private void contains(String path, int type, int connection) {
        assertThat(table.contains(path, type, connection))
                .isEqualTo(
                        theirs.tree.containsWatcher(path, Watcher.WatcherType.fromInt(type), watchers.get(connection)));
    }

    private void remove(String path, int type, int connection) {
        assertThat(table.remove(path, type, connection))
                .isEqualTo(theirs.tree.removeWatch(path, Watcher.WatcherType.fromInt(type), watchers.get(connection)));
    }

    private void setWatches(SplittableRandom random, Histories histories, int connection) {
        long seen = random.nextLong(database.lastZxid() + 1);
        List<List<String>> paths = new ArrayList<>();
        for (int i = 0; i < 5; i++) paths.add(List.of(histories.path(), histories.path()));
        var request =
                new Request.SetWatches2(seen, paths.get(0), paths.get(1), paths.get(2), paths.get(3), paths.get(4));
        table.setWatches(database, request, connection, sink);
        theirs.tree.setWatches(
                seen, paths.get(0), paths.get(1), paths.get(2), paths.get(3), paths.get(4), watchers.get(connection));
        compareEvents();
    }
}
