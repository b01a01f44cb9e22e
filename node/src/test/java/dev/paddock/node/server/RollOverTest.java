package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Zxid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers whose epochs have few zxids, and a client that uses up several of them. */
class RollOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ZXIDS = 2_000;

    @TempDir
    Path folder;

    @SuppressWarnings("try") // its close() may be interrupted
    @Test
    void leadersHandOverBeforeTheirZxidsAreUsedUp() throws Exception {
        try (var ensemble = new LocalEnsemble(folder, 3, "zxidsPerEpoch=" + ZXIDS)) {
            ensemble.startAll();
            ensemble.awaitServing();
            SortedMap<Long, Long> lastOfEpoch = new TreeMap<>();
            List<String> acknowledged = new ArrayList<>();
            try (var client = new ZooKeeper(ensemble.connectString(), 20_000, event -> {})) {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
                for (int i = 0; lastOfEpoch.size() < 4; i++) {
                    var stat = new Stat();
                    if (!created(client, "/n" + i, stat)) continue;
                    acknowledged.add("/n" + i);
                    lastOfEpoch.merge(Zxid.epoch(stat.getCzxid()), Zxid.counter(stat.getCzxid()), Math::max);
                }
                for (String path : acknowledged) {
                    assertThat(client.exists(path, false)).as(path).isNotNull();
                }
            }
            lastOfEpoch.remove(lastOfEpoch.lastKey());
            assertThat(lastOfEpoch.values()).allMatch(last -> last >= ZXIDS * 3 / 4 - 1 && last < ZXIDS);
        }
    }

    private static boolean created(ZooKeeper client, String path, Stat stat) throws InterruptedException {
        try {
            client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat);
            return true;
        } catch (KeeperException.ConnectionLossException e) {
            return false; // the outcome is not known
        } catch (KeeperException e) {
            throw new AssertionError(e);
        }
    }
}
