package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that were not written here, unchanged, against an ensemble of three and against the sidecar's proxy. */
class ForeignClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static PaddockUp up;

    @BeforeAll
    static void start() throws Exception {
        up = PaddockUp.start(folder.resolve("state"));
    }

    @AfterAll
    static void stop() throws Exception {
        up.close();
    }

    @Test
    void kazooRunsTheArticlesExample() throws Exception {
        Path python = Installed.CACHE.resolve("kazoo-2.11.0/bin/python");
        assumeTrue(Files.isExecutable(python), "kazoo 2.11.0 is not installed; ./verify installs it");
        Path script = PaddockUp.ROOT.resolve("e2e/src/test/python/article.py");
        for (String hosts : List.of(up.connectString(), up.proxy())) {
            try (Command kazoo = Command.start(PaddockUp.ROOT, python.toString(), script.toString(), hosts)) {
                assertThat(kazoo.await(60)).as(kazoo.text()).isZero();
                assertThat(kazoo.text()).contains("watch fired: DELETED /test");
            }
        }
    }

    @Test
    void apacheClientRunsTheArticlesExample() throws Exception {
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        ZooKeeper client = new ZooKeeper(up.proxy(), 20_000, event -> {});
        try {
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            client.create(
                    "/java-test",
                    "hi".getBytes(StandardCharsets.UTF_8),
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.EPHEMERAL);
            assertThat(client.getData("/java-test", events::add, null))
                    .asString()
                    .isEqualTo("hi");
            client.delete("/java-test", -1);
            WatchedEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            assertThat(event.getType()).isEqualTo(EventType.NodeDeleted);
        } finally {
            client.close();
        }
    }

    private static CuratorFramework curator() {
        CuratorFramework curator =
                CuratorFrameworkFactory.newClient(up.connectString(), new ExponentialBackoffRetry(100, 5));
        curator.start();
        return curator;
    }

    @Test
    void curatorMutexExcludes() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        List<Throwable> problems = new CopyOnWriteArrayList<>();
        try (CuratorFramework a = curator();
                CuratorFramework b = curator()) {
            Thread first = Thread.ofPlatform().start(() -> contend(a, inside, entered, problems));
            Thread second = Thread.ofPlatform().start(() -> contend(b, inside, entered, problems));
            first.join();
            second.join();
        }
        assertThat(problems).isEmpty();
        assertThat(entered).hasValue(40);
    }

    private static void contend(
            CuratorFramework curator, AtomicInteger inside, AtomicInteger entered, List<Throwable> problems) {
        InterProcessMutex mutex = new InterProcessMutex(curator, "/curator/mutex");
        try {
            for (int i = 0; i < 20; i++) {
                mutex.acquire();
                try {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    entered.incrementAndGet();
                } finally {
                    inside.decrementAndGet();
                    mutex.release();
                }
            }
        } catch (Exception | AssertionError e) {
            problems.add(e);
        }
    }

    @Test
    void curatorLeaderLatchPassesOn() throws Exception {
        try (CuratorFramework a = curator();
                CuratorFramework b = curator()) {
            LeaderLatch first = new LeaderLatch(a, "/curator/latch", "first");
            LeaderLatch second = new LeaderLatch(b, "/curator/latch", "second");
            first.start();
            await().atMost(PATIENCE).until(first::hasLeadership);
            second.start();
            first.close();
            await().atMost(PATIENCE).until(second::hasLeadership);
            second.close();
        }
    }

    @Test
    void curatorCacheFollowsChanges() throws Exception {
        try (CuratorFramework reader = curator();
                CuratorFramework writer = curator()) {
            writer.create().creatingParentsIfNeeded().forPath("/curator/cache/a", new byte[] {1});
            List<String> seen = new CopyOnWriteArrayList<>();
            try (CuratorCache cache = CuratorCache.build(reader, "/curator/cache")) {
                cache.listenable()
                        .addListener(CuratorCacheListener.builder()
                                .forAll((type, old, now) -> seen.add(type + " " + (now == null ? old : now).getPath()))
                                .build());
                cache.start();
                await().atMost(PATIENCE).until(() -> seen.contains("NODE_CREATED /curator/cache/a"));
                writer.setData().forPath("/curator/cache/a", new byte[] {2});
                await().atMost(PATIENCE).until(() -> seen.contains("NODE_CHANGED /curator/cache/a"));
                writer.create().forPath("/curator/cache/b");
                await().atMost(PATIENCE).until(() -> seen.contains("NODE_CREATED /curator/cache/b"));
                writer.delete().forPath("/curator/cache/a");
                await().atMost(PATIENCE).until(() -> seen.contains("NODE_DELETED /curator/cache/a"));
            }
        }
    }
}
