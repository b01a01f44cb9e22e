package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our tools look into what Apache ZooKeeper 3.9.5 wrote, and Apache's tools into what our server did. */
class OfflineToolsTest {
    private static final int SECONDS_MAX = 60;
    private static final int ROUNDS = 120;
    private static final String EXTENDED = "zookeeper.extendedTypesEnabled";

    private static final String FORMATTER = "org.apache.zookeeper.server.SnapshotFormatter";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

    @TempDir
    Path folder;

    /**
     * What Apache's server did.
     *
     * @param tree       at the end
     * @param atSnapshot what it held when it took the newer of its snapshots
     * @param mortal     of the znode with a time to live
     * @param before     the zxid before some changes
     * @param after      the last of them
     */
    private record Apache(
            DataTree tree, List<JsonNode> atSnapshot, long session, Stat mortal, long before, long after) {}

    @BeforeAll
    static void prepare() throws IOException {
        PaddockUp.prepareOnce();
    }

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
    void ourToolsReadWhatApachesServerWrote(StreamMode mode) throws Exception {
        SnapStream.setStreamMode(mode);
        Apache apache = useApache();
        Ran verified = paddock("snapshot", "verify", folder.toString()).well();
        assertThat(verified.lines()).hasSize(2).allMatch(line -> line.startsWith("ok "));
        assertThat(verified.lines().getLast()).contains("snapshot.", mode.getFileExtension() + ":");

        logIsWhatItWrote(apache.tree);
        oneTransactionIsWhatItWrote(apache);
        snapshotIsWhatItHeld(apache.atSnapshot);
        differencesAreWhatItChanged(apache.before, apache.after);
        String end = snapshots().getFirst() + "@" + hex(apache.tree.lastProcessedZxid);
        Ran same = paddock("snapshot", "diff", end, folder.toString()).well();
        assertThat(same.text()).contains(apache.tree.getNodeCount() - 1 + " znodes");
    }

    private void logIsWhatItWrote(DataTree tree) throws Exception {
        Ran log = paddock("log", "verify", folder.toString()).well();
        assertThat(log.text()).contains("0x1 to " + hex(tree.lastProcessedZxid) + ": as written");
        Ran dumped = paddock("log", "dump", folder.toString()).well();
        assertThat(dumped.lines()).hasSize((int) tree.lastProcessedZxid);
        assertThat(dumped.text())
                .contains("createContainer /box 8 bytes", "error -110 NODE_EXISTS", "setData /n7 7 bytes")
                .contains("createTTL /mortal 4 bytes ttl " + ZnodeKinds.TTL_MILLIS + " ms");
    }

