package dev.paddock.sidecar.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.RawHttp;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sidecars on one ensemble, called over HTTP. */
class LocksTest {
    private static ApacheServer server;
    private static Sidecar first;
    private static Sidecar second;
    private static Http a;
    private static Http b;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = ApacheServer.start(folder);
        first = Sidecars.start(server.address());
        second = Sidecars.start(server.address());
        a = new Http(first.port());
        b = new Http(second.port());
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        server.close();
    }

    @Test
    void aSecondCallerGetsTheHolderAndThenTheLock() {
        var granted = a.put("/v1/locks/demo?wait=5s", "{\"holder\":\"alice\"}");
        assertThat(granted.status()).as(granted.text()).isEqualTo(200);
        assertThat(granted.at("holder")).isEqualTo("alice");
        assertThat(granted.at("mode")).isEqualTo("exclusive");
        assertThat(granted.json().path("fencingToken").isTextual()).isTrue();
        assertThat(granted.json().path("expiresInMillis").asLong()).isPositive();

        var busy = b.put("/v1/locks/demo", "");
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(busy.at("holder")).isEqualTo("alice");
        assertThat(busy.at("fencingToken")).isEqualTo(granted.at("fencingToken"));
        assertThat(busy.json().path("retryable").asBoolean()).isTrue();
        assertThat(busy.text()).doesNotContain(granted.at("lease"));

        assertThat(a.get("/v1/locks/demo").at("holder")).isEqualTo("alice");
        assertThat(a.delete("/v1/locks/demo?lease=" + granted.at("lease")).status())
                .isEqualTo(204);
        var next = b.put("/v1/locks/demo", "");
        assertThat(next.status()).isEqualTo(200);
        assertThat(Long.parseLong(next.at("fencingToken"))).isGreaterThan(Long.parseLong(granted.at("fencingToken")));
        assertThat(b.delete("/v1/locks/demo?lease=" + next.at("lease")).status())
                .isEqualTo(204);
        assertThat(server.children("/paddock/locks/demo")).isEmpty();
    }

    @Test
    void aWaiterIsServedWhenTheHolderGoes() {
        var granted = a.put("/v1/locks/wait", "");
        var waiting = b.sendAsync("PUT", "/v1/locks/wait?wait=20s", "");
        await().until(() -> a.get("/v1/locks/wait").json().path("queue").size() == 1);
        a.delete("/v1/locks/wait?lease=" + granted.at("lease"));
        var next = waiting.join();
        assertThat(next.status()).isEqualTo(200);
        b.delete("/v1/locks/wait?lease=" + next.at("lease"));
    }

    @Test
    void oneAtATimeUnderLoad() {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var tokens = java.util.Collections.synchronizedList(new ArrayList<Long>());
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 30; i++) {
            Http http = i % 2 == 0 ? a : b;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        var granted = http.put("/v1/locks/load?wait=25s", "");
                        assertThat(granted.status()).as(granted.text()).isEqualTo(200);
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        tokens.add(Long.parseLong(granted.at("fencingToken")));
                        inside.decrementAndGet();
                        assertThat(http.delete("/v1/locks/load?lease=" + granted.at("lease"))
                                        .status())
                                .isEqualTo(204);
                    },
                    Thread::startVirtualThread));
        }
        all.forEach(CompletableFuture::join);
        assertThat(most).hasValue(1);
        assertThat(tokens).hasSize(30).isSorted();
        assertThat(server.children("/paddock/locks/load")).isEmpty();
    }

    @Test
    void sharedHoldersTogetherExclusiveAlone() {
        String shared = "{\"mode\":\"shared\"}";
        var one = a.put("/v1/locks/rw", shared);
        var two = b.put("/v1/locks/rw", shared);
        assertThat(one.status()).isEqualTo(200);
        assertThat(two.status()).isEqualTo(200);
        var writer = a.sendAsync("PUT", "/v1/locks/rw?wait=20s", "");
        await().until(() -> a.get("/v1/locks/rw").json().path("queue").size() == 1);
        assertThat(b.put("/v1/locks/rw", shared).status())
                .as("fair: no reader passes a waiting writer")
                .isEqualTo(409);
        a.delete("/v1/locks/rw?lease=" + one.at("lease"));
        b.delete("/v1/locks/rw?lease=" + two.at("lease"));
        assertThat(writer.join().status()).isEqualTo(200);
        a.delete("/v1/locks/rw?lease=" + writer.join().at("lease"));
    }

    @Test
    void withoutRenewTheTtlEndsIt() {
        var granted = a.put("/v1/locks/ttl", "{\"ttl\":\"4s\"}");
        String lease = "{\"lease\":\"" + granted.at("lease") + "\"}";
        assertThat(granted.json().path("expiresInMillis").asLong()).isBetween(1L, 4000L);
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (System.nanoTime() < until)
            assertThat(a.post("/v1/locks/ttl/renew", lease).status()).isEqualTo(200);
        assertThat(b.put("/v1/locks/ttl", "").status()).isEqualTo(409);
        var next = b.put("/v1/locks/ttl?wait=10s", "");
        assertThat(next.status()).isEqualTo(200);
        var lost = a.post("/v1/locks/ttl/renew", lease);
        assertThat(lost.status()).isEqualTo(410);
        assertThat(lost.at("detail")).contains("ttl");
        assertThat(a.delete("/v1/locks/ttl?lease=" + granted.at("lease")).status())
                .isEqualTo(410);
        b.delete("/v1/locks/ttl?lease=" + next.at("lease"));
    }

    @Test
    void holdLastsAsLongAsTheStream() {
        Http.Events stream = a.events("POST", "/v1/locks/hold/hold?wait=5s");
        var granted = stream.next("granted");
        assertThat(granted.id()).isEqualTo(granted.data().path("fencingToken").asText());
        assertThat(b.put("/v1/locks/hold", "").status()).isEqualTo(409);
        stream.close();
        var next = b.put("/v1/locks/hold?wait=10s", "");
        assertThat(next.status()).isEqualTo(200);
        b.delete("/v1/locks/hold?lease=" + next.at("lease"));
    }

    @Test
    void aWaiterWhoseClientGoesAwayLeavesTheQueue() {
        var granted = a.put("/v1/locks/gone", "");
        var waiting = b.sendAsync("PUT", "/v1/locks/gone?wait=1m", "");
        await().until(() -> server.children("/paddock/locks/gone").size() == 2);
        waiting.cancel(true);
        try (var cut = new RawHttp(second.port())) {
            cut.send("PUT /v1/locks/gone?wait=1m HTTP/1.1\r\nHost: 127.0.0.1:" + second.port() + "\r\n\r\n");
            await().until(() -> server.children("/paddock/locks/gone").size() >= 2);
        }
        await().until(() -> server.children("/paddock/locks/gone").size() == 1);
        a.delete("/v1/locks/gone?lease=" + granted.at("lease"));
    }

    @Test
    void verifyKnowsOnlyTheCurrentToken() {
        var granted = a.put("/v1/locks/fence", "");
        String token = granted.at("fencingToken");
        var valid = b.post("/v1/locks/fence/verify", "{\"fencingToken\":\"" + token + "\"}");
        assertThat(valid.json().path("valid").asBoolean()).isTrue();
        assertThat(valid.at("current")).isEqualTo(token);
        a.delete("/v1/locks/fence?lease=" + granted.at("lease"));
        var after = b.post("/v1/locks/fence/verify", "{\"fencingToken\":\"" + token + "\"}");
        assertThat(after.json().path("valid").asBoolean()).isFalse();
        assertThat(after.json().has("current")).isFalse();
    }

    @Test
    void eventsTellGrantedAndReleased() {
        try (var stream = b.events("GET", "/v1/locks/watched/events")) {
            assertThat(stream.next().name()).isEqualTo("snapshot");
            var granted = a.put("/v1/locks/watched", "{\"holder\":\"alice\"}");
            var event = stream.next();
            assertThat(event.name()).isEqualTo("granted");
            assertThat(event.data().path("holder").asText()).isEqualTo("alice");
            assertThat(event.data().path("fencingToken").asText()).isEqualTo(granted.at("fencingToken"));
            a.delete("/v1/locks/watched?lease=" + granted.at("lease"));
            assertThat(stream.next().name()).isEqualTo("released");
        }
    }

    @Test
    void onlyTheLeaseReleases() {
        var granted = a.put("/v1/locks/own", "");
        assertThat(b.delete("/v1/locks/own?lease=" + granted.at("lease")).status())
                .isEqualTo(410);
        assertThat(a.delete("/v1/locks/other?lease=" + granted.at("lease")).status())
                .isEqualTo(410);
        assertThat(a.delete("/v1/locks/own?lease=guess").status()).isEqualTo(410);
        assertThat(a.delete("/v1/locks/own").status()).isEqualTo(400);
        assertThat(a.get("/v1/locks/own").json().path("held").asBoolean()).isTrue();
        a.delete("/v1/locks/own?lease=" + granted.at("lease"));
    }

    @Test
    void badRequestsAreNamed() {
        assertThat(a.put("/v1/locks/bad", "{\"ttl\":\"never\"}").status()).isEqualTo(400);
        assertThat(a.put("/v1/locks/bad", "{\"ttl\":\"1ms\"}").status()).isEqualTo(400);
        assertThat(a.put("/v1/locks/bad", "{\"mode\":\"both\"}").status()).isEqualTo(400);
        assertThat(a.put("/v1/locks/bad", "{\"holder\":7}").status()).isEqualTo(400);
        assertThat(a.put("/v1/locks/bad", "{\"hodler\":\"x\"}").at("detail")).contains("hodler");
        assertThat(a.put("/v1/locks/bad?wiat=5s", "").status()).isEqualTo(400);
        assertThat(a.put("/v1/locks/b%20d", "").status()).isEqualTo(400);
        assertThat(server.children("/paddock/locks/bad")).isEmpty();
    }
}
