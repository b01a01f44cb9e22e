package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder goes both ways between this server and Apache ZooKeeper 3.9.5. */
class ApacheDataFolderTest {
    private static final FileTxnSnapLog.PlayBackListener QUIET =
            (header, record, digest) -> assertThat(header).isNotNull();

    @TempDir
    Path path;

    @Test
    void apacheTakesOverOurFolder() throws IOException {
        List<TxnRecord> history = Databases.history(21, 400);
        try (Storage storage = open()) {
            storage.recover(SnapshotStoreTest.NO_PROGRESS);
            append(storage, history.subList(0, 250));
            storage.log().roll();
            storage.snapshots().write(Databases.after(Database.empty(), history.subList(0, 250)));
            append(storage, history.subList(250, 400));
        }
        DataTree tree = new DataTree();
        Map<Long, Integer> sessions = new ConcurrentHashMap<>();
        FileTxnSnapLog apache = new FileTxnSnapLog(path.toFile(), path.toFile());
        assertThat(apache.restore(tree, sessions, QUIET)).isEqualTo(400);
        apache.close();
        assertSame(Databases.after(Database.empty(), history), tree, sessions);
    }

    @Test
    void weTakeOverApachesSnapshotAndApacheOurs() throws IOException {
        List<TxnRecord> history = Databases.history(22, 300);
        try (Storage storage = open()) {
            storage.recover(SnapshotStoreTest.NO_PROGRESS);
            append(storage, history);
        }
        DataTree tree = new DataTree();
        ConcurrentHashMap<Long, Integer> sessions = new ConcurrentHashMap<>();
        FileTxnSnapLog apache = new FileTxnSnapLog(path.toFile(), path.toFile());
        apache.restore(tree, sessions, QUIET);
        apache.save(tree, sessions, true);
        apache.close();
        try (Storage storage = open()) {
            assertThat(storage.snapshots().zxids()).containsExactly(0L, 300L);
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.tail()).as("the snapshot has it all").isEmpty();
            assertThat(recovered.database().difference(Databases.after(Database.empty(), history)))
                    .isNull();
        }
    }

    @Test
    void weTakeOverWhatApachesServerWrote() throws Exception {
        Map<Long, Integer> sessions = new HashMap<>();
        DataTree tree = useApachesServer(sessions);
        try (Storage storage = open()) {
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.notes()).isEmpty();
            assertThat(recovered.lastZxid()).isEqualTo(tree.lastProcessedZxid);
            assertSame(recovered.database(), tree, sessions);
            storage.snapshots().write(recovered.database());
        }
        ZooKeeperServer again = new ZooKeeperServer(path.toFile(), path.toFile(), 2000);
        again.loadData();
        try (Storage storage = open()) {
            assertSame(
                    storage.recover(SnapshotStoreTest.NO_PROGRESS).database(),
                    again.getZKDatabase().getDataTree(),
                    again.getZKDatabase().getSessionWithTimeOuts());
        }
    }

    /** Writes of every kind, refused ones too, over a snapshot that is taken while they go on. */
    private DataTree useApachesServer(Map<Long, Integer> sessions) throws Exception {
        ZooKeeperServer server = new ZooKeeperServer(path.toFile(), path.toFile(), 2000);
        NIOServerCnxnFactory port = new NIOServerCnxnFactory();
        port.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        port.startup(server);
        DataTree tree = server.getZKDatabase().getDataTree();
        try {
            String address = "127.0.0.1:" + port.getLocalPort();
            ZooKeeper leaves = new ZooKeeper(address, 4000, event -> {});
            leaves.create("/leaves", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            leaves.close();
            ZooKeeper stays = new ZooKeeper(address, 4000, event -> {});
            for (int i = 0; i < 200; i++) {
                writeSome(stays, i);
                if (i == 100) {
                    server.takeSnapshot();
                }
            }
            sessions.putAll(server.getZKDatabase().getSessionWithTimeOuts());
            port.shutdown(); // before the client, so that its session and ephemerals stay
            stays.close();
        } finally {
            port.shutdown();
        }
        return tree;
    }

    private static void writeSome(ZooKeeper client, int i) throws InterruptedException, KeeperException {
        byte[] data = ("value " + i).getBytes(StandardCharsets.UTF_8);
        String node = client.create("/n" + i, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(node + "/s-", null, Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        client.create(node + "/e-", data, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
        client.create(node + "/c", data, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER, new Stat());
        client.setData(node, new byte[i], 0);
        client.setACL(node, Ids.OPEN_ACL_UNSAFE, 0);
        client.multi(
                List.of(Op.create(node + "/m", data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT), Op.check(node, 1)));
        client.delete(node + "/m", 0);
        refused(() -> client.create(node, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        refused(() -> client.setData(node, data, 77));
        refused(() -> client.multi(List.of(Op.setData(node, data, -1), Op.check(node, 77))));
    }

    private interface Call {
        Object run() throws KeeperException, InterruptedException;
    }

    private static void refused(Call call) throws InterruptedException {
        try {
            assertThat(call.run()).as("it should have been refused").isNull();
        } catch (KeeperException e) {
            assertThat(e.code()).isNotEqualTo(KeeperException.Code.CONNECTIONLOSS);
        }
    }

    static void assertSame(Database ours, DataTree tree, Map<Long, Integer> sessions) {
        List<String> paths = new ArrayList<>();
        ours.walk((path, length, node) -> {
            String name = length == 0 ? "/" : new String(path, 0, length, StandardCharsets.UTF_8);
            paths.add(name);
            DataNode theirs = tree.getNode(name);
            assertThat(theirs).as(name).isNotNull();
            assertThat(said(theirs)).as(name).isEqualTo(said(node));
            assertThat(tree.getACL(theirs).stream().map(ApacheDataFolderTest::said))
                    .as(name)
                    .containsExactlyElementsOf(node.acl().stream()
                            .map(acl ->
                                    acl.perms() + acl.id().scheme() + acl.id().id())
                            .toList());
            assertThat(theirs.getChildren()).as(name).containsExactlyInAnyOrderElementsOf(node.childNames());
        });
        assertThat(tree.getNodeCount()).as("Apache counts the root twice").isEqualTo(paths.size() + 1);
        Map<Long, Integer> ourSessions = new HashMap<>();
        ours.forEachSession(ourSessions::put);
        assertThat(ourSessions).isEqualTo(sessions);
    }

    private static String said(ACL acl) {
        return acl.getPerms() + acl.getId().getScheme() + acl.getId().getId();
    }

    private static String said(DataNode node) {
        return List.of(
                        node.stat.getCzxid(),
                        node.stat.getMzxid(),
                        node.stat.getCtime(),
                        node.stat.getMtime(),
                        node.stat.getVersion(),
                        node.stat.getCversion(),
                        node.stat.getAversion(),
                        node.stat.getEphemeralOwner(),
                        node.stat.getPzxid(),
                        hex(node.getData()))
                .toString();
    }

    private static String said(Znode node) {
        return List.of(
                        node.czxid(),
                        node.mzxid(),
                        node.ctime(),
                        node.mtime(),
                        node.version(),
                        node.cversion(),
                        node.aversion(),
                        node.ephemeralOwner(),
                        node.pzxid(),
                        hex(node.data()))
                .toString();
    }

    private static String hex(byte[] data) {
        return data == null ? "null" : java.util.HexFormat.of().formatHex(data);
    }

    private Storage open() throws IOException {
        return Storage.open(
                new NodeConfig.Storage(path, path, 1000, 1 << 20, 3, 0, false, NodeConfig.Log.DEFAULT),
                TreeRules.DEFAULT,
                Records.AT_ONCE);
    }

    private static void append(Storage storage, List<TxnRecord> records) throws IOException {
        for (TxnRecord record : records) {
            storage.log().append(record.toBytes(), record.header().zxid());
        }
        storage.log().force();
    }
}
