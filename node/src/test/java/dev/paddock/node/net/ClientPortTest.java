package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.front.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client port as Apache's own Java client meets it. */
class ClientPortTest {
    private static final int SESSION_MILLIS = 30_000;

    private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    private TestServer server;
    private ZooKeeper zk;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        zk = connect();
    }

    @AfterEach
    void stop() throws Exception {
        zk.close();
        server.close();
    }

    private ZooKeeper connect() throws Exception {
        return connect(server);
    }

    private static ZooKeeper connect(TestServer server) throws Exception {
        var connected = new CountDownLatch(1);
        var client = new ZooKeeper(server.connectString(), SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected && event.getType() == EventType.None) {
                connected.countDown();
            }
        });
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    @Test
    void whatOneClientWasToldNoOtherIsBehindOf() throws Exception {
        try (var four = new TestServer(config -> TestServer.with(config, 4))) {
            List<ZooKeeper> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) clients.add(connect(four)); // on each loop two
            ZooKeeper writer = clients.getFirst();
            writer.create("/a", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            List<String> behind = new ArrayList<>();
            for (int round = 1; round <= 500; round++) {
                writer.setData("/a", null, -1);
                for (ZooKeeper reader : clients) {
                    int version = reader.exists("/a", false).getVersion();
                    if (version != round) behind.add("after write " + round + " version " + version);
                }
            }
            assertThat(behind).isEmpty();
            for (ZooKeeper client : clients) client.close();
        }
    }

    @Test
    void znodesAreCreatedReadChangedAndDeleted() throws Exception {
        assertThat(zk.create("/a", "x".getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isEqualTo("/a");
        assertThat(zk.create("/a/s-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL))
                .isEqualTo("/a/s-0000000000");
        var stat = new Stat();
        assertThat(zk.getData("/a", false, stat)).isEqualTo("x".getBytes(UTF_8));
        assertThat(stat.getNumChildren()).isEqualTo(1);
        assertThat(zk.getData("/a/s-0000000000", false, stat)).isNull();
        assertThat(stat.getEphemeralOwner()).isEqualTo(zk.getSessionId());
        assertThat(zk.getChildren("/a", false)).containsExactly("s-0000000000");
        assertThat(zk.setData("/a", new byte[0], 0).getVersion()).isEqualTo(1);
        assertThatThrownBy(() -> zk.setData("/a", new byte[0], 0))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() -> zk.delete("/a", -1)).isInstanceOf(KeeperException.NotEmptyException.class);
        assertThat(zk.exists("/b", false)).isNull();
        zk.sync("/", (rc, path, context) -> {}, null);
    }

    @Test
    void aMultiIsAllOrNothing() throws Exception {
        var results = zk.multi(List.of(
                Op.create("/m", new byte[1], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData("/m", new byte[2], 0),
                Op.check("/m", 1)));
        assertThat(results).hasSize(3);
        assertThatThrownBy(() -> zk.multi(List.of(Op.delete("/m", -1), Op.delete("/nowhere", -1))))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThat(zk.exists("/m", false)).isNotNull();
        assertThat(zk.multi(List.of(Op.getData("/m"), Op.getChildren("/")))).hasSize(2);
    }

    @Test
    void manyRequestsInFlightAreAnsweredInOrder() throws Exception {
        int count = 5_000;
        List<Integer> answered = new ArrayList<>();
        var done = new CountDownLatch(2 * count);
        zk.create("/n", "0".getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < count; i++) {
            int version = i;
            zk.setData(
                    "/n",
                    Integer.toString(i + 1).getBytes(UTF_8),
                    version,
                    (rc, path, context, stat) -> done.countDown(),
                    null);
            zk.getData(
                    "/n",
                    false,
                    (rc, path, context, data, stat) -> {
                        answered.add(Integer.valueOf(new String(data, UTF_8)));
                        done.countDown();
                    },
                    null);
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(answered).hasSize(count).isSorted().doesNotHaveDuplicates().endsWith(count);
    }

    @Test
    void watchesFireForTheWritesOfOthers() throws Exception {
        ZooKeeper other = connect();
        assertThat(zk.exists("/w", this::happened)).isNull();
        other.create("/w", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        assertThat(next()).isEqualTo(EventType.NodeCreated);
        zk.getData("/w", this::happened, null);
        zk.getChildren("/", this::happened);
        other.close(); // its ephemeral goes with it
        assertThat(List.of(next(), next())).containsExactly(EventType.NodeDeleted, EventType.NodeChildrenChanged);
    }

    private void happened(WatchedEvent event) {
        if (event.getType() != EventType.None) {
            events.add(event);
        }
    }

    private EventType next() throws InterruptedException {
        WatchedEvent event = events.poll(20, TimeUnit.SECONDS);
        return event == null ? EventType.None : event.getType();
    }

    @Test
    void aSessionComesBackWithItsWatches() throws Exception {
        zk.create("/e", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        zk.create("/d", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        zk.getData("/d", this::happened, null);
        zk.exists("/later", this::happened);
        server.port.deliverAll(List.of(new Delivery.NotServing(false))); // closes every connection
        await().until(() -> zk.getState() != ZooKeeper.States.CONNECTED);
        long session = zk.getSessionId();
        server.core.serve(server.port);
        await().atMost(Duration.ofSeconds(20)).until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
        assertThat(zk.getSessionId()).isEqualTo(session);
        ZooKeeper other = connect();
        assertThat(other.exists("/e", false).getEphemeralOwner()).isEqualTo(session);
        other.setData("/d", new byte[1], -1);
        other.create("/later", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(List.of(next(), next())).containsExactly(EventType.NodeDataChanged, EventType.NodeCreated);
        other.close();
    }

    @Test
    void aSessionMovesToTheConnectionThatComesLast() throws Exception {
        var thief = new ZooKeeper(
                server.connectString(), SESSION_MILLIS, event -> {}, zk.getSessionId(), zk.getSessionPasswd());
        await().until(() -> thief.getState() == ZooKeeper.States.CONNECTED);
        assertThat(thief.getSessionId()).isEqualTo(zk.getSessionId());
        thief.close(); // and with it the session
        await().atMost(Duration.ofSeconds(20)).until(() -> zk.getState() == ZooKeeper.States.CLOSED);
    }

    @Test
    void aWrongPasswordEndsTheClient() throws Exception {
        byte[] wrong = zk.getSessionPasswd().clone();
        wrong[3] ^= 1;
        var thief = new ZooKeeper(server.connectString(), SESSION_MILLIS, event -> {}, zk.getSessionId(), wrong);
        await().atMost(Duration.ofSeconds(20)).until(() -> thief.getState() == ZooKeeper.States.CLOSED);
        assertThat(zk.exists("/", false)).isNotNull();
    }

    @Test
    void digestsKeepOthersOut() throws Exception {
        zk.addAuthInfo("digest", "me:secret".getBytes(UTF_8));
        zk.create("/mine", null, ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        ZooKeeper other = connect();
        assertThatThrownBy(() -> other.getData("/mine", false, null))
                .isInstanceOf(KeeperException.NoAuthException.class);
        other.addAuthInfo("digest", "me:secret".getBytes(UTF_8));
        assertThat(other.getData("/mine", false, null)).isNull();
        assertThat(other.getACL("/mine", null)).hasSize(1);
        other.close();
    }

    @Test
    void largeAnswersArriveWhole() throws Exception {
        byte[] large = new byte[900_000];
        java.util.Arrays.fill(large, (byte) 7);
        zk.create("/large", large, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        var done = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            zk.getData(
                    "/large",
                    false,
                    (rc, path, context, data, stat) -> {
                        if (data != null && data.length == large.length) {
                            done.countDown();
                        }
                    },
                    null);
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void clientsWaitUntilTheServerServes() {
        server.core.stopServing();
        await().atMost(Duration.ofSeconds(20)).until(() -> zk.getState() == ZooKeeper.States.CONNECTING);
        server.core.serve(server.port);
        await().atMost(Duration.ofSeconds(20)).until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
    }
}
