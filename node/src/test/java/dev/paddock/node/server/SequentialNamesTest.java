package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A parent counts what was ever made in it, and so does the next leader. */
class SequentialNamesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] EMPTY = {};

    @TempDir
    Path folder;

    @Test
    void goOnAfterDeletesUnderAnotherLeader() throws Exception {
        try (var ensemble = new LocalEnsemble(folder, 3)) {
            ensemble.startAll();
            ensemble.awaitServing();
            var client = new ZooKeeper(ensemble.connectString(), 20_000, event -> {});
            try {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
                client.create("/queue", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                for (int number = 0; number < 3; number++)
                    assertThat(next(client)).isEqualTo(number);
                client.delete("/queue/n-0000000002", -1);
                client.delete("/queue/n-0000000001", -1);
                long former = ensemble.leader();
                ensemble.stop(former);
                await().atMost(PATIENCE)
                        .until(() -> ensemble.inStates("leader").stream().anyMatch(sid -> sid != former));
                await().atMost(PATIENCE)
                        .ignoreException(ConnectionLossException.class)
                        .until(() -> client.getChildren("/queue", false), List.of("n-0000000000")::equals);
                assertThat(next(client)).isEqualTo(3);
            } finally {
                client.close();
            }
        }
    }

    private static int next(ZooKeeper client) throws Exception {
        String name = client.create("/queue/n-", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        return Integer.parseInt(name.substring(name.indexOf('-') + 1));
    }
}
