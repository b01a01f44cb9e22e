package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Histories;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnDigest;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache ZooKeeper 3.9.5 compares the digests in our logs and snapshots with its own tree, and we those in its. */
class DigestsAgainstApacheTest {
    private static final int TXNS = 600;

    @TempDir
    Path path;

    private final Map<Long, Long> digests = new HashMap<>(); // ours by zxid

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void apacheFindsEveryDigestOfOursRight(long seed) throws IOException {
        List<TxnRecord> history = history(seed);
        write(history);
        List<Long> compared = new ArrayList<>();
        assertThat(mismatchesOfApache((tree, zxid) -> {
                    compared.add(zxid);
                    assertThat(tree.getTreeDigest()).as("zxid %d", zxid).isEqualTo(digests.get(zxid));
                }))
                .isEmpty();
        assertThat(compared).as("after the snapshot").hasSize(TXNS / 3);
        deleteSnapshot(2 * TXNS / 3); // so that it starts from the empty one
        compared.clear();
        assertThat(mismatchesOfApache((tree, zxid) -> {
                    compared.add(zxid);
                    assertThat(tree.getTreeDigest()).as("zxid %d", zxid).isEqualTo(digests.get(zxid));
                }))
                .isEmpty();
        assertThat(compared).hasSize(TXNS);
    }

