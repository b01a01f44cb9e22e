package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.SnapStream;
import org.apache.zookeeper.server.persistence.SnapStream.StreamMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers, TTL znodes, quotas, ACLs and compressed snapshots go both ways between this server and Apache's 3.9.5. */
class ApacheFeaturesTest {
    private static final String EXTENDED = "zookeeper.extendedTypesEnabled";
    private static final byte[] DATA = "some data".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path path;

    @BeforeEach
    void withTtls() {
        System.setProperty(EXTENDED, "true");
    }

    @AfterEach
    void asBefore() {
        System.clearProperty(EXTENDED);
        SnapStream.setStreamMode(StreamMode.DEFAULT_MODE);
    }

    @ParameterizedTest
    @EnumSource(StreamMode.class)
    void weStartOnApachesFolder(StreamMode mode) throws Exception {
        SnapStream.setStreamMode(mode);
        ZooKeeperServer apache = useApachesServer();
        assertThat(names("snapshot.")).hasSize(2).allMatch(name -> name.endsWith(mode.getFileExtension()));
        removeAllButTheLast("snapshot.");
        try (Storage storage = open()) {
            Recovered recovered = storage.recover(SnapshotStoreTest.NO_PROGRESS);
            assertThat(recovered.notes()).isEmpty();
            assertThat(recovered.digests().mismatches()).isZero();
            assertThat(recovered.database().containers()).containsExactly("/box", "/later-box");
            assertThat(recovered.database().ttlZnodes()).containsExactly("/later-ttl", "/ttl");
            same(recovered.database(), apache);
        }
    }

    /** We go on where Apache stopped, then Apache where we did: with our log alone, and with our snapshot. */
    @ParameterizedTest
    @EnumSource(StreamMode.class)
    void apacheStartsOnOurs(StreamMode mode) throws Exception {
        SnapStream.setStreamMode(mode);
        assertThat(useApachesServer()).isNotNull();
        Database database;
        try (Storage storage = open()) {
            database = storage.recover(SnapshotStoreTest.NO_PROGRESS).database();
            for (TxnRecord record : ours(database.lastZxid())) {
                storage.log().append(record.toBytes(), record.header().zxid());
                database = database.apply(record).after();
            }
            storage.log().force();
        }
        same(database, loadedByApache());
        try (Storage storage = open()) {
            storage.snapshots()
                    .write(storage.recover(SnapshotStoreTest.NO_PROGRESS).database());
        }
        removeAllButTheLast("snapshot.");
        same(database, loadedByApache());
    }

    private static List<TxnRecord> ours(long zxid) {
        List<Acl> acl = List.of(new Acl(3, new Id("ip", "10.0.0.0/8")), new Acl(31, new Id("digest", "eve:x")));
        List<Txn> txns = List.of(
                new Txn.CreateContainer("/our-box", DATA, acl, -1),
                new Txn.CreateTtl("/our-ttl", DATA, Acl.OPEN_UNSAFE, -1, 777_777),
                new Txn.Create2("/app-ours", DATA, acl, false, -1),
                new Txn.SetData("/app-ours", null, 1),
                new Txn.Multi(List.of(
                        new Txn.Create("/app-ours/x", null, Acl.OPEN_UNSAFE, false, -1),
                        new Txn.Check("/app-ours", 1))),
                new Txn.Error(-110),
                new Txn.SetAcl("/app-ours", Acl.READ_UNSAFE, 1));
        List<TxnRecord> records = new ArrayList<>();
        for (Txn txn : txns) {
            long next = zxid + records.size() + 1;
            records.add(new TxnRecord(new TxnHeader(0x77, 1, next, 1_700_000_000_000L + next, txn.type()), txn));
        }
        return records;
    }

    private ZooKeeperServer useApachesServer() throws Exception {
        ZooKeeperServer server = new ZooKeeperServer(path.toFile(), path.toFile(), 2000);
        NIOServerCnxnFactory port = new NIOServerCnxnFactory();
        port.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        port.startup(server);
        try {
            ZooKeeper client = new ZooKeeper("127.0.0.1:" + port.getLocalPort(), 8000, event -> {});
            write(client, "");
            server.takeSnapshot();
            write(client, "later-");
            port.shutdown(); // before the client, so that its session and ephemerals stay
            client.close();
        } finally {
            port.shutdown();
        }
        return server;
    }

    private static void write(ZooKeeper client, String prefix) throws Exception {
        Stat stat = new Stat();
        List<ACL> acl = Arrays.asList( // the client looks for a null, which List.of does not bear
                new ACL(31, new org.apache.zookeeper.data.Id("digest", prefix + "bob:x")),
                Ids.READ_ACL_UNSAFE.getFirst());
        client.create("/" + prefix + "box", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER, stat);
        client.create("/" + prefix + "ttl", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, stat, 600_000);
        client.create("/" + prefix + "eph", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create("/" + prefix + "app", DATA, acl, CreateMode.PERSISTENT);
        String quota = "/zookeeper/quota/" + prefix + "app";
        client.create(quota, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_limits",
                "count=5,bytes=1000".getBytes(StandardCharsets.US_ASCII),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_stats",
                "count=1,bytes=9".getBytes(StandardCharsets.US_ASCII),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT);
        for (int i = 0; i < 40; i++) {
            client.create("/" + prefix + "n" + i, new byte[1000 * i], Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
    }

    private ZooKeeperServer loadedByApache() throws Exception {
        ZooKeeperServer server = new ZooKeeperServer(path.toFile(), path.toFile(), 2000);
        server.loadData();
        return server;
    }

    private static void same(Database ours, ZooKeeperServer apache) {
        ApacheDataFolderTest.assertSame(
                ours,
                apache.getZKDatabase().getDataTree(),
                apache.getZKDatabase().getSessionWithTimeOuts());
    }

    private void removeAllButTheLast(String prefix) throws IOException {
        List<String> names = names(prefix);
        for (String name : names.subList(0, names.size() - 1))
            Files.delete(path.resolve("version-2").resolve(name));
    }

    /** Ascending by zxid. */
    private List<String> names(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("version-2"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted(Comparator.comparingLong(name -> Long.parseLong(name.split("\\.", -1)[1], 16)))
                    .toList();
        }
    }

    private Storage open() throws IOException {
        return Storage.open(
                new NodeConfig.Storage(path, path, 1000, 1 << 20, 3, 0, false, NodeConfig.Log.DEFAULT),
                TreeRules.EXTENDED,
                Records.AT_ONCE);
    }
}
