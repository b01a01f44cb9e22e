package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session with so many ephemerals that their paths are longer than any packet: at its end they all go, on every
 * server, and nobody else is disturbed. Three servers of Apache's are stopped by it for good.
 */
class ManyEphemeralsTest {
    private static final int EPHEMERALS = 100_000;
    private static final int AT_ONCE = 500;
    private static final String PATIENT = "leaderSilenceMillis=5000"; // garbage of three servers in one JVM
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} server(s)")
    @ValueSource(ints = {1, 3})
    void theyGoWithTheirSession(int servers) throws Exception {
        try (var ensemble = new LocalEnsemble(folder, servers, PATIENT)) {
            ensemble.startAll();
            ensemble.awaitServing();
            long leader = ensemble.inState(servers == 1 ? "standalone" : "leader");
            long other = ensemble.inState(servers == 1 ? "standalone" : "follower");
            try (var bystanders = new Bystanders(ensemble, servers)) {
                bystanders.create("/many");
                for (End end : End.values()) {
                    owner(ensemble.clientPort(other), EPHEMERALS, end);
                    bystanders.awaitNoneBelow("/many");
                }
                assertThat(bystanders.cversion("/many")).isEqualTo(2 * 2 * EPHEMERALS);
                bystanders.assertUndisturbed();
            }
            assertThat(ensemble.inState(servers == 1 ? "standalone" : "leader")).isEqualTo(leader);
            for (long sid = 1; sid <= servers; sid++) { // what they wrote, they can read
                ensemble.stop(sid);
                ensemble.start(sid);
                ensemble.awaitServing();
            }
            try (var afterwards = new Bystanders(ensemble, servers)) {
                afterwards.awaitNoneBelow("/many");
            }
        }
    }

    /** A list that our servers would take from each other, and Apache's would not. */
    @Test
    void aFollowerOfApachesTakesTheEndToo() throws Exception {
        try (var ensemble = new LocalEnsemble(folder, 3, PATIENT)) {
            ensemble.start(1);
            ensemble.start(2);
            ensemble.awaitServing();
            Path log = folder.resolve("apache.log");
            Process apache = ApacheServers.launch(ensemble.config(3), log);
            try {
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> Words.ask(ensemble.clientPort(3), "srvr").contains("Mode: follower"));
                try (var bystanders = new Bystanders(ensemble, 3)) {
                    bystanders.create("/many");
                    owner(ensemble.clientPort(3), EPHEMERALS / 2, End.CLOSED);
                    bystanders.awaitNoneBelow("/many");
                    bystanders.assertUndisturbed();
                }
                assertThat(Files.readString(log)).doesNotContain("Unreasonable length");
            } finally {
                apache.destroyForcibly().waitFor();
            }
        }
    }

    enum End {
        CLOSED(20_000),
        EXPIRED(10_000);

        final int sessionMillis;

        End(int sessionMillis) {
            this.sessionMillis = sessionMillis;
        }
    }

    /** Comes, creates them and goes. */
    private static void owner(int port, int ephemerals, End end) throws Exception {
        try (var owner = SessionSocket.open(port, end.sessionMillis, 0)) {
            for (int i = 0; i < ephemerals; i += AT_ONCE) {
                for (int j = 0; j < AT_ONCE; j++) {
                    String path = "/many/%040d".formatted(i + j);
                    owner.send(new Request.Create(path, new byte[] {1}, Acl.OPEN_UNSAFE, 1));
                }
                for (int j = 0; j < AT_ONCE; j++) assertThat(owner.answer()).endsWith(" err 0");
            }
            if (end == End.CLOSED)
                assertThat(owner.ask(new Request.CloseSession())).endsWith(" err 0");
        }
    }

    /** A client of each server that should not notice. */
    private static final class Bystanders implements AutoCloseable {
        private final List<ZooKeeper> all = new ArrayList<>();
        private final Queue<WatchedEvent> events = new ConcurrentLinkedQueue<>();

        Bystanders(LocalEnsemble ensemble, int servers) throws Exception {
            for (long sid = 1; sid <= servers; sid++) {
                var zk = new ZooKeeper(ensemble.connectString(sid), 20_000, events::add);
                all.add(zk);
                await().atMost(PATIENCE).until(() -> zk.getState().isConnected());
            }
        }

        void create(String path) throws Exception {
            all.getFirst().create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }

        void awaitNoneBelow(String path) {
            for (ZooKeeper each : all) await().atMost(PATIENCE).until(() -> each.getAllChildrenNumber(path) == 0);
        }

        int cversion(String path) throws Exception {
            return all.getFirst().exists(path, false).getCversion();
        }

        void assertUndisturbed() {
            assertThat(events).hasSize(all.size()).allMatch(event -> event.getType() == EventType.None);
        }

        @Override
        public void close() {
            try {
                for (ZooKeeper each : all) each.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
