package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers that vote and a dozen that observe, in this process; {@code sim/ManyLearnersTest} has two hundred. */
class ManyLearnersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int VOTERS = 3;
    private static final int OBSERVERS = 12;

    @TempDir
    Path folder;

    @Test
    void theyFollowOneLeaderAndThenAnother() throws Exception {
        try (var ensemble = new LocalEnsemble(folder, VOTERS + OBSERVERS).withObserversFrom(VOTERS + 1)) {
            ensemble.startAll();
            awaitObservers(ensemble);
            allSee(ensemble, "/a");
            ensemble.stop(ensemble.leader());
            await().atMost(PATIENCE)
                    .until(() -> ensemble.inStates("leader").size() == 1
                            && ensemble.inStates("follower").size() == 1);
            awaitObservers(ensemble);
            allSee(ensemble, "/b");
        }
    }

    private static void awaitObservers(LocalEnsemble ensemble) {
        await().atMost(PATIENCE).until(() -> ensemble.inStates("observer").size() == OBSERVERS);
    }

    /** A znode that one of them was asked for is there at each of them. */
    @SuppressWarnings("try") // its close() may be interrupted
    private static void allSee(LocalEnsemble ensemble, String path) throws Exception {
        List<Long> observers = ensemble.inStates("observer");
        for (long sid : observers) {
            try (var client = new ZooKeeper(ensemble.connectString(sid), 20_000, event -> {})) {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
                if (sid == observers.getFirst()) create(client, path);
                client.sync(path, (rc, synced, context) -> {}, null);
                assertThat(client.exists(path, false))
                        .as("%s on server %d", path, sid)
                        .isNotNull();
            }
        }
    }

    private static void create(ZooKeeper client, String path) throws InterruptedException, KeeperException {
        client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
}
