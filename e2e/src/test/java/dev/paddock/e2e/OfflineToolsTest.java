package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.SnapStream;
import org.apache.zookeeper.server.persistence.SnapStream.StreamMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our tools look into what Apache ZooKeeper 3.9.5 wrote, and Apache's tools into what our server did. */
class OfflineToolsTest {
    private static final int SECONDS_MAX = 60;
    private static final int ROUNDS = 120;

    @TempDir
    Path folder;

    private record Ran(int exitCode, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    @BeforeAll
    static void prepare() throws IOException {
        PaddockUp.prepareOnce();
    }

    @AfterEach
    void asBefore() {
        SnapStream.setStreamMode(StreamMode.DEFAULT_MODE);
    }

    @ParameterizedTest
    @EnumSource(StreamMode.class)
    void ourToolsReadWhatApachesServerWrote(StreamMode mode) throws Exception {
        SnapStream.setStreamMode(mode);
        DataTree tree = useApache();
        Ran verified = paddock("snapshot", "verify", folder.toString());
        assertThat(verified.exitCode()).as(verified.text()).isZero();
        assertThat(verified.lines()).hasSize(2).allMatch(line -> line.startsWith("ok "));
        assertThat(verified.lines().getLast()).contains("snapshot.", mode.getFileExtension() + ":");

        Ran log = paddock("log", "verify", folder.toString());
        assertThat(log.exitCode()).as(log.text()).isZero();
        assertThat(log.text()).contains("0x1 to 0x" + Long.toHexString(tree.lastProcessedZxid) + ": as written");
        Ran dumped = paddock("log", "dump", folder.toString());
        assertThat(dumped.lines()).hasSize((int) tree.lastProcessedZxid);
        assertThat(dumped.text()).contains("createContainer /box", "error -110 NODE_EXISTS", "setData /n7 7 bytes");

        Ran inspected =
                paddock("snapshot", "inspect", "--json", file("snapshot.").toString());
        JsonNode seen = new ObjectMapper().readTree(inspected.text());
        assertThat(seen.path("znodes").asInt()).isGreaterThan(2 * ROUNDS);
        assertThat(seen.path("containers").asInt()).isEqualTo(1);
        Ran exported = paddock("snapshot", "export", file("snapshot.").toString());
        assertThat(exported.lines().stream().filter(line -> line.startsWith("{\"path\"")))
                .hasSize(seen.path("znodes").asInt());

        Ran same = paddock(
                "snapshot",
                "diff",
                files("snapshot.").getFirst() + "@0x" + Long.toHexString(tree.lastProcessedZxid),
                folder.toString());
        assertThat(same.exitCode()).as(same.text()).isZero();
        assertThat(same.text()).contains(tree.getNodeCount() - 1 + " znodes");
    }

    @Test
    void apachesToolsReadWhatOurServerWrote() throws Exception {
        try (Command server = startOurs()) {
            assertThat(server.isRunning()).isTrue();
            write(connected("127.0.0.1:" + port), ROUNDS * 2);
            assertThat(server.handle().destroy()).isTrue();
            assertThat(server.ends(SECONDS_MAX)).isTrue();
        }
        List<Path> snapshots = files("snapshot.");
        assertThat(snapshots).as("snapCount is 200").hasSizeGreaterThan(2);
        long records = 0;
        for (Path log : files("log.")) {
            Ran ran = apache("org.apache.zookeeper.server.persistence.TxnLogToolkit", "-d", log.toString());
            assertThat(ran.exitCode()).as(ran.text()).isZero();
            assertThat(ran.text()).contains("EOF reached after ").doesNotContain("CRC ERROR", "Exception");
            records += Long.parseLong(ran.text().replaceAll("(?s).*EOF reached after (\\d+) txns.*", "$1"));
        }
        assertThat(paddock("log", "dump", folder.toString()).lines()).hasSize((int) records);
        for (Path snapshot : snapshots) {
            Ran ran = apache("org.apache.zookeeper.server.SnapshotFormatter", snapshot.toString());
            assertThat(ran.exitCode()).as(ran.text()).isZero();
            assertThat(ran.text())
                    .contains("ZNode Details (count=", "Last zxid: 0x")
                    .doesNotContain("Exception");
            JsonNode ours = new ObjectMapper()
                    .readTree(paddock("snapshot", "inspect", "--json", snapshot.toString())
                            .text());
            assertThat(ran.text())
                    .as("Apache counts the root twice")
                    .contains("(count=" + (ours.path("znodes").asInt() + 1) + ")");
        }
        Ran compared = apache(
                "org.apache.zookeeper.server.SnapshotComparer",
                "-l",
                snapshots.get(snapshots.size() - 2).toString(),
                "-r",
                snapshots.getLast().toString(),
                "-b",
                "0",
                "-n",
                "0");
        assertThat(compared.exitCode()).as(compared.text()).isZero();
        assertThat(compared.text())
                .contains("Deserialized snapshot in " + snapshots.getLast().getFileName(), "Node count: ")
                .doesNotContain("Exception");
    }

    private DataTree useApache() throws Exception {
        ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), 2000);
        NIOServerCnxnFactory factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        factory.startup(server);
        try {
            ZooKeeper client = connected("127.0.0.1:" + factory.getLocalPort());
            client.create("/box", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER, new Stat());
            writeSome(client, 0, ROUNDS);
            server.takeSnapshot();
            writeSome(client, ROUNDS, ROUNDS + 20);
            client.close();
        } finally {
            factory.shutdown();
        }
        return server.getZKDatabase().getDataTree();
    }

    private int port;

    private Command startOurs() throws IOException {
        port = FreePorts.one();
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder + "\nclientPort=" + port + "\nadmin.enableServer=false\nsnapCount=200\n");
        return Command.start(folder, PaddockUp.ROOT.resolve("paddock").toString(), "node", config.toString());
    }

    private static ZooKeeper connected(String address) throws IOException, InterruptedException {
        var connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(address, 8000, event -> {
            if (event.getState() == KeeperState.SyncConnected) connected.countDown();
        });
        assertThat(connected.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    private static void write(ZooKeeper client, int rounds) throws Exception {
        writeSome(client, 0, rounds);
        client.close();
    }

    private static void writeSome(ZooKeeper client, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            String path = client.create("/n" + i, new byte[i], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.create(path + "/e-", null, Ids.READ_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
            client.setData(path, new byte[i], 0);
            try {
                client.create(path, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            } catch (org.apache.zookeeper.KeeperException.NodeExistsException e) {
                assertThat(e.getPath()).isEqualTo(path);
            }
        }
    }

    private Path file(String prefix) throws IOException {
        return files(prefix).getLast();
    }

    /** Ascending by zxid. */
    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparingLong(OfflineToolsTest::zxid))
                    .toList();
        }
    }

    private static long zxid(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.", -1)[1], 16);
    }

    private Ran paddock(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(PaddockUp.ROOT.resolve("paddock").toString()));
        command.addAll(List.of(words));
        return run(command);
    }

    private Ran apache(String main, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main));
        command.addAll(List.of(words));
        return run(command);
    }

    private Ran run(List<String> command) throws IOException, InterruptedException {
        try (Command running = Command.start(folder, command.toArray(String[]::new))) {
            return new Ran(running.await(SECONDS_MAX), running.lines());
        }
    }
}
