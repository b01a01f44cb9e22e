package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the admin port takes from whom. */
class AdminServerTest {
    private static final String[] SOMEBODY = {"Authorization", "digest ann:secret"};

    /** As simpleclient_hotspot names them, but for jvm_memory_pool_allocated_bytes_total; not compared with a running one. */
    private static final String JVM_NAMES = """
            process_cpu_seconds_total process_start_time_seconds process_open_fds process_max_fds
            process_virtual_memory_bytes process_resident_memory_bytes
            jvm_memory_bytes_used jvm_memory_bytes_committed jvm_memory_bytes_max jvm_memory_bytes_init
            jvm_memory_pool_bytes_used jvm_memory_pool_bytes_committed jvm_memory_pool_bytes_max jvm_memory_pool_bytes_init
            jvm_buffer_pool_used_bytes jvm_buffer_pool_capacity_bytes jvm_buffer_pool_used_buffers
            jvm_gc_collection_seconds_count jvm_gc_collection_seconds_sum
            jvm_threads_current jvm_threads_daemon jvm_threads_peak jvm_threads_started_total
            jvm_threads_deadlocked jvm_threads_deadlocked_monitor jvm_threads_state
            jvm_classes_loaded jvm_classes_loaded_total jvm_classes_unloaded_total jvm_info""";

    @TempDir
    Path folder;

    @Test
    void snapshotsNeedSomebodyWithAllPermissionsOnTheRoot() throws Exception {
        try (var server = server("admin.rateLimiterIntervalInMS=600000")) {
            int port = server.adminPort(1);
            assertThat(status(port, "snapshot")).isEqualTo(401);
            assertThat(status(port, "snapshot", "Authorization", "nobody x:y")).isEqualTo(401);
            assertThat(status(port, "snapshot", "Authorization", "digest a:b extra"))
                    .isEqualTo(401);
            var taken = Admin.get(port, "/commands/snapshot?streaming=true", SOMEBODY);
            assertThat(taken.statusCode()).isEqualTo(200);
            assertThat(taken.headers().firstValue("Content-Type")).contains("application/octet-stream");
            String zxid = taken.headers().firstValue("last_zxid").orElseThrow();
            Path file = folder.resolve("data1/version-2/snapshot." + zxid.substring(2));
            assertThat(taken.body()).isEqualTo(Files.readAllBytes(file));
            assertThat(taken.headers().firstValue("snapshot_size")).contains(Long.toString(Files.size(file)));
            assertThat(status(port, "snapshot", SOMEBODY)).isEqualTo(429);
            assertThat(Admin.json(port, "lsnp").get("zxid").asText()).isEqualTo(zxid.substring(2));
        }
    }

