package dev.paddock.sidecar.znode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Znodes over HTTP, seen from the other side by Apache's own client. */
class ZnodesTest {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private static ApacheServer server;
    private static Sidecar sidecar;
    private static Http http;
    private static ZooKeeper foreign;
    private String root = "/"; // a znode of this test's own

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

    @BeforeEach
    void plant() throws Exception {
        root = "/t" + TESTS.incrementAndGet();
        create(root, "root");
    }

    private static void create(String path, String data) throws Exception {
        foreign.create(path, data.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static String at(String path) {
        return "/v1/znodes" + path;
    }

    private static void assertProblem(Http.Answer answer, int status, String kind) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.at("type")).endsWith("/" + kind);
    }

    @Test
    void aZnodeIsShownWithItsStat() throws Exception {
        Http.Answer answer = http.get(at(root) + "?sync=true");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("path")).isEqualTo(root);
        assertThat(answer.at("value")).isEqualTo("root");
        Stat stat = foreign.exists(root, false);
        JsonNode shown = answer.json().path("stat");
        assertThat(shown.path("czxid").asText()).isEqualTo(Long.toString(stat.getCzxid()));
        assertThat(shown.path("ctime").asLong()).isEqualTo(stat.getCtime());
        assertThat(shown.path("dataLength").asInt()).isEqualTo(4);
        assertThat(shown.path("ephemeralOwner").asText()).isEqualTo("0x0");
        assertThat(Long.parseLong(answer.at("zxid"))).isGreaterThanOrEqualTo(stat.getCzxid());
        assertProblem(http.get(at(root + "/no")), 404, "no-such-znode");
        assertThat(http.get("/v1/znodes").at("path")).isEqualTo("/");
    }

    @Test
    void bytesThatAreNoTextAreBase64() throws Exception {
        foreign.setData(root, new byte[] {(byte) 0xff, 0}, -1);
        assertThat(http.get(at(root)).at("base64")).isEqualTo("/wA=");
        assertThat(http.get(at(root)).json().has("value")).isFalse();
        assertThat(http.put(at(root), "{\"base64\":\"AAEC\"}").status()).isEqualTo(200);
        assertThat(foreign.getData(root, false, null)).containsExactly(0, 1, 2);
        assertThat(http.put(at(root), "{\"value\":\"käfig\"}").status()).isEqualTo(200);
        assertThat(http.get(at(root) + "?encoding=base64").at("base64")).isEqualTo("a8OkZmln");
        assertThat(http.put(at(root), "{\"value\":{\"a\":[1]}}").status()).isEqualTo(200);
        assertThat(http.get(at(root)).at("value")).isEqualTo("{\"a\":[1]}");
    }

    @Test
    void putComparesTheVersion() throws Exception {
        Http.Answer first = http.put(at(root) + "?version=0", "{\"value\":\"1\"}");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("stat").path("version").asInt()).isEqualTo(1);
        assertProblem(http.put(at(root) + "?version=0", "{\"value\":\"2\"}"), 409, "bad-version");
        assertThat(foreign.getData(root, false, null)).asString().isEqualTo("1");
        assertProblem(http.put(at(root + "/new"), "{\"value\":\"x\"}"), 404, "no-such-znode");
        assertThat(http.put(at(root + "/new") + "?create=true", "{\"value\":\"x\"}")
                        .status())
                .isEqualTo(201);
        assertThat(http.put(at(root + "/new") + "?create=true", "{\"value\":\"y\"}")
                        .status())
                .isEqualTo(200);
        assertProblem(http.put(at(root + "/a/b") + "?create=true", "{\"value\":\"x\"}"), 404, "no-such-znode");
        assertProblem(http.put(at(root) + "?create=true&version=1", "{\"value\":\"x\"}"), 400, "bad-request");
    }

    @Test
    void postCreatesOfAllKinds() throws Exception {
        Http.Answer sequential = http.post(at(root + "/job-"), "{\"value\":\"x\",\"sequential\":true}");
        assertThat(sequential.status()).as(sequential.text()).isEqualTo(201);
        assertThat(sequential.at("path")).isEqualTo(root + "/job-0000000000");
        Http.Answer ephemeral = http.post(at(root + "/e"), "{\"mode\":\"ephemeral\"}");
        assertThat(ephemeral.json().path("stat").path("ephemeralOwner").asText())
                .isNotEqualTo("0x0");
        assertThat(foreign.exists(root + "/e", false).getEphemeralOwner()).isNotZero();
        assertProblem(http.post(at(root + "/e/x"), "{}"), 409, "ephemeral-parent");
        assertThat(http.post(at(root + "/box"), "{\"mode\":\"container\"}").status())
                .isEqualTo(201);
        assertThat(http.post(at(root + "/plain"), "").status()).isEqualTo(201);
        assertProblem(http.post(at(root + "/plain"), "{}"), 409, "exists");
        assertProblem(http.post(at(root + "/ttl"), "{\"ttl\":\"1h\"}"), 501, "unimplemented"); // off at this server
        Http.Answer mine =
                http.post(at(root + "/mine"), "{\"acl\":[{\"scheme\":\"world\",\"id\":\"anyone\",\"perms\":\"r\"}]}");
        assertThat(mine.status()).isEqualTo(201);
        assertProblem(http.put(at(root + "/mine"), "{\"value\":\"x\"}"), 403, "denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"mode\":\"forever\"}",
                "{\"value\":\"a\",\"base64\":\"YQ==\"}",
                "{\"base64\":\"no base64!\"}",
                "{\"mode\":\"container\",\"sequential\":true}",
                "{\"mode\":\"ephemeral\",\"ttl\":\"1s\"}",
                "{\"ttl\":\"soon\"}",
                "{\"ttl\":\"0s\"}",
                "{\"acl\":[{\"scheme\":\"world\"}]}",
                "{\"acl\":[{\"scheme\":\"world\",\"id\":\"anyone\",\"perms\":\"x\"}]}",
                "{\"extra\":1}",
                "[]"
            })
    void impossibleCreationsAreRefused(String body) throws Exception {
        assertThat(http.post(at(root + "/x"), body).status()).isEqualTo(400);
        assertThat(foreign.exists(root + "/x", false)).isNull();
    }

    @Test
    void childrenComeInPages() throws Exception {
        for (int i = 0; i < 25; i++) create(root + "/" + (i % 5 == 0 ? "x" : "n") + i, "");
        var listed = new ArrayList<String>();
        String cursor = "";
        String pzxid = "";
        for (int pages = 1; ; pages++) {
            Http.Answer page = http.get(
                    at(root) + "?children=true&limit=10&cursor=" + cursor + (pzxid.isEmpty() ? "" : "&pzxid=" + pzxid));
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            assertThat(page.json().has("value")).isFalse();
            page.json().path("children").forEach(name -> listed.add(name.asText()));
            pzxid = page.json().path("stat").path("pzxid").asText();
            cursor = page.at("next");
            if (cursor.isEmpty()) {
                assertThat(pages).isEqualTo(3);
                break;
            }
        }
        assertThat(listed).hasSize(25).doesNotHaveDuplicates();
        assertThat(http.get(at(root) + "?children=true&prefix=x").json().path("children"))
                .hasSize(5);
        create(root + "/late", "");
        Http.Answer changed = http.get(at(root) + "?children=true&sync=true&pzxid=" + pzxid);
        assertProblem(changed, 409, "children-changed");
        assertProblem(http.get(at(root) + "?children=true&limit=0"), 400, "bad-request");
        assertProblem(http.get(at(root) + "?limit=1"), 400, "bad-request");
    }

    @Test
    void deletesOneOrAll() throws Exception {
        create(root + "/a", "");
        create(root + "/a/b", "");
        assertProblem(http.delete(at(root + "/a")), 409, "not-empty");
        assertProblem(http.delete(at(root + "/a/b") + "?version=7"), 409, "bad-version");
        assertThat(http.delete(at(root + "/a/b") + "?version=0").status()).isEqualTo(204);
        assertProblem(http.delete(at(root + "/a/b")), 404, "no-such-znode");
        for (int i = 0; i < 100; i++) create(root + "/a/c" + i, "");
        Http.Answer all = http.delete(at(root) + "?recursive=true");
        assertThat(all.status()).as(all.text()).isEqualTo(200);
        assertThat(all.json().path("deleted").asInt()).isEqualTo(102);
        assertThat(all.json().path("done").asBoolean()).isTrue();
        assertProblem(http.delete(at(root) + "?recursive=true"), 404, "no-such-znode");
    }

    @Test
    void aHugeTreeIsDeletedInSteps() throws Exception {
        for (int i = 0; i < 20; i++) {
            var ops = new ArrayList<Op>();
            ops.add(Op.create(root + "/" + i, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            for (int j = 0; j < 400; j++)
                ops.add(Op.create(
                        root + "/" + i + "/" + j, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            foreign.multi(ops);
        }
        int deleted = 0;
        int asked = 0;
        while (true) {
            Http.Answer answer = http.delete(at(root) + "?recursive=true&wait=1ms");
            deleted += answer.json().path("deleted").asInt();
            asked++;
            if (answer.status() == 200) break;
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            assertThat(answer.json().path("done").asBoolean()).isFalse();
            assertThat(answer.at("at")).startsWith(root);
        }
        assertThat(deleted).isEqualTo(20 * 401 + 1);
        assertThat(asked).isGreaterThan(1);
    }

    @Test
    void aTxnIsAllOrNothing() throws Exception {
        Http.Answer done = http.post("/v1/txn", """
                {"ops":[{"op":"check","path":"ROOT","version":0},{"op":"create","path":"ROOT/a","value":"x"},
                 {"op":"create","path":"ROOT/s-","base64":"AA==","sequential":true},{"op":"set","path":"ROOT","value":"y"},
                 {"op":"delete","path":"ROOT/a"}]}""".replace("ROOT", root));
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        JsonNode results = done.json().path("results");
        assertThat(results).hasSize(5);
        assertThat(results.path(2).path("path").asText()).startsWith(root + "/s-");
        assertThat(results.path(3).path("stat").path("version").asInt()).isEqualTo(1);
        Http.Answer refused = http.post(
                "/v1/txn",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"ROOT/b\"},{\"op\":\"delete\",\"path\":\"ROOT/no\"}]}"
                        .replace("ROOT", root));
        assertProblem(refused, 409, "txn-refused");
        assertThat(refused.json().path("op").asInt()).isEqualTo(1);
        assertThat(refused.at("reason")).isEqualTo("no-such-znode");
        assertThat(foreign.exists(root + "/b", false)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ops\":[]}",
                "{\"ops\":[{\"op\":\"create\"}]}",
                "{\"ops\":[{\"path\":\"/x\"}]}",
                "{\"ops\":[{\"op\":\"erase\",\"path\":\"/x\"}]}",
                "{\"ops\":[{\"op\":\"delete\",\"path\":\"/x\",\"value\":\"v\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/x\",\"version\":1}]}",
                "{\"ops\":[{\"op\":\"check\",\"path\":\"/x\",\"sequential\":true}]}",
                "{\"ops\":[{\"op\":\"set\",\"path\":\"/x\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"x\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/x/../y\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/x//y\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/x/\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/x\\u0000\"}]}",
                "{\"ops\":[{\"op\":\"create\",\"path\":\"/\\ud800\"}]}"
            })
    void malformedTxnsAreRefused(String body) {
        assertThat(http.post("/v1/txn", body).status()).isEqualTo(400);
    }

    @Test
    void aTxnHasBounds() {
        String one = "{\"op\":\"check\",\"path\":\"/\"}";
        List<String> many = java.util.Collections.nCopies(1_001, one);
        assertThat(http.post("/v1/txn", "{\"ops\":[" + String.join(",", many) + "]}")
                        .status())
                .isEqualTo(400);
        String big = "{\"op\":\"create\",\"path\":\"/big\",\"value\":\"" + "x".repeat(400_000) + "\"}";
        Http.Answer tooLong = http.post("/v1/txn", "{\"ops\":[" + String.join(",", List.of(big, big, big)) + "]}");
        assertThat(tooLong.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/zookeeper", "/zookeeper/quota/x", "/paddock", "/paddock/locks/a"})
    void whatServersAndSidecarsKeepIsNotChanged(String path) {
        assertProblem(http.post(at(path), "{}"), 403, "reserved");
        assertProblem(http.put(at(path), "{\"value\":\"x\"}"), 403, "reserved");
        assertProblem(http.delete(at(path) + "?recursive=true"), 403, "reserved");
        assertProblem(
                http.post("/v1/txn", "{\"ops\":[{\"op\":\"delete\",\"path\":\"" + path + "\"}]}"), 403, "reserved");
        assertThat(http.get(at("/zookeeper/config")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/%2e%2e/b",
                "/a/%2e",
                "/a%2fb",
                "/a%252fb",
                "/a/..;/b",
                "/a%5cb",
                "/a%00b",
                "/a%0ab",
                "/a%EF%BC%8Fb",
                "/a//b",
                "/a/",
                "/%ff",
                "/a%EE%80%80",
                "/a%EF%BF%BF",
                "/a%C2%80"
            })
    void hostilePathsAreRefusedNotNormalised(String path) {
        for (String method : List.of("GET", "PUT", "POST", "DELETE")) {
            String body = method.equals("PUT") || method.equals("POST") ? "{\"value\":\"x\"}" : "";
            assertThat(http.send(method, at(path), body).status()).as(method).isEqualTo(400);
        }
    }

    @Test
    void pagesOfTheWebAndTypingMistakesAreRefused() {
        assertThat(http.send("POST", at(root + "/y"), "", "Origin", "http://evil.test")
                        .status())
                .isEqualTo(403);
        assertThat(http.get(at(root) + "?unknown=1").status()).isEqualTo(400);
    }
}