    private void oneTransactionIsWhatItWrote(Apache apache) throws Exception {
        Ran created = at(apache.mortal.getCzxid()).well();
        assertThat(created.lines())
                .containsSubsequence(
                        "zxid        " + hex(apache.mortal.getCzxid()),
                        "time        " + time(apache.mortal.getCtime()),
                        "session     " + hex(apache.session),
                        "type        createTTL",
                        "path        /mortal",
                        "data        4 bytes \"soon\"",
                        "acl         world:anyone:r",
                        "ttl         " + ZnodeKinds.TTL_MILLIS + " ms");
        long last = apache.tree.lastProcessedZxid;
        assertThat(at(last).well().lines())
                .contains("type        closeSession", "ephemeral   /n0/e-0000000000")
                .last()
                .isEqualTo("digest      " + apache.tree.getTreeDigest() + " (version 2, of the tree after it)");
        Ran none = at(last + 1);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.text()).contains("has no transaction " + hex(last + 1));
    }

    private void snapshotIsWhatItHeld(List<JsonNode> held) throws Exception {
        String snapshot = snapshots().getLast().toString();
        JsonNode seen =
                paddock("snapshot", "inspect", "--json", snapshot).well().json();
        assertThat(seen.path("znodes").asInt()).isGreaterThan(2 * ROUNDS);
        assertThat(seen.path("containers").asInt()).isEqualTo(1);
        assertThat(seen.path("ttls").asInt()).isEqualTo(1);
        assertThat(seen.path("ephemerals").asInt()).isEqualTo(ROUNDS);
        assertThat(exported(snapshot)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(held)
                .hasSize(seen.path("znodes").asInt() + seen.path("sessions").asInt());
    }

    private void differencesAreWhatItChanged(long before, long after) throws Exception {
        String one = folder + "@" + hex(before);
        String other = folder + "@" + hex(after);
        Ran content = paddock("snapshot", "diff", "--content", one, other);
        assertThat(content.exitCode()).isEqualTo(1);
        assertThat(content.lines().subList(2, content.lines().size()))
                .containsExactlyInAnyOrder(
                        "+ /list/new 5 bytes",
                        "- /list/old 3 bytes",
                        "~ /list/set: data 5 bytes -> 6 bytes",
                        "~ /list/shared: acl ip:127.0.0.1:cdrwa,ip:10.0.0.0/8:rw,world:anyone:r -> world:anyone:r",
                        "1 added, 1 removed, 2 changed");
        Ran all = paddock("snapshot", "diff", one, other);
        assertThat(all.exitCode()).isEqualTo(1);
        assertThat(all.text())
                .contains("~ /list: cversion 3 -> 4, pzxid 0x5 -> " + hex(before + 2) + "\n")
                .contains("data 5 bytes -> 6 bytes, version 0 -> 1, mzxid 0x4 -> " + hex(before + 3) + ", mtime ")
                .contains("-> world:anyone:r, aversion 0 -> 1\n", "\n1 added, 1 removed, 3 changed");
    }

    @Test
    void apachesToolsReadWhatOurServerWrote() throws Exception {
        try (Command server = startOurs()) {
            assertThat(server.isRunning()).isTrue();
            ZooKeeper client = connected("127.0.0.1:" + port);
            new ZnodeKinds(client).create();
            writeSome(client, 0, ROUNDS * 2);
            client.close();
            assertThat(server.handle().destroy()).isTrue();
            assertThat(server.ends(SECONDS_MAX)).isTrue();
        }
        assertThat(snapshots()).as("snapCount is 200").hasSizeGreaterThan(2);
        logsAreRead();
        for (Path snapshot : snapshots()) snapshotIsRead(snapshot);
        snapshotIsShownWhole(snapshots().getLast().toString());
        differencesAreSeen(
                snapshots().get(snapshots().size() - 2).toString(), snapshots().getLast());
    }

    private void logsAreRead() throws Exception {
        var text = new StringBuilder();
        long records = 0;
        for (Path log : new DataFolder(folder).logs()) {
            Ran ran = apache("org.apache.zookeeper.server.persistence.TxnLogToolkit", "-d", log.toString())
                    .well();
            assertThat(ran.text()).contains("EOF reached after ").doesNotContain("CRC ERROR", "Exception");
            records += Long.parseLong(ran.text().replaceAll("(?s).*EOF reached after (\\d+) txns.*", "$1"));
            text.append(ran.text()).append('\n');
        }
        assertThat(paddock("log", "dump", folder.toString()).well().lines()).hasSize((int) records);
        assertThat(text)
                .containsPattern(
                        "(?s) createContainer /box,for some,\\[31,s\\{'ip,'127.0.0.1}\\s*, 3,s\\{'ip,'10.0.0.0/8}")
                .containsPattern(
                        "(?s) createTTL /mortal,soon,\\[1,s\\{'world,'anyone}\\s*],\\d+," + ZnodeKinds.TTL_MILLIS)
                .contains(" create /zookeeper/quota/limited/zookeeper_limits,count=1000");
    }

    private void snapshotIsRead(Path snapshot) throws Exception {
        Ran ran = apache(FORMATTER, snapshot.toString()).well();
        assertThat(ran.text())
                .contains("ZNode Details (count=", "Last zxid: 0x")
                .doesNotContain("Exception");
        JsonNode ours = paddock("snapshot", "inspect", "--json", snapshot.toString())
                .well()
                .json();
        assertThat(ran.text())
                .as("Apache counts the root twice")
                .contains("(count=" + (ours.path("znodes").asInt() + 1) + ")");
    }

    private void snapshotIsShownWhole(String snapshot) throws Exception {
        List<JsonNode> znodes =
                exported(snapshot).stream().filter(line -> line.has("path")).toList();
        assertThat(znodes).extracting(znode -> znode.path("kind").asText()).contains("container", "ttl", "ephemeral");
        String shown = apache(FORMATTER, "-d", snapshot).well().text();
        for (JsonNode znode : znodes) assertThat(shown).contains("----\n" + ApacheTree.formatted(znode));
        JsonNode listed = apache(FORMATTER, "-json", snapshot).well().json();
        assertThat(listed.findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(
                        znodes.stream().map(OfflineToolsTest::name).toList());
    }

    private static String name(JsonNode znode) {
        String path = znode.path("path").asText();
        return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
    }

    /** Apache's comparison and ours name the same znodes. */
    private void differencesAreSeen(String one, Path other) throws Exception {
        Ran compared = apache(
                        "org.apache.zookeeper.server.SnapshotComparer",
                        "-l",
                        one,
                        "-r",
                        other.toString(),
                        "-b",
                        "-1",
                        "-n",
                        "-1")
                .well();
        assertThat(compared.text())
                .contains("Deserialized snapshot in " + other.getFileName(), "Node count: ")
                .doesNotContain("Exception");
        Ran ours = paddock("snapshot", "diff", "--content", one, other.toString());
        assertThat(ours.exitCode()).isEqualTo(1);
        List<String> added = named(compared, "Node (\\S+) found only in right tree.*");
        assertThat(added)
                .anyMatch(path -> path.matches("/n\\d+"))
                .containsExactlyInAnyOrderElementsOf(named(ours, "\\+ (\\S+) .*"));
        assertThat(named(compared, "Node (\\S+) found only in left tree.*"))
                .containsExactlyInAnyOrderElementsOf(named(ours, "- (\\S+) .*"));
    }

    private static List<String> named(Ran ran, String pattern) {
        return ran.lines().stream()
                .filter(line -> line.matches(pattern))
                .map(line -> line.replaceAll(pattern, "$1"))
                .toList();
    }

    private Apache useApache() throws Exception {
        ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), 2000);
        NIOServerCnxnFactory factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        factory.startup(server);
        try {
            ZooKeeper client = connected("127.0.0.1:" + factory.getLocalPort());
            DataTree tree = server.getZKDatabase().getDataTree();
            var kinds = new ZnodeKinds(client);
            Stat mortal = kinds.create();
            writeSome(client, 0, ROUNDS);
            server.takeSnapshot();
            List<JsonNode> held = ApacheTree.exported(server.getZKDatabase());
            writeSome(client, ROUNDS, ROUNDS + 20);
            long before = tree.lastProcessedZxid;
            kinds.change();
            long after = tree.lastProcessedZxid;
            client.close();
            return new Apache(tree, held, client.getSessionId(), mortal, before, after);
        } finally {
            factory.shutdown();
        }
    }

    private int port;

    private Command startOurs() throws IOException {
        port = FreePorts.one();
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder + "\nclientPort=" + port + "\nadmin.enableServer=false\nsnapCount=200\n"
                        + "extendedTypesEnabled=true\n");
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

    private List<Path> snapshots() throws IOException {
        return new DataFolder(folder).snapshots();
    }

    private List<JsonNode> exported(String snapshot) throws IOException, InterruptedException {
        return ApacheTree.parsed(paddock("snapshot", "export", snapshot).well().lines());
    }

    private Ran at(long zxid) throws IOException, InterruptedException {
        return paddock("log", "at", hex(zxid), folder.toString());
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).format(TIME);
    }

    private Ran paddock(String... words) throws IOException, InterruptedException {
        return Ran.paddock(folder, words);
    }

    private Ran apache(String main, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-D" + EXTENDED + "=true",
                "-Duser.timezone=UTC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main));
        command.addAll(List.of(words));
        return Ran.command(folder, command);
    }
}