    /** That nothing was found above says something only if something can be found. */
    @Test
    void bothFindAWrongDigestInALogAndInASnapshot() throws IOException {
        List<TxnRecord> history = new ArrayList<>(history(9));
        int wrong = TXNS - 10;
        TxnRecord record = history.get(wrong - 1);
        history.set(wrong - 1, new TxnRecord(record.header(), record.txn(), Optional.of(new TxnDigest(2, 1234))));
        write(history);
        assertThat(mismatchesOfApache((tree, zxid) -> {})).containsExactly((long) wrong);
        try (Storage storage = open()) {
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.digests().mismatches()).isEqualTo(1);
            assertThat(recovered.notes()).singleElement().asString().contains("1234", Long.toHexString(wrong));
            assertThat(recovered.digests().log().getLast().zxid()).isEqualTo(512);
            assertThat(recovered.digests().log().getLast().digest()).isEqualTo(digests.get(512L));
        }
    }

    @Test
    void digestsThatAreNotEnabledAreNotWritten() throws IOException {
        TreeRules without = new TreeRules(false, false, false, false);
        try (Storage storage = Storage.open(config(), without, Records.AT_ONCE)) {
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.database().digest()).isZero();
            Database some = Databases.after(recovered.database(), Databases.history(3, 50));
            storage.snapshots().write(some);
            append(storage, List.of());
        }
        try (Storage storage = open()) {
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.lastZxid()).isEqualTo(50);
            assertThat(recovered.notes()).isEmpty();
            assertThat(recovered.database().digest())
                    .isEqualTo(Databases.some(3, 50).digest());
        }
    }

    /** Snapshots that Apache's server writes while clients go on hold traces of what comes after them. */
    @Test
    void weFindEveryDigestOfApachesServerRight() throws Exception {
        DataTree tree = useApachesServer();
        List<Path> snapshots = snapshots();
        assertThat(snapshots).hasSizeGreaterThan(3);
        for (Path newest : snapshots.reversed()) {
            try (Storage storage = open()) {
                Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
                assertThat(recovered.notes()).as(newest.toString()).isEmpty();
                assertThat(recovered.digests().mismatches()).isZero();
                assertThat(recovered.lastZxid()).isEqualTo(tree.lastProcessedZxid);
                assertThat(recovered.database().digest()).isEqualTo(tree.getTreeDigest());
            }
            Files.delete(newest);
            if (newest.equals(snapshots.get(1))) break;
        }
    }

    private DataTree useApachesServer() throws Exception {
        var server = new ZooKeeperServer(path.toFile(), path.toFile(), 2000);
        var port = new NIOServerCnxnFactory();
        port.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        port.startup(server);
        try (var pool = Executors.newFixedThreadPool(3)) {
            String address = "127.0.0.1:" + port.getLocalPort();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int writer = i;
                writers.add(pool.submit(() -> {
                    var client = new ZooKeeper(address, 8000, event -> {});
                    writeMuch(client, writer);
                    client.close();
                    return null;
                }));
            }
            DataTree tree = server.getZKDatabase().getDataTree();
            long next = 100;
            while (writers.stream().anyMatch(writer -> !writer.isDone())) {
                if (tree.lastProcessedZxid < next) {
                    Thread.onSpinWait();
                    continue;
                }
                server.takeSnapshot();
                next += 300;
            }
            for (Future<?> writer : writers) writer.get();
        } finally {
            port.shutdown();
        }
        server.shutdown();
        return server.getZKDatabase().getDataTree();
    }

    /**
     * Not the data of the root: a leader of Apache's foretells wrong digests while changes of "/" and of "", which it takes
     * for two znodes, are under way, and its own tree says so.
     */
    private static void writeMuch(ZooKeeper client, int writer) throws Exception {
        for (int i = 0; i < 300; i++) {
            String node = "/w" + writer + "-" + i;
            client.create(node, new byte[i], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.create(node + "/e", null, Ids.READ_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
            client.setData(node, new byte[i / 2], -1);
            if (i % 3 == 0) client.setACL(node, Ids.READ_ACL_UNSAFE, -1);
            if (i % 7 == 6 && i % 3 != 0) client.delete(node + "/e0000000000", -1);
        }
    }

    private List<TxnRecord> history(long seed) {
        var histories = new Histories(seed);
        List<TxnRecord> history = new ArrayList<>();
        Database database = Database.empty();
        for (int i = 0; i < TXNS; i++) {
            TxnRecord record = histories.next(database);
            database = database.apply(record).after();
            digests.put(record.header().zxid(), database.digest());
            var digest = new TxnDigest(TxnDigest.VERSION, database.digest());
            boolean isListless = record.txn() instanceof Txn.CloseSession(var paths) && paths == null;
            history.add(isListless ? record : new TxnRecord(record.header(), record.txn(), Optional.of(digest)));
        }
        return history;
    }

    private void write(List<TxnRecord> history) throws IOException {
        int first = 2 * TXNS / 3;
        try (Storage storage = open()) {
            storage.recover(SnapshotStoreTest.NO_PROGRESS);
            append(storage, history.subList(0, first));
            storage.log().roll();
            storage.snapshots().write(Databases.after(Database.empty(), history.subList(0, first)));
            append(storage, history.subList(first, history.size()));
        }
    }

    private interface Loaded {
        void after(DataTree tree, long zxid);
    }

    /** The zxids at which Apache's own recovery of our folder finds a digest wrong. */
    private List<Long> mismatchesOfApache(Loaded loaded) throws IOException {
        var tree = new DataTree();
        List<Long> mismatches = new ArrayList<>();
        tree.addDigestWatcher(mismatches::add);
        var apache = new FileTxnSnapLog(path.toFile(), path.toFile());
        apache.restore(tree, new ConcurrentHashMap<>(), (header, record, digest) -> {
            boolean isListless = header.getType() == OpCode.CLOSE_SESSION && record == null;
            assertThat(digest == null).as("zxid %d", header.getZxid()).isEqualTo(isListless);
            loaded.after(tree, header.getZxid());
        });
        apache.close();
        return mismatches;
    }

    private void deleteSnapshot(long zxid) throws IOException {
        Files.delete(path.resolve("version-2").resolve("snapshot." + Long.toHexString(zxid)));
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("snapshot."))
                    .sorted((a, b) -> Long.compare(zxid(a), zxid(b)))
                    .toList();
        }
    }

    private static long zxid(Path snapshot) {
        return Long.parseLong(snapshot.getFileName().toString().substring("snapshot.".length()), 16);
    }

    private static void append(Storage storage, List<TxnRecord> history) throws IOException {
        for (TxnRecord record : history)
            storage.log().append(record.toBytes(), record.header().zxid());
        storage.log().force();
    }

    private NodeConfig.Storage config() {
        return new NodeConfig.Storage(path, path, 1000, 1 << 20, 3, 0, false, NodeConfig.Log.DEFAULT);
    }

    private Storage open() throws IOException {
        return Storage.open(config(), TreeRules.DEFAULT, Records.AT_ONCE);
    }
}
