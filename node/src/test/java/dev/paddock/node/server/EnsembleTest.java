package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers in this process, with real ports and files, driven by Apache's Java client. */
class EnsembleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private LocalEnsemble ensemble(int servers, String... settings) throws Exception {
        LocalEnsemble ensemble = new LocalEnsemble(folder, servers, settings);
        opened.closing(ensemble);
        ensemble.startAll();
        ensemble.awaitServing();
        return ensemble;
    }

    private ZooKeeper client(String connectString, BlockingQueue<WatchedEvent> events) throws Exception {
        ZooKeeper client = new ZooKeeper(connectString, SESSION_MILLIS, events::add);
        opened.closing(client);
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    private ZooKeeper client(String connectString) throws Exception {
        return client(connectString, new LinkedBlockingQueue<>());
    }

    private static void create(ZooKeeper client, String path, CreateMode mode) throws Exception {
        client.create(path, new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    @Test
    void requestsAreAsLongAsTheConfigurationSays() throws Exception {
        LocalEnsemble ensemble = ensemble(1, "jute.maxbuffer=3000000");
        ZooKeeper client = client(ensemble.connectString(1));
        byte[] data = new byte[2_000_000];
        client.create("/big", data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(client.exists("/big", false).getDataLength()).isEqualTo(data.length);
    }

    @Test
    void standaloneKeepsWhatItAcknowledged() throws Exception {
        LocalEnsemble one = ensemble(1);
        ZooKeeper client = client(one.connectString());
        for (int i = 0; i < 50; i++) create(client, "/n" + i, CreateMode.PERSISTENT);
        one.stop(1);
        one.start(1);
        one.awaitServing();
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        assertThat(client.getChildren("/", false)).hasSize(51).contains("n0", "n49");
    }

    @Test
    void everyMemberServesWhatOneAcknowledged() throws Exception {
        LocalEnsemble three = ensemble(3);
        ZooKeeper writer = client(three.connectString(1));
        for (int i = 0; i < 20; i++) create(writer, "/w" + i, CreateMode.PERSISTENT);
        for (long sid = 1; sid <= 3; sid++) {
            ZooKeeper reader = client(three.connectString(sid));
            reader.sync("/", (rc, path, ctx) -> {}, null);
            assertThat(reader.getChildren("/", false)).contains("w0", "w19");
        }
    }

    @Test
    void watchFiresAcrossMembers() throws Exception {
        LocalEnsemble three = ensemble(3);
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        ZooKeeper watcher = client(three.connectString(1), events);
        ZooKeeper changer = client(three.connectString(2));
        create(changer, "/test", CreateMode.EPHEMERAL);
        watcher.sync("/test", (rc, path, ctx) -> {}, null);
        assertThat(watcher.exists("/test", true)).isNotNull();
        events.clear();
        changer.delete("/test", -1);
        WatchedEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.getType()).isEqualTo(EventType.NodeDeleted);
        assertThat(event.getPath()).isEqualTo("/test");
    }

    @Test
    void sessionsAndWritesSurviveTheLeader() throws Exception {
        LocalEnsemble three = ensemble(3);
        ZooKeeper client = client(three.connectString());
        long session = client.getSessionId();
        create(client, "/mine", CreateMode.EPHEMERAL);
        List<String> acknowledged = new ArrayList<>();
        long leader = three.leader();
        for (int i = 0; i < 200; i++) {
            if (i == 100) three.stop(leader);
            try {
                create(client, "/k" + i, CreateMode.PERSISTENT);
                acknowledged.add("k" + i);
            } catch (KeeperException.ConnectionLossException e) {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            }
        }
        three.start(leader);
        three.awaitServing();
        assertThat(client.getSessionId()).isEqualTo(session);
        for (long sid = 1; sid <= 3; sid++) {
            ZooKeeper reader = client(three.connectString(sid));
            reader.sync("/", (rc, path, ctx) -> {}, null);
            assertThat(reader.getChildren("/", false)).containsAll(acknowledged).contains("mine");
        }
        assertThat(acknowledged).hasSizeGreaterThan(190);
    }

    @Test
    void ephemeralsGoWithTheirSession() throws Exception {
        LocalEnsemble three = ensemble(3);
        ZooKeeper owner = client(three.connectString(1));
        ZooKeeper other = client(three.connectString(3));
        create(owner, "/eph", CreateMode.EPHEMERAL);
        owner.close();
        await().atMost(PATIENCE).until(() -> other.exists("/eph", false) == null);
    }

    @Test
    void memberThatMissedMuchGetsASnapshot() throws Exception {
        LocalEnsemble three = ensemble(3);
        long absent = three.leader() == 1 ? 2 : 1;
        three.stop(absent);
        ZooKeeper client = client(three.connectString());
        List<java.util.concurrent.CountDownLatch> done = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) { // more than the leader keeps in memory
            var latch = new java.util.concurrent.CountDownLatch(1);
            done.add(latch);
            client.create(
                    "/s" + i,
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (rc, path, ctx, name) -> latch.countDown(),
                    null);
        }
        for (var latch : done) assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        three.start(absent);
        three.awaitServing();
        ZooKeeper reader = client(three.connectString(absent));
        assertThat(reader.getChildren("/", false)).hasSize(12_001);
        three.stop(absent);
        three.start(absent); // what it took over is on its own disk
        three.awaitServing();
        await().atMost(PATIENCE).until(() -> reader.getState().isConnected());
        assertThat(reader.getChildren("/", false)).hasSize(12_001);
    }
}
