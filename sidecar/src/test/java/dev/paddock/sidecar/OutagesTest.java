package dev.paddock.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers see when the ensemble, the session or the sidecar itself goes. */
class OutagesTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path state;

    private ApacheServer server;

    @BeforeEach
    void start() {
        server = ApacheServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void expireSessionOf(Http admin) {
        server.expire(Long.decode(admin.get("/status").at("session")));
    }

    @Test
    void aLostSessionIsReportedAndTheLockIsFree() {
        try (var sidecar = Sidecars.start(server.address());
                var other = Sidecars.start(server.address())) {
            var http = new Http(sidecar.port());
            var granted = http.put("/v1/locks/a", "{\"ttl\":\"1m\"}");
            try (var hold = http.events("POST", "/v1/locks/b/hold")) {
                hold.next("granted");
                expireSessionOf(new Http(sidecar.adminPort()));
                assertThat(hold.next("lost").data().path("reason").asText()).contains("session");
                assertThat(hold.next().name()).isEqualTo("end");
            }
            String lease = "{\"lease\":\"" + granted.at("lease") + "\"}";
            await().until(() -> http.post("/v1/locks/a/renew", lease).status() == 410);
            assertThat(http.post("/v1/locks/a/renew", lease).at("detail")).contains("session");
            var next = new Http(other.port()).put("/v1/locks/a?wait=5s", "");
            assertThat(Long.parseLong(next.at("fencingToken")))
                    .isGreaterThan(Long.parseLong(granted.at("fencingToken")));
            var anew = http.put("/v1/locks/c?wait=5s", "");
            assertThat(anew.status()).as("with a new session: " + anew.text()).isEqualTo(200);
        }
    }

    @Test
    void cutOffForTooLongIsLostBeforeTheServerCouldGrantItToAnother() {
        Duration timeout = Duration.ofSeconds(4);
        try (var sidecar = Sidecars.start(Sidecars.config(server.address()).withSessionTimeout(timeout))) {
            var http = new Http(sidecar.port());
            var granted = http.put("/v1/locks/a", "");
            try (var hold = http.events("POST", "/v1/locks/b/hold");
                    var watch = http.events("GET", "/v1/locks/a/events")) {
                hold.next("granted");
                watch.next("snapshot");
                long stopped = System.nanoTime();
                server.stop();
                hold.next("at-risk");
                watch.next("at-risk");
                var lost = hold.next("lost");
                watch.next("lost");
                assertThat(Duration.ofNanos(lost.atNanos() - stopped)).isLessThan(timeout);
            }
            String lease = "{\"lease\":\"" + granted.at("lease") + "\"}";
            assertThat(http.post("/v1/locks/a/renew", lease).status()).isEqualTo(410);
            server.start();
            await().until(() ->
                    new Http(sidecar.adminPort()).get("/health/ready").status() == 200);
            assertThat(http.post("/v1/locks/a/renew", lease).status())
                    .as("lost stays lost")
                    .isEqualTo(410);
            await().until(() -> server.children("/paddock/locks/a").isEmpty());
            assertThat(http.put("/v1/locks/a?wait=5s", "").status()).isEqualTo(200);
        }
    }

    @Test
    void aShortCutCostsNothing() {
        try (var sidecar = Sidecars.start(server.address())) {
            var http = new Http(sidecar.port());
            var granted = http.put("/v1/locks/a", "");
            try (var hold = http.events("POST", "/v1/locks/b/hold")) {
                hold.next("granted");
                server.cutConnections();
                hold.next("at-risk");
                hold.next("granted");
            }
            var renewed = http.post("/v1/locks/a/renew", "{\"lease\":\"" + granted.at("lease") + "\"}");
            assertThat(renewed.status()).as(renewed.text()).isEqualTo(200);
            assertThat(renewed.at("fencingToken")).isEqualTo(granted.at("fencingToken"));
        }
    }

    @Test
    void withoutTheEnsembleLocksFailClosedAndConfigIsStale() {
        try (var sidecar = Sidecars.start(server.address(), state)) {
            var http = new Http(sidecar.port());
            assertThat(http.put("/v1/config/app/greeting", "\"hello\"").status())
                    .isEqualTo(201);
            assertThat(http.get("/v1/config/app/greeting").text()).isEqualTo("hello");
            assertThat(http.get("/v1/config/app?recursive=true")
                            .json()
                            .path("greeting")
                            .asText())
                    .isEqualTo("hello");
            server.stop();
            await().until(() -> !sidecar.isReady());
            var refused = http.put("/v1/locks/a", "");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().path("retryable").asBoolean()).isTrue();
            assertStale(http);
            assertThat(http.get("/v1/config/app/other").status()).isEqualTo(503);
            var admin = new Http(sidecar.adminPort());
            assertThat(admin.get("/health/live").status()).isEqualTo(200);
            assertThat(admin.get("/health/ready").status()).isEqualTo(503);
            assertThat(admin.get("/metrics").text())
                    .contains("paddock_sidecar_connected 0")
                    .contains(
                            "paddock_sidecar_requests_total{method=\"PUT\",route=\"/v1/locks/{name}\",status=\"503\"} 1");
            server.start(); // so that closing need not wait
        }
    }

    @Test
    void aSidecarThatStartsInAnOutageServesWhatTheOneBeforeSaw() throws Exception {
        try (var sidecar = Sidecars.start(server.address(), state)) {
            var http = new Http(sidecar.port());
            http.put("/v1/config/app/greeting", "\"hello\"");
            http.get("/v1/config/app/greeting");
            http.get("/v1/config/app?recursive=true");
        }
        server.stop();
        try (var sidecar = Sidecar.start(Sidecars.config(server.address()).withStateDir(state))) {
            assertStale(new Http(sidecar.port()));
        }
        server.start();
    }

    private static void assertStale(Http http) {
        var stale = http.get("/v1/config/app/greeting");
        assertThat(stale.text()).isEqualTo("hello");
        assertThat(Integer.parseInt(stale.header("Paddock-Stale"))).isBetween(0, 60);
        var tree = http.get("/v1/config/app?recursive=true&format=env");
        assertThat(tree.text()).isEqualTo("GREETING=hello\n");
        assertThat(tree.header("Paddock-Stale")).isNotEmpty();
    }

    @Test
    void aCrashedSidecarFindsItsLeasesAgain() throws Exception {
        String lease;
        String token;
        try (var sidecar = SidecarProcess.start(server.address(), state);
                var other = Sidecars.start(server.address())) {
            var http = sidecar.http();
            var granted = http.put("/v1/locks/kept?wait=10s", "{\"holder\":\"me\",\"ttl\":\"1m\"}");
            lease = granted.at("lease");
            token = granted.at("fencingToken");
            http.events("POST", "/v1/locks/held/hold?wait=10s").next("granted");
            assertThat(http.put("/v1/services/web/instances/one", "{\"address\":\"10.0.0.1\",\"port\":1}")
                            .status())
                    .isEqualTo(200);
            var blocked = new Http(other.port()).put("/v1/locks/queued", "");
            var _ = http.sendAsync("PUT", "/v1/locks/queued?wait=1m", "");
            await().until(() -> server.children("/paddock/locks/queued").size() == 2);
            assertThat(blocked.status()).isEqualTo(200);
            assertThat(Files.getPosixFilePermissions(state.resolve("session")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            sidecar.kill();
            assertThat(server.children("/paddock/locks/kept")).hasSize(1);
            try (var again = SidecarProcess.start(server.address(), state)) {
                var renewed = again.http().post("/v1/locks/kept/renew", "{\"lease\":\"" + lease + "\"}");
                assertThat(renewed.status()).as(renewed.text()).isEqualTo(200);
                assertThat(renewed.at("fencingToken")).isEqualTo(token);
                assertThat(renewed.at("holder")).isEqualTo("me");
                assertThat(renewed.json().path("expiresInMillis").asLong()).isGreaterThan(50_000);
                await().until(() -> server.children("/paddock/locks/held").isEmpty());
                await().until(() -> server.children("/paddock/locks/queued").size() == 1);
                assertThat(again.admin().get("/status").at("leases")).isEqualTo("1");
                await().until(() -> again.admin().get("/status").at("instances").equals("1"));
                again.terminate();
            }
            assertThat(server.children("/paddock/locks/kept"))
                    .as("SIGTERM releases")
                    .isEmpty();
            assertThat(state.resolve("session")).doesNotExist();
        }
    }

    @Test
    void aSessionThatDidNotLiveOnIsLostNotInvented() {
        String lease;
        try (var sidecar = SidecarProcess.start(server.address(), state)) {
            lease = sidecar.http().put("/v1/locks/kept?wait=10s", "").at("lease");
            String session = sidecar.admin().get("/status").at("session");
            sidecar.kill();
            server.expire(Long.decode(session));
        }
        try (var sidecar = Sidecars.start(server.address(), state)) {
            var http = new Http(sidecar.port());
            assertThat(http.post("/v1/locks/kept/renew", "{\"lease\":\"" + lease + "\"}")
                            .status())
                    .isEqualTo(410);
            assertThat(http.put("/v1/locks/kept", "").status()).isEqualTo(200);
            assertThat(state.resolve("leases").toFile().list()).hasSize(1);
        }
    }
}
