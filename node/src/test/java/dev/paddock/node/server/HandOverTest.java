package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leader of three leaves, or is asked to hand over, while clients of all three write. */
class HandOverTest {
    private static final Logger LOG = LoggerFactory.getLogger(HandOverTest.class);
    private static final int WRITERS = 6;
    private static final int SESSIONS = 300;
    private static final int SESSION_MILLIS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentSkipListSet<Long> acknowledgedNanos = new ConcurrentSkipListSet<>();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<ZooKeeper> clients = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private LocalEnsemble ensemble;

    @BeforeEach
    void start() throws Exception {
        ensemble = new LocalEnsemble(folder, 3, "maxClientCnxns=0");
        ensemble.startAll();
        ensemble.awaitServing();
        for (int i = 0; i < WRITERS; i++) {
            var client = new ZooKeeper(ensemble.connectString(), SESSION_MILLIS, event -> {});
            clients.add(client);
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            client.create("/e" + i, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        }
    }

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        for (Thread writer : writers) writer.join(PATIENCE);
        for (ZooKeeper client : clients) client.close();
        ensemble.close();
    }

    private void startWriting() {
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            writers.add(Thread.ofVirtual().start(() -> write(clients.get(number), "/w" + number + "-")));
        }
        awaitWrites(200);
    }

    private void awaitWrites(int more) {
        int before = acknowledged.size();
        await().atMost(PATIENCE).until(() -> acknowledged.size() >= before + more);
    }

    private void write(ZooKeeper client, String prefix) {
        for (int i = 0; !over.get(); i++) {
            try {
                client.create(prefix + i, new byte[100], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                acknowledged.add(prefix + i);
                acknowledgedNanos.add(System.nanoTime());
            } catch (KeeperException.ConnectionLossException e) {
                LOG.debug("{}{}: outcome unknown", prefix, i, e);
            } catch (KeeperException | InterruptedException e) {
                failures.add(e);
                return;
            }
        }
    }

    private void nothingIsLost() throws Exception {
        over.set(true);
        for (Thread writer : writers) writer.join(PATIENCE);
        assertThat(failures).isEmpty();
        var reader = clients.getFirst();
        reader.sync("/", (rc, path, context) -> {}, null);
        var there = new java.util.HashSet<>(reader.getChildren("/", false));
        assertThat(acknowledged).allMatch(path -> there.contains(path.substring(1)));
        for (int i = 0; i < WRITERS; i++) {
            assertThat(reader.exists("/e" + i, false).getEphemeralOwner())
                    .isEqualTo(clients.get(i).getSessionId());
        }
        LOG.info("{} writes, longest gap {} ms", acknowledged.size(), longestGapNanos() / 1e6);
    }

    private long longestGapNanos() {
        long longest = 0;
        long last = acknowledgedNanos.first();
        for (long at : acknowledgedNanos) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        return longest;
    }

    @Test
    void aLeaderThatStopsHandsOver() throws Exception {
        startWriting();
        ensemble.stop(ensemble.leader());
        awaitWrites(200);
        nothingIsLost();
    }

    @Test
    void aFollowerThatStopsSendsItsClientsAway() throws Exception {
        startWriting();
        ensemble.stop(ensemble.inState("follower"));
        awaitWrites(200);
        nothingIsLost();
    }

    @Test
    void hundredsOfSessionsLiveOnElsewhere() throws Exception {
        long leaving = ensemble.inState("follower");
        List<SessionSocket> there = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                SessionSocket session = SessionSocket.open(ensemble.clientPort(leaving), SESSION_MILLIS, 0);
                there.add(session);
                assertThat(session.ask(new Request.Create("/s" + i, new byte[0], Acl.OPEN_UNSAFE, 1)))
                        .isEqualTo("xid 1 err 0");
            }
            ensemble.stop(leaving);
            int elsewhere = ensemble.clientPort(ensemble.leader());
            for (int i = 0; i < SESSIONS; i++) {
                long id = there.get(i).sessionId;
                assertThat(there.get(i).rest()).isEqualTo("closed");
                try (SessionSocket again = SessionSocket.open(elsewhere, SESSION_MILLIS, id)) {
                    assertThat(again.sessionId).isEqualTo(id);
                    assertThat(again.ask(new Request.Delete("/s" + i, -1))).isEqualTo("xid 1 err 0");
                }
            }
        } finally {
            for (SessionSocket session : there) session.close();
        }
    }

    @Test
    void anOperatorMovesLeadership() throws Exception {
        startWriting();
        long leader = ensemble.leader();
        var wrong = Admin.post(ensemble.adminPort(ensemble.inState("follower")), "/commands/hand_over", new byte[0]);
        assertThat(wrong.statusCode()).isEqualTo(409);
        assertThat(Admin.text(wrong)).contains("Not handed over: this server does not lead");
        assertThat(Admin.get(ensemble.adminPort(leader), "/commands/hand_over").statusCode())
                .isEqualTo(405);
        assertThat(Admin.post(ensemble.adminPort(leader), "/commands/hand_over", new byte[0], "Origin", "http://x")
                        .statusCode())
                .isEqualTo(403);
        var moved = Admin.post(ensemble.adminPort(leader), "/commands/hand_over", new byte[0]);
        assertThat(moved.statusCode()).as(Admin.text(moved)).isEqualTo(200);
        ensemble.awaitServing();
        assertThat(Admin.text(moved)).contains("\"leader\" : " + ensemble.leader());
        assertThat(ensemble.leader()).isNotEqualTo(leader);
        awaitWrites(200);
        nothingIsLost();
    }

    /** The heir and the former leader are no quorum of four: the others must have been told. */
    @Test
    void anOperatorMovesLeadershipOfFour(@TempDir Path another) throws Exception {
        try (var four = new LocalEnsemble(another, 4)) {
            four.startAll();
            four.awaitServing();
            long leader = four.leader();
            var moved = Admin.post(four.adminPort(leader), "/commands/hand_over", new byte[0]);
            assertThat(moved.statusCode()).as(Admin.text(moved)).isEqualTo(200);
            four.awaitServing();
            assertThat(four.leader()).isNotEqualTo(leader);
        }
    }
}
