package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.node.members.Members;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that change while clients write, on whole servers in this process, driven by Apache's Java client. */
class ReconfigurationTest {
    private static final String[] KEYS_OF_OBSERVERS = {
        "remote_socket_address",
        "sid",
        "established",
        "queued_packets",
        "queued_packets_size",
        "packets_received",
        "packets_sent",
        "requests",
        "last_zxid"
    };
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private LocalEnsemble ensemble;

    @BeforeEach
    void start() throws Exception {
        ensemble = new LocalEnsemble(folder, 3, "reconfigEnabled=true", "skipACL=yes", "4lw.commands.whitelist=*");
        opened.closing(ensemble);
        ensemble.startAll();
        ensemble.awaitServing();
    }

    private ZooKeeper client(String servers) throws Exception {
        ZooKeeper client = new ZooKeeper(servers, SESSION_MILLIS, event -> {});
        opened.closing(client);
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    private Members reconfigure(@Nullable String joining, @Nullable String leaving) throws Exception {
        return reconfigure(joining, leaving, null);
    }

    /** These are all members there are. */
    private Members become(String... lines) throws Exception {
        return reconfigure(null, null, String.join("\n", lines));
    }

    private Members reconfigure(@Nullable String joining, @Nullable String leaving, @Nullable String all)
            throws Exception {
        var admin = new ZooKeeperAdmin(ensemble.connectString(), SESSION_MILLIS, event -> {});
        opened.closing(admin);
        await().atMost(PATIENCE).until(() -> admin.getState().isConnected());
        byte[] config = admin.reconfigure(joining, leaving, all, -1, new Stat());
        return Members.parse(new String(config, StandardCharsets.UTF_8));
    }

    private void restart(long sid) throws Exception {
        ensemble.stop(sid);
        ensemble.start(sid);
    }

    private void awaitState(long sid, String state) {
        await().atMost(PATIENCE).until(() -> ensemble.state(sid).equals(state));
    }

    /** A client that creates one znode after the other until it is told to stop. */
    private final class Load {
        private final AtomicBoolean on = new AtomicBoolean(true);
        private final AtomicInteger acknowledged = new AtomicInteger(); // znodes /w0, /w1 and so on
        private final ZooKeeper client;
        private final Thread thread;

        Load() throws Exception {
            this(ensemble.connectString());
        }

        Load(String servers) throws Exception {
            client = client(servers);
            thread = Thread.ofPlatform().start(this::write);
        }

        private void write() {
            while (on.get()) {
                if (wrote("/w" + acknowledged.get())) acknowledged.incrementAndGet();
            }
        }

        private boolean wrote(String path) {
            try {
                client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                return true;
            } catch (KeeperException.NodeExistsException e) {
                return true; // it had come through when the connection was lost
            } catch (KeeperException.ConnectionLossException e) {
                return false; // the client looks for another server
            } catch (KeeperException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void awaitMore() {
            int before = acknowledged.get();
            await().atMost(PATIENCE).until(() -> acknowledged.get() > before + 10);
        }

        int stop() throws InterruptedException {
            on.set(false);
            thread.join();
            return acknowledged.get();
        }
    }

    @Test
    void serversJoinAndTheLeaderLeavesUnderLoad() throws Exception {
        var load = new Load();
        ensemble.startJoiner(4);
        awaitState(4, "follower");
        assertThat(reconfigure(ensemble.line(4, "participant"), null).voters()).containsExactly(1, 2, 3, 4);
        long leader = ensemble.leader();
        Members without = reconfigure(null, Long.toString(leader));
        assertThat(without.voters()).hasSize(3).doesNotContain(leader);
        awaitState(leader, "follower"); // it goes on serving, without a vote
        ensemble.stop(leader);
        load.awaitMore();
        int acknowledged = load.stop();
        haveAll(acknowledged, without.voters());
    }

    private void haveAll(int acknowledged, long... sids) throws Exception {
        for (long sid : sids) {
            ZooKeeper client = client(ensemble.connectString(sid));
            client.sync("/", (rc, path, context) -> {}, null);
            for (int i = 0; i < acknowledged; i++) {
                assertThat(client.exists("/w" + i, false))
                        .as("/w%d on server %d", i, sid)
                        .isNotNull();
            }
        }
    }

    @Test
    void theWholeIsReplacedUnderLoad() throws Exception {
        var load = new Load();
        ensemble.startJoiner(4);
        ensemble.startJoiner(5);
        awaitState(5, "follower");
        long leader = ensemble.leader();
        long follower = ensemble.inStates("follower").stream()
                .filter(sid -> sid <= 3)
                .findFirst()
                .orElseThrow();
        Members next = become(
                ensemble.line(follower, "participant"),
                ensemble.line(4, "participant"),
                ensemble.line(5, "participant"),
                ensemble.line(leader, "observer"));
        assertThat(next.voters()).containsExactly(follower, 4, 5);
        awaitState(leader, "observer");
        load.awaitMore();
        for (long sid = 1; sid <= 3; sid++) if (sid != follower) ensemble.stop(sid);
        load.awaitMore();
        haveAll(load.stop(), follower, 4, 5);
    }

    /** Server 1 alone outweighs both others, and no two are a quorum without it. */
    @Test
    void weightsDecideWhoIsAQuorum() throws Exception {
        var load = new Load();
        become(
                ensemble.line(1, "participant"),
                ensemble.line(2, "participant"),
                ensemble.line(3, "participant"),
                "group.1=1:2:3",
                "weight.1=3",
                "weight.2=1",
                "weight.3=1");
        load.awaitMore();
        ensemble.stop(3);
        ensemble.stop(2);
        awaitState(1, "leader");
        load.awaitMore();
        ensemble.start(2);
        ensemble.start(3);
        ensemble.awaitServing();
        ensemble.stop(1);
        awaitState(2, "leaderelection");
        awaitState(3, "leaderelection");
        ensemble.start(1);
        ensemble.awaitServing();
        load.awaitMore();
        haveAll(load.stop(), 1, 2, 3);
    }

    /** More than half of two groups are both: server 1 of the one, server 3 of the other. */
    @Test
    void aQuorumIsOneOfEachGroup() throws Exception {
        var load = new Load();
        String[] members = {
            ensemble.line(1, "participant"), ensemble.line(2, "participant"), ensemble.line(3, "participant")
        };
        String groups = "group.1=1:2\ngroup.2=3\nweight.1=2\nweight.2=1\nweight.3=1";
        Members grouped = become(members[0], members[1], members[2], groups);
        assertThat(grouped.text()).contains("group.1=1:2", "weight.1=2");
        assertThatThrownBy(() -> reconfigure(null, "2")).isInstanceOf(KeeperException.BadArgumentsException.class);
        load.awaitMore();
        ensemble.stop(2);
        load.awaitMore();
        ensemble.start(2);
        ensemble.awaitServing();
        ensemble.stop(3);
        awaitState(1, "leaderelection");
        awaitState(2, "leaderelection");
        ensemble.start(3);
        ensemble.awaitServing();
        load.awaitMore();
        become(members);
        ensemble.stop(1); // now any two are a quorum
        load.awaitMore();
        haveAll(load.stop(), 2, 3);
    }

    @Test
    void anObserverIsAddedPromotedAndRemoved() throws Exception {
        ensemble.startJoiner(4);
        awaitState(4, "follower"); // as Apache's do, until they are members
        restart(4);
        awaitState(4, "follower");
        reconfigure(ensemble.line(4, "observer"), null);
        awaitState(4, "observer");
        long leader = ensemble.leader();
        await().atMost(PATIENCE)
                .until(() -> Words.ask(ensemble.clientPort(leader), "mntr").contains("zk_synced_observers\t1\n"));
        assertThat(Words.ask(ensemble.clientPort(leader), "mntr"))
                .contains("zk_synced_followers\t2\n", "zk_quorum_size\t3\n");
        assertThat(Words.ask(ensemble.clientPort(4), "conf")).contains(ensemble.line(4, "observer"));
        ZooKeeper client = client(ensemble.connectString(4));
        client.create("/through", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        JsonNode observers = Admin.json(ensemble.adminPort(leader), "observers");
        assertThat(observers.get("synced_observers").asInt()).isEqualTo(1);
        JsonNode observer = observers.get("observers").get(0);
        assertThat(observer.properties()).extracting(Map.Entry::getKey).containsExactly(KEYS_OF_OBSERVERS); // Apache's
        assertThat(observer.get("sid").asLong()).isEqualTo(4);
        assertThat(observer.get("requests").asLong()).isPositive();
        reconfigure(ensemble.line(4, "participant"), null);
        awaitState(4, "follower");
        reconfigure(null, "4");
        restart(4);
        awaitState(4, "follower"); // without a vote again
        assertThat(client(ensemble.connectString(4)).exists("/through", false)).isNotNull();
    }

    static boolean isTaken(int port) {
        return isTaken("127.0.0.1", port);
    }

    private static boolean isTaken(String host, int port) {
        try (var socket = new Socket(InetAddress.getByName(host), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theClientPortMovesAndWhoIsConnectedStays() throws Exception {
        for (long sid : new long[] {ensemble.leader(), ensemble.inState("follower")}) {
            int before = ensemble.clientPort(sid);
            var lost = new AtomicInteger();
            var there = new ZooKeeper("127.0.0.1:" + before, SESSION_MILLIS, event -> {
                if (event.getState() == Watcher.Event.KeeperState.Disconnected) lost.incrementAndGet();
            });
            opened.closing(there);
            await().atMost(PATIENCE).until(() -> there.getState().isConnected());
            long leader = ensemble.leader();
            reconfigure(ensemble.moved(sid, true, false), null);
            ZooKeeper newcomer = client(ensemble.connectString(sid));
            await().atMost(PATIENCE).until(() -> !isTaken(before));
            there.create("/from-before" + sid, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            newcomer.sync("/", (rc, path, context) -> {}, null);
            assertThat(newcomer.exists("/from-before" + sid, false)).isNotNull();
            assertThat(lost).hasValue(0);
            assertThat(ensemble.leader()).isEqualTo(leader);
            int now = ensemble.clientPort(sid);
            assertThat(Words.ask(now, "conf")).contains("clientPort=" + now);
            int admin = ensemble.adminPort(sid);
            assertThat(Admin.json(admin, "configuration").get("client_port").asInt())
                    .isEqualTo(now);
            assertThat(Admin.json(admin, "zabstate").get("client_address").asText())
                    .endsWith(":" + now);
        }
    }

    @Test
    void theOthersFindAMemberAtItsNewPorts() throws Exception {
        var load = new Load();
        for (long sid : new long[] {ensemble.inState("follower"), ensemble.leader()}) {
            int electionBefore = ensemble.electionPort(sid);
            boolean led = ensemble.state(sid).equals("leader");
            reconfigure(ensemble.moved(sid, false, true), null);
            await().atMost(PATIENCE).until(() -> !isTaken(electionBefore) && isTaken(ensemble.electionPort(sid)));
            ensemble.awaitServing();
            assertThat(Admin.text(Admin.get(ensemble.adminPort(sid), "/commands/zabstate")))
                    .contains(":" + ensemble.electionPort(sid));
            if (led)
                await().atMost(PATIENCE)
                        .until(() -> ensemble.inStates("leader").stream().anyMatch(each -> each != sid));
            ensemble.awaitServing();
            if (led) assertThat(ensemble.leader()).isNotEqualTo(sid); // as Apache's: it is to be dialled elsewhere
        }
        load.awaitMore();
        long leader = allStartAnew(load);
        int acknowledged = load.stop();
        ZooKeeper reader = client(ensemble.connectString(leader));
        reader.sync("/", (rc, path, context) -> {}, null);
        for (int i = 0; i < acknowledged; i++) {
            assertThat(reader.exists("/w" + i, false)).as("/w%d", i).isNotNull();
        }
    }

    /** One after the other, the leader for longest; each finds in its files where it is now. Returns who led. */
    private long allStartAnew(Load load) throws Exception {
        long leader = ensemble.leader();
        ensemble.stop(leader);
        await().atMost(PATIENCE).until(() -> !ensemble.inStates("leader").isEmpty());
        load.awaitMore();
        for (long sid : ensemble.inStates("follower")) restart(sid);
        ensemble.start(leader);
        ensemble.awaitServing();
        load.awaitMore();
        return leader;
    }

    /** Its file says where it was, and the others dial it where it is to be, whether they are to dial it for votes or it them. */
    @ParameterizedTest(name = "server {0}")
    @ValueSource(longs = {1, 3})
    void aMemberThatIsMovedWhileItIsDownComesBack(long sid) throws Exception {
        ensemble.stop(sid);
        ensemble.awaitServing();
        reconfigure(ensemble.moved(sid, false, true), null);
        ensemble.start(sid);
        ensemble.awaitServing();
        await().atMost(PATIENCE).until(() -> isTaken(ensemble.electionPort(sid)));
    }

    @Test
    void theOthersFindAMemberAtItsNewHost() throws Exception {
        String another = "127.0.0.2";
        String before = ensemble.connectString();
        var load = new Load(before + "," + before.replace("127.0.0.1", another));
        for (long sid : new long[] {ensemble.inState("follower"), ensemble.leader()}) {
            reconfigure(ensemble.moved(sid, another, another), null);
            for (int port : new int[] {ensemble.electionPort(sid), ensemble.clientPort(sid)}) {
                await().atMost(PATIENCE).until(() -> isTaken(another, port) && !isTaken(port));
            }
            ensemble.awaitServing();
            load.awaitMore();
        }
        allStartAnew(load);
        haveAll(load.stop(), 1, 2, 3);
    }

    @Test
    void theNextStartFindsTheMembersInFiles() throws Exception {
        ensemble.startJoiner(4);
        awaitState(4, "follower");
        Members now = reconfigure(ensemble.line(4, "participant"), null);
        String version = Long.toHexString(now.version());
        for (long sid = 1; sid <= 4; sid++) {
            Path config = ensemble.config(sid);
            Path dynamic = folder.resolve(config.getFileName() + ".dynamic." + version);
            await().atMost(PATIENCE).until(() -> Files.readString(config).contains("dynamicConfigFile=" + dynamic));
            assertThat(Files.readString(dynamic)).contains(ensemble.line(4, "participant"));
            assertThat(Files.readString(folder.resolve(config.getFileName() + ".bak")))
                    .contains("server.1=");
        }
        for (long sid = 1; sid <= 4; sid++) ensemble.stop(sid);
        for (long sid : new long[] {2, 3, 4}) ensemble.start(sid);
        ensemble.awaitServing();
        ZooKeeper client = client(ensemble.connectString(4));
        assertThat(new String(client.getConfig(false, new Stat()), StandardCharsets.UTF_8))
                .isEqualTo(now.text());
    }
}
