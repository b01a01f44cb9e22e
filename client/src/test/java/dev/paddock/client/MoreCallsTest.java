package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls that few programs make, against Apache ZooKeeper. */
@Timeout(60)
final class MoreCallsTest {
    private static ApacheServer server;
    private static Client client;
    private static BlockingClient blocking;

    @BeforeAll
    static void start(@TempDir Path folder) {
        System.setProperty("zookeeper.extendedTypesEnabled", "true");
        server = ApacheServer.start(folder);
        client = Client.builder(server.address()).start();
        blocking = client.blocking();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        System.clearProperty("zookeeper.extendedTypesEnabled");
    }

    private static String create(String path, CreateMode mode) throws InterruptedException {
        return blocking.create(path, new byte[0], mode).value().path();
    }

    @Test
    void countsDescendantsAndNamesEphemerals() throws InterruptedException {
        create("/c", CreateMode.PERSISTENT);
        create("/c/a", CreateMode.PERSISTENT);
        create("/c/a/e", CreateMode.EPHEMERAL);
        String other = create("/c/s", CreateMode.EPHEMERAL_SEQUENTIAL);
        assertThat(blocking.getAllChildrenNumber("/c").value()).isEqualTo(3);
        assertThat(blocking.getEphemerals("/c").value()).containsExactlyInAnyOrder("/c/a/e", other);
        assertThat(blocking.getEphemerals("/c/a").value()).containsExactly("/c/a/e");
        try (Client rooted = Client.builder(server.address() + "/c").start()) {
            rooted.blocking().create("/mine", new byte[0], CreateMode.EPHEMERAL).value();
            assertThat(rooted.blocking().getEphemerals("/").value()).containsExactly("/mine");
        }
    }

    @Test
    void saysWhoItIs() throws Exception {
        assertThat(blocking.whoAmI().value()).contains(new Id("ip", "127.0.0.1"));
    }

    @Test
    void containersAndTtls() throws InterruptedException {
        assertThat(create("/box", CreateMode.CONTAINER)).isEqualTo("/box");
        create("/box/in", CreateMode.PERSISTENT);
        Reply<Created> ttl = blocking.createTtl("/ttl-", new byte[0], Acl.OPEN_UNSAFE, true, Duration.ofHours(1));
        assertThat(ttl.value().path()).startsWith("/ttl-0");
        List<OpResult> results = blocking.multi(List.of(Op.create("/box2", new byte[0], CreateMode.CONTAINER)))
                .value();
        assertThat(results.getFirst()).isInstanceOf(Created.class);
    }

    @Test
    void readsTheConfigurationAndIsRefusedAnother() throws InterruptedException {
        assertThat(blocking.getConfig().value().stat().version()).isZero(); // a server alone has an empty one
        var change = new Reconfiguration(Optional.empty(), Optional.of("1"), Optional.empty(), -1);
        assertThat(blocking.reconfig(change))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused ->
                                assertThat(refused.error()).isIn(ErrorCode.UNIMPLEMENTED, ErrorCode.RECONFIG_DISABLED));
    }

    @Test
    void aWatchThatStaysHearsAgainAndOutlivesItsLink() throws Exception {
        create("/w", CreateMode.PERSISTENT);
        BlockingQueue<String> node = new LinkedBlockingQueue<>();
        BlockingQueue<String> below = new LinkedBlockingQueue<>();
        blocking.addWatch("/w", false, event -> node.add(event.kind() + " " + event.path()))
                .value();
        blocking.addWatch("/w", true, event -> below.add(event.kind() + " " + event.path()))
                .value();
        create("/w/a", CreateMode.PERSISTENT);
        create("/w/a/b", CreateMode.PERSISTENT);
        blocking.setData("/w", new byte[1], -1).value();
        assertThat(next(node)).isEqualTo("CHILDREN_CHANGED /w");
        assertThat(next(node)).isEqualTo("DATA_CHANGED /w");
        assertThat(next(below)).isEqualTo("CREATED /w/a");
        assertThat(next(below)).isEqualTo("CREATED /w/a/b");
        assertThat(next(below)).isEqualTo("DATA_CHANGED /w");

        server.cutConnections();
        client.sync("/").handle((_, _) -> null).join();
        blocking.setData("/w", new byte[2], -1).value();
        assertThat(next(node)).isEqualTo("DATA_CHANGED /w");
        assertThat(next(below)).isEqualTo("DATA_CHANGED /w");

        assertThat(client.removeWatches("/w", WatchType.ANY).join()).isInstanceOf(Reply.Ok.class);
        assertThat(client.removeWatches("/w", WatchType.ANY).join())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.NO_WATCHER));
        blocking.setData("/w", new byte[3], -1).value();
        blocking.sync("/").value();
        assertThat(node).isEmpty();
        assertThat(below).isEmpty();
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String event = heard.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }
}
