package dev.paddock.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.RawHttp;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Config over HTTP; values also come from Apache's own client. */
class ConfigTest {
    private static ApacheServer server;
    private static Sidecar sidecar;
    private static Http http;
    private static ZooKeeper foreign;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = ApacheServer.start(folder);
        sidecar = Sidecars.start(server.address());
        http = new Http(sidecar.port());
        var connected = new CountDownLatch(1);
        foreign = new ZooKeeper(server.address(), 20_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        });
        connected.await();
    }

    @AfterAll
    static void stop() throws Exception {
        foreign.close();
        sidecar.close();
        server.close();
    }

    private static void create(String path, String value) throws Exception {
        foreign.create(
                path, value.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static void set(String path, String value) throws Exception {
        foreign.setData(path, value.getBytes(StandardCharsets.UTF_8), -1);
    }

    @Test
    void aValueIsItsZnode() throws Exception {
        create("/plain", "hello");
        var got = http.get("/v1/config/plain");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.text()).isEqualTo("hello");
        assertThat(got.header("Content-Type")).startsWith("text/plain");
        long mzxid = foreign.exists("/plain", false).getMzxid();
        assertThat(got.header("ETag")).isEqualTo("\"" + mzxid + "\"");
        assertThat(http.get("/v1/config/plain", "If-None-Match", got.header("ETag"))
                        .status())
                .isEqualTo(304);
        set("/plain", "bye");
        assertThat(http.get("/v1/config/plain", "If-None-Match", got.header("ETag"))
                        .text())
                .isEqualTo("bye");
        var json = http.get("/v1/config/plain", "Accept", "application/json");
        assertThat(json.at("value")).isEqualTo("bye");
        assertThat(json.at("version")).isEqualTo("1");
        assertThat(http.get("/v1/config/nothing/here").status()).isEqualTo(404);
    }

    @Test
    void putMakesParentsAndHonoursConditions() throws Exception {
        var created = http.put("/v1/config/deep/er/key", "{\"value\":\"one\"}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(new String(foreign.getData("/deep/er/key", false, null), StandardCharsets.UTF_8))
                .isEqualTo("one");
        assertThat(http.put("/v1/config/deep/er/key", "\"two\"").status()).isEqualTo(200);
        var stale = http.put("/v1/config/deep/er/key", "\"x\"", "If-Match", created.header("ETag"));
        assertThat(stale.status()).isEqualTo(412);
        String now = http.get("/v1/config/deep/er/key").header("ETag");
        assertThat(http.put("/v1/config/deep/er/key", "\"three\"", "If-Match", now)
                        .status())
                .isEqualTo(200);
        assertThat(http.put("/v1/config/deep/er/key", "\"x\"", "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        assertThat(http.put("/v1/config/deep/new", "{\"value\":{\"a\":1}}", "If-None-Match", "*")
                        .status())
                .isEqualTo(201);
        assertThat(http.get("/v1/config/deep/new").text()).isEqualTo("{\"a\":1}");
        assertThat(http.put("/v1/config/deep/no", "\"x\"", "If-Match", "*").status())
                .isEqualTo(412);
        assertThat(http.delete("/v1/config/deep").status()).isEqualTo(409);
        assertThat(http.delete("/v1/config/deep/er/key", "If-Match", now).status())
                .isEqualTo(412);
        assertThat(http.delete("/v1/config/deep/er/key").status()).isEqualTo(204);
        assertThat(http.delete("/v1/config/deep/er/key").status()).isEqualTo(404);
        assertThat(http.put("/v1/config/deep/er/key", "{\"value\":1,\"x\":2}").status())
                .isEqualTo(400);
        assertThat(http.put("/v1/config/deep/er/key", "").status()).isEqualTo(400);
    }

    @Test
    void bytesTravelAsBase64() {
        assertThat(http.put("/v1/config/bytes", "{\"base64\":\"/wD+\"}").status())
                .isEqualTo(201);
        var got = http.get("/v1/config/bytes");
        assertThat(got.response().body()).containsExactly(0xff, 0, 0xfe);
        assertThat(got.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(http.get("/v1/config/bytes", "Accept", "application/json").at("base64"))
                .isEqualTo("/wD+");
    }

    @Test
    void aSubtreeInEachFormat() throws Exception {
        create("/tree", "");
        create("/tree/greeting", "hello");
        create("/tree/db", "");
        create("/tree/db/host", "it's here\nFOO=bar");
        var json = http.get("/v1/config/tree?recursive=true");
        assertThat(json.json().properties()).hasSize(2);
        assertThat(json.json().path("db/host").asText()).isEqualTo("it's here\nFOO=bar");
        assertThat(http.get("/v1/config/tree?recursive=true&format=yaml").text())
                .isEqualTo("db/host: \"it's here\\nFOO=bar\"\ngreeting: \"hello\"\n");
        assertThat(http.get("/v1/config/tree?recursive=true&format=env").text())
                .isEqualTo("DB_HOST='it'\\''s here\nFOO=bar'\nGREETING=hello\n");
        String etag = json.header("ETag");
        assertThat(http.get("/v1/config/tree?recursive", "If-None-Match", etag).status())
                .isEqualTo(304);
        foreign.delete("/tree/greeting", -1);
        var after = http.get("/v1/config/tree?recursive=true", "If-None-Match", etag);
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.json().has("greeting")).isFalse();
        assertThat(http.get("/v1/config/tree?recursive=true&format=xml").status())
                .isEqualTo(400);
    }

    @Test
    void pollsUntilTheValueChanges() throws Exception {
        create("/polled", "one");
        String index = http.get("/v1/config/polled").header("Paddock-Index");
        assertThat(http.get("/v1/config/polled?index=0&wait=20s").text()).isEqualTo("one");
        assertThat(http.get("/v1/config/polled?index=" + index + "&wait=50ms").status())
                .isEqualTo(304);
        var waiting = http.sendAsync("GET", "/v1/config/polled?index=" + index + "&wait=20s", "");
        set("/polled", "two");
        assertThat(waiting.join().text()).isEqualTo("two");
        var deleted = http.sendAsync(
                "GET", "/v1/config/polled?wait=20s&index=" + waiting.join().header("Paddock-Index"), "");
        foreign.delete("/polled", -1);
        assertThat(deleted.join().status()).isEqualTo(404);
        var again = http.sendAsync(
                "GET", "/v1/config/polled?wait=20s&index=" + deleted.join().at("index"), "");
        create("/polled", "three");
        assertThat(again.join().status()).isIn(200, 404); // a sibling of other tests may wake it before
    }

    @Test
    void eventsWithinAHundredMillis() throws Exception {
        create("/watched", "0");
        try (var stream = http.events("GET", "/v1/config/watched", "Accept", "text/event-stream")) {
            var snapshot = stream.next();
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.data().path("value").asText()).isEqualTo("0");
            var took = new ArrayList<Long>();
            for (int i = 1; i <= 50; i++) {
                long before = System.nanoTime();
                set("/watched", Integer.toString(i));
                var event = stream.next("changed");
                took.add(event.atNanos() - before);
                assertThat(event.data().path("value").asText()).isEqualTo(Integer.toString(i));
                assertThat(event.id())
                        .isEqualTo(
                                Long.toString(foreign.exists("/watched", false).getMzxid()));
            }
            Collections.sort(took);
            assertThat(Duration.ofNanos(took.get(44))).as("nine in ten").isLessThan(Duration.ofMillis(100));
            foreign.delete("/watched", -1);
            assertThat(stream.next().name()).isEqualTo("deleted");
            create("/watched", "again");
            assertThat(stream.next("changed").data().path("value").asText()).isEqualTo("again");
        }
    }

    @Test
    void aStreamGoesOnWhereItWasCut() throws Exception {
        create("/resumed", "one");
        String id;
        try (var stream = http.events("GET", "/v1/config/resumed", "Accept", "text/event-stream")) {
            id = stream.next().id();
        }
        try (var stream =
                http.events("GET", "/v1/config/resumed", "Accept", "text/event-stream", "Last-Event-ID", id)) {
            set("/resumed", "two");
            var next = stream.next();
            assertThat(next.name()).as("nothing told twice").isEqualTo("changed");
            assertThat(next.data().path("value").asText()).isEqualTo("two");
            id = next.id();
        }
        foreign.delete("/resumed", -1);
        try (var stream =
                http.events("GET", "/v1/config/resumed", "Accept", "text/event-stream", "Last-Event-ID", id)) {
            var next = stream.next();
            assertThat(next.name()).isEqualTo("snapshot");
            assertThat(next.data().path("exists").asBoolean()).isFalse();
        }
    }

    @Test
    void aSubtreeStreamTellsEveryKeyAndSurvivesCuts() throws Exception {
        create("/sub", "");
        create("/sub/a", "1");
        try (var stream = http.events("GET", "/v1/config/sub?recursive=true", "Accept", "text/event-stream")) {
            assertThat(stream.next().data().path("values").path("a").asText()).isEqualTo("1");
            create("/sub/b", "2");
            assertThat(stream.next("changed").data().path("path").asText()).isEqualTo("/sub/b");
            server.cutConnections();
            await().ignoreExceptions().until(() -> foreign.setData("/sub/a", new byte[] {'3'}, -1) != null);
            foreign.delete("/sub/b", -1);
            var seen = new java.util.TreeSet<String>();
            while (seen.size() < 2) {
                var event = stream.next();
                if (event.name().equals("changed") || event.name().equals("deleted"))
                    seen.add(event.name() + event.data().path("path").asText());
            }
            assertThat(seen).containsExactly("changed/sub/a", "deleted/sub/b");
        }
    }

    @Test
    void aReaderThatDoesNotReadIsCutAndComesBackWithoutAGap() throws Exception {
        create("/slow", "0");
        String last = "y".repeat(200_000);
        try (var raw = new RawHttp(sidecar.port())) {
            raw.send("GET /v1/config/slow HTTP/1.1\r\nHost: localhost:" + sidecar.port()
                    + "\r\nAccept: text/event-stream\r\n\r\n");
            assertThat(raw.status()).isEqualTo(200);
            var admin = new Http(sidecar.adminPort());
            int open = admin.get("/status").json().path("connections").asInt();
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        set("/slow", "x".repeat(200_000)); // fills what the kernel takes, then waits in vain
                        return admin.get("/status").json().path("connections").asInt() < open;
                    });
        }
        set("/slow", last);
        try (var stream = http.events("GET", "/v1/config/slow", "Accept", "text/event-stream", "Last-Event-ID", "1")) {
            assertThat(stream.next().data().path("value").asText()).isEqualTo(last);
        }
    }

    @Test
    void whatIsNotConfigIsRefused() {
        assertThat(http.get("/v1/config/zookeeper/config").status()).isEqualTo(403);
        assertThat(http.put("/v1/config/paddock/locks/x", "\"y\"").status()).isEqualTo(403);
        assertThat(http.get("/v1/config/a%EE%80%80b").status()).isEqualTo(400);
        assertThat(http.get("/v1/config/plain?format=env").status()).isEqualTo(400);
    }
}
