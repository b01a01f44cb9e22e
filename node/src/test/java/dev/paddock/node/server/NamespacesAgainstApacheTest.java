package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is counted by the first names of paths, and what passes a quota, is told alike by Apache's servers and ours. */
class NamespacesAgainstApacheTest {
    private static final String[] SETTINGS = {"4lw.commands.whitelist=*", "enforceQuota=true"};

    @TempDir
    Path folder;

    @Test
    void bothSayWhatPassesAQuota() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        Logger log = (Logger) LoggerFactory.getLogger(CoreLoop.class);
        log.setLevel(Level.WARN);
        log.addAppender(said);
        try (var theirs = new ApacheServers(folder, 1, SETTINGS);
                var ours = new LocalEnsemble(folder, 1, withPrometheus())) {
            theirs.options = new String[] {"-Dlogback.configurationFile=" + warnings()};
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            play(theirs.clientPort(1));
            play(ours.clientPort(1));
            List<String> lines = metrics(theirs.clientPort(1));
            assertThat(metrics(ours.clientPort(1))).isEqualTo(lines).hasSizeGreaterThan(9 + 3 * 2 * 5);
            assertThat(lines)
                    .contains(
                            "zk_hard_quota_exceeded_error_per_namespace\t2",
                            "zk_soft_quota_count_limit_per_namespace\t0",
                            "zk_hard_quota_bytes_limit_per_namespace\t10");
            List<String> warned =
                    alarms(Files.readString(folder.resolve("apache1.log")).lines());
            assertThat(alarms(said.list.stream().map(ILoggingEvent::getFormattedMessage)))
                    .isEqualTo(warned)
                    .hasSize(3);
            assertThat(Admin.text(Admin.get(ours.prometheusPort(1), "/metrics")))
                    .contains("# TYPE quota_exceeded_error_per_namespace counter\n")
                    .contains("quota_exceeded_error_per_namespace{key=\"hard\",} 2.0\n")
                    .contains("# TYPE read_per_namespace summary\n", "read_per_namespace_count{key=\"free\",} 1.0\n")
                    .contains("quota_count_usage_per_namespace{key=\"soft\",} 4.0\n");
        } finally {
            log.detachAppender(said);
        }
    }

    private static String[] withPrometheus() {
        return Stream.concat(
                        Stream.of(SETTINGS),
                        Stream.of(
                                "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
                                "metricsProvider.httpHost=127.0.0.1",
                                "metricsProvider.httpPort=0"))
                .toArray(String[]::new);
    }

    private Path warnings() throws IOException {
        return Files.writeString(folder.resolve("warnings.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """);
    }

    /** Lines are paced, so that each that is to be seen comes a while after the one before. */
    private static void play(int port) throws Exception {
        var zk = new ZooKeeper("127.0.0.1:" + port, 20_000, event -> {});
        await().until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
        for (String path : List.of("/soft", "/soft/deep", "/hard", "/free")) create(zk, path, 1);
        limit(zk, "/soft", soft -> soft.setCount(1));
        limit(zk, "/soft/deep", soft -> soft.setBytes(100));
        limit(zk, "/hard", hard -> {
            hard.setCountHardLimit(2);
            hard.setByteHardLimit(10);
        });
        create(zk, "/soft/a", 1);
        create(zk, "/hard/a", 1);
        zk.getData("/soft/a", false, null);
        zk.getData("/hard", false, null);
        zk.getChildren("/soft", false);
        zk.getChildren("/soft", false, new Stat());
        zk.exists("/free", false);
        zk.exists("/none", false);
        zk.delete("/free", -1);
        pause();
        assertThatThrownBy(() -> create(zk, "/hard/b", 1)).isInstanceOf(KeeperException.QuotaExceededException.class);
        pause();
        assertThatThrownBy(() -> zk.setData("/hard/a", new byte[30], -1))
                .isInstanceOf(KeeperException.QuotaExceededException.class);
        zk.close();
    }

    /** Until a line of the same kind would be written. */
    private static void pause() {
        long since = System.nanoTime();
        await().until(() -> System.nanoTime() - since > 150_000_000);
    }

    private static void create(ZooKeeper zk, String path, int bytes) throws Exception {
        zk.create(path, new byte[bytes], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static void limit(ZooKeeper zk, String path, Consumer<StatsTrack> set) throws Exception {
        var quota = new StatsTrack();
        set.accept(quota);
        String at = "/zookeeper/quota" + path;
        for (int end = at.indexOf('/', "/zookeeper/quota/".length()); ; end = at.indexOf('/', end + 1)) {
            String above = end < 0 ? at : at.substring(0, end);
            if (zk.exists(above, false) == null) create(zk, above, 0);
            if (end < 0) break;
        }
        zk.create(at + "/zookeeper_limits", quota.getStatsBytes(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        byte[] none = new StatsTrack().getStatsBytes();
        zk.create(at + "/zookeeper_stats", none, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static List<String> metrics(int port) throws IOException {
        return List.copyOf(new TreeSet<>(Words.ask(port, "mntr")
                .lines()
                .filter(line -> line.contains("_per_namespace"))
                .filter(line -> !line.matches("zk_(sum|avg)_zookeeper_write.*")) // of usage: as created, or as counted
                .toList()));
    }

    private static List<String> alarms(Stream<String> lines) {
        return lines.filter(line -> line.contains("Quota exceeded: "))
                .map(line -> line.substring(line.indexOf("Quota exceeded: "), line.indexOf(']') + 1))
                .toList();
    }
}
