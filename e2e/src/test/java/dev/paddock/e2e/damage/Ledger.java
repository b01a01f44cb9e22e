package dev.paddock.e2e.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** All that clients were told is there: children of the root, by name. */
final class Ledger {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int DATA_BYTES = 200;

    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private int asked;

    /** Creates some znodes at these servers; those that are acknowledged count. */
    void write(String servers, int count) throws Exception {
        ZooKeeper client = client(servers);
        var answered = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            String name = "w" + asked++;
            client.create(
                    "/" + name,
                    new byte[DATA_BYTES],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (code, path, context, created) -> {
                        if (code == KeeperException.Code.OK.intValue()) acknowledged.add(name);
                        answered.countDown();
                    },
                    null);
        }
        boolean isDone = answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        client.close();
        assertThat(isDone).as("all requests are answered").isTrue();
    }

    int size() {
        return acknowledged.size();
    }

    /** What was acknowledged and a server does not have, behind a sync. */
    Set<String> missingAt(String server) throws Exception {
        ZooKeeper client = client(server);
        try {
            client.sync("/");
            Set<String> missing = new TreeSet<>(acknowledged);
            missing.removeAll(new HashSet<>(client.getChildren("/", false)));
            return missing;
        } finally {
            client.close();
        }
    }

    private static ZooKeeper client(String servers) throws Exception {
        var client = new ZooKeeper(servers, 20_000, event -> {});
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }
}