    /** It holds what a quorum may never have committed. */
    @Test
    void aServerThatOnlyReadsTakesNoSnapshot() throws Exception {
        try (var three = new LocalEnsemble(folder, 3, "readonlymode.enabled=true", "admin.rateLimiterIntervalInMS=0")) {
            three.startAll();
            three.awaitServing();
            int port = three.adminPort(1);
            assertThat(status(port, "snapshot", SOMEBODY)).isEqualTo(200);
            three.stop(2);
            three.stop(3);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Words.ask(three.clientPort(1), "isro").equals("ro"));
            var refused = Admin.get(port, "/commands/snapshot", SOMEBODY);
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(Admin.text(refused)).contains("does not serve");
        }
    }

    @Test
    void aClosedRootClosesTheCommands() throws Exception {
        try (var server = server("admin.rateLimiterIntervalInMS=0")) {
            int port = server.adminPort(1);
            var zk = new ZooKeeper(server.connectString(1), 20_000, event -> {});
            await().until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
            zk.addAuthInfo("digest", "ann:secret".getBytes(StandardCharsets.UTF_8));
            zk.setACL("/", ZooDefs.Ids.CREATOR_ALL_ACL, -1);
            zk.close();
            assertThat(status(port, "snapshot", "Authorization", "digest ann:guess"))
                    .isEqualTo(403);
            assertThat(status(port, "stat_reset", "Authorization", "digest ann:guess"))
                    .isEqualTo(403);
            assertThat(status(port, "stat_reset", SOMEBODY)).isEqualTo(200);
            var taken = Admin.get(port, "/commands/snap?streaming=false", SOMEBODY);
            assertThat(taken.statusCode()).isEqualTo(200);
            assertThat(taken.headers().firstValue("snapshot_size")).isPresent();
            assertThat(Admin.text(taken)).contains("\"command\" : \"snapshot\"");
        }
    }

    @Test
    void probesSeeWhetherItServes() throws Exception {
        try (var server = server()) {
            var ready = Admin.get(server.adminPort(1), "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(Admin.text(ready)).isEqualTo("serving\n");
            assertThat(Admin.get(server.adminPort(1), "/health/live").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void snapshotsMayBeForbidden() throws Exception {
        try (var server = server("admin.snapshot.enabled=false")) {
            assertThat(status(server.adminPort(1), "snapshot", SOMEBODY)).isEqualTo(503);
        }
    }

    @Test
    void restoringIsRefusedAndSaysWhatToDo() throws Exception {
        try (var server = server()) {
            int port = server.adminPort(1);
            assertThat(Admin.post(port, "/commands/restore", new byte[100]).statusCode())
                    .isEqualTo(401);
            var refused = Admin.post(port, "/commands/restore", new byte[100], SOMEBODY);
            assertThat(refused.statusCode()).isEqualTo(501);
            assertThat(Admin.text(refused)).contains("put the snapshot into dataDir/version-2");
            assertThat(status(port, "restore", SOMEBODY)).isEqualTo(405);
        }
    }

    @Test
    void pagesOfABrowserChangeNothing() throws Exception {
        try (var server = server()) {
            int port = server.adminPort(1);
            for (String[] header :
                    new String[][] {{"Origin", "http://evil.test"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}
                    }) {
                for (String command : List.of("stat_reset", "crst", "orst", "stmk?traceMask=1", "snapshot")) {
                    assertThat(status(port, command, header)).as(command).isEqualTo(403);
                }
                assertThat(status(port, "ruok", header)).isEqualTo(200);
            }
            String rebound =
                    "GET /commands/stmk?traceMask=1 HTTP/1.1\r\nHost: evil.test:80\r\nConnection: close\r\n\r\n";
            assertThat(Admin.raw(port, rebound))
                    .startsWith("HTTP/1.1 401 "); // a name that was made to mean this machine
            assertThat(Admin.json(port, "gtmk").get("tracemask").asLong()).isEqualTo(306);
            assertThat(status(port, "stmk?traceMask=1")).isEqualTo(200);
        }
    }

    /** Whoever is not on this machine, whatever he says of himself. */
    @Test
    void forwardedAddressesAreWorthNothing() throws Exception {
        try (var server = server()) {
            assertThat(status(server.adminPort(1), "snapshot", "X-Forwarded-For", "127.0.0.1"))
                    .isEqualTo(401);
            assertThat(status(server.adminPort(1), "snapshot", "X-Forwarded-For", "10.1.1.1", "Authorization", "ip"))
                    .isEqualTo(200); // as 127.0.0.1, whom the open root permits all
        }
    }

    @Test
    void otherMethodsAndOversizedRequestsAreRefused() throws Exception {
        try (var server = server()) {
            int port = server.adminPort(1);
            for (String method : List.of("PUT", "DELETE", "TRACE", "OPTIONS", "PATCH")) {
                assertThat(Admin.raw(
                                port,
                                method
                                        + " /commands/stat_reset HTTP/1.1\r\n"
                                        + "Host: localhost\r\n"
                                        + "Connection: close\r\n\r\n"))
                        .as(method)
                        .startsWith("HTTP/1.1 405 ");
            }
            String large = "GET /commands/ruok HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(70_000) + "\r\n\r\n";
            assertThat(Admin.raw(port, large)).doesNotContain("200 OK");
            assertThat(status(port, "ruok")).isEqualTo(200);
        }
    }

    @Test
    void passwordsAreNotShown() throws Exception {
        System.setProperty("zookeeper.ssl.keyStore.password", "canary-1");
        try (var server = server("zookeeper.ssl.trustStore.password=canary-2")) {
            int port = server.adminPort(1);
            for (String command : List.of("icfg", "sysp", "env", "conf")) {
                assertThat(Admin.json(port, command).toString()).as(command).doesNotContain("canary");
            }
        } finally {
            System.clearProperty("zookeeper.ssl.keyStore.password");
        }
    }

    @Test
    void aPortThatIsTakenIsNoReasonNotToServe() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var server = server("admin.serverPort=" + taken.getLocalPort())) {
            assertThat(Words.ask(server.clientPort(1), "srvr")).contains("Mode: standalone");
        }
    }

    @Test
    void theServerMayBeOffOrElsewhere() throws Exception {
        try (var server = server("admin.commandURL=/zk/admin")) {
            assertThat(Admin.get(server.adminPort(1), "/zk/admin/ruok").statusCode())
                    .isEqualTo(200);
            assertThat(Admin.get(server.adminPort(1), "/commands/ruok").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void prometheusReadsTheMetrics() throws Exception {
        try (var server = server(
                "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
                "metricsProvider.httpHost=127.0.0.1",
                "metricsProvider.httpPort=0")) {
            int port = server.prometheusPort(1);
            var scraped = Admin.get(port, "/metrics");
            assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            String text = Admin.text(scraped);
            assertThat(text.lines())
                    .allMatch(line -> line.matches(
                            "# (HELP|TYPE) [a-z0-9_]+ \\S+|[a-z0-9_]+(\\{([a-z]+=\"[^\"]+\",)+})? (-?[0-9.E]+|NaN)"));
            assertThat(text)
                    .contains("# TYPE znode_count gauge\nznode_count 5.0\n")
                    .contains("# TYPE commit_count counter\n", "readlatency{quantile=\"0.5\",} ", "fsynctime_count ")
                    .contains("jvm_memory_bytes_used{area=\"heap\",} ");
            for (String name : JVM_NAMES.split("\\s+", -1)) assertThat(text).containsPattern("(?m)^" + name + "[ {]");
            assertThat(Admin.text(Admin.get(port, "/metrics?name%5B%5D=znode_count&name%5B%5D=fsynctime_count")))
                    .matches("""
                            # HELP znode_count znode_count
                            # TYPE znode_count gauge
                            znode_count 5\\.0
                            # HELP fsynctime fsynctime
                            # TYPE fsynctime summary
                            fsynctime_count \\d+\\.0
                            """);
            assertThat(Admin.get(port, "/").statusCode()).isEqualTo(404);
        }
    }

    private static int status(int port, String command, String... headers) throws Exception {
        return Admin.get(port, "/commands/" + command, headers).statusCode();
    }

    private LocalEnsemble server(String... settings) throws Exception {
        var server = new LocalEnsemble(folder, 1, settings);
        server.startAll();
        server.awaitServing();
        return server;
    }
}
