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
    private static final Duration SILENCE_MAX =
            Duration.ofSeconds(3); // the client sleeps for up to one before it dials again
    private static final int ZXIDS = 2_000;
    private static final int EPOCHS = 4;

    @TempDir
    Path folder;

    private final SortedMap<Long, Long> lastOfEpoch = new TreeMap<>();
    private final List<String> acknowledged = new ArrayList<>();

    /** What it takes is measured once more before it is too much, as the machine may have been busy. */
    @Test
    void leadersHandOverBeforeTheirZxidsAreUsedUp() throws Exception {
        Duration silence = longestSilence("once");
        if (silence.compareTo(SILENCE_MAX) >= 0) silence = longestSilence("again");
        assertThat(silence).isLessThan(SILENCE_MAX);
    }

    /** From the last write that an epoch acknowledged to the first of the next one. */
    @SuppressWarnings("try") // its close() may be interrupted
    private Duration longestSilence(String name) throws Exception {
        lastOfEpoch.clear();
        acknowledged.clear();
        try (var ensemble = new LocalEnsemble(folder.resolve(name), 3, "zxidsPerEpoch=" + ZXIDS)) {
            ensemble.startAll();
            ensemble.awaitServing();
            try (var client = new ZooKeeper(ensemble.connectString(), 20_000, event -> {})) {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
                Duration longest = writtenThrough(client);
                for (String path : acknowledged) {
                    assertThat(client.exists(path, false)).as(path).isNotNull();
                }
                lastOfEpoch.remove(lastOfEpoch.lastKey());
                assertThat(lastOfEpoch.values()).allMatch(last -> last >= ZXIDS * 3 / 4 - 1 && last < ZXIDS);
                return longest;
            }
        }
    }

    /** Writes until so many epochs have begun. Only where one ends is a write not answered, since its connection is lost. */
    private Duration writtenThrough(ZooKeeper client) throws InterruptedException {
        long longestNanos = 0;
        long answeredNanos = System.nanoTime();
        boolean isLost = false;
        for (int i = 0; lastOfEpoch.size() < EPOCHS; i++) {
            var stat = new Stat();
            if (!created(client, "/n" + i, stat)) {
                isLost = true;
                continue;
            }
            acknowledged.add("/n" + i);
            long epoch = Zxid.epoch(stat.getCzxid());
            boolean isNext = !lastOfEpoch.isEmpty() && epoch > lastOfEpoch.lastKey();
            if (isLost)
                assertThat(isNext).as("/n%d is the first of an epoch", i).isTrue();
            if (isNext) longestNanos = Math.max(longestNanos, System.nanoTime() - answeredNanos);
            isLost = false;
            answeredNanos = System.nanoTime();
            lastOfEpoch.merge(epoch, Zxid.counter(stat.getCzxid()), Math::max);
        }
        return Duration.ofNanos(longestNanos);
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
