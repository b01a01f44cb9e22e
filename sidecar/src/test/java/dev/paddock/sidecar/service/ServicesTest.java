package dev.paddock.sidecar.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
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

    private static void register(Http http, String service, String id, int port) {
        var answer = http.put(
                "/v1/services/" + service + "/instances/" + id, "{\"address\":\"10.0.0.1\",\"port\":" + port + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void registerListPickAndLeave() {
        for (int i = 0; i < 5; i++) register(i % 2 == 0 ? a : b, "web", "i" + i, 8000 + i);
        var list = a.get("/v1/services/web");
        assertThat(list.json().path("instances")).hasSize(5);
        assertThat(list.json().path("instances").path(1).path("id").asText()).isEqualTo("i1");
        Map<String, String> before = new HashMap<>();
        for (int i = 0; i < 50; i++) before.put("k" + i, picked(a, "k" + i));
        assertThat(b.delete("/v1/services/web/instances/i3").status()).isEqualTo(204);
        before.forEach((key, instance) -> {
            if (!instance.equals("i3")) assertThat(picked(b, key)).isEqualTo(instance);
            else assertThat(picked(b, key)).isNotEqualTo("i3");
        });
        assertThat(a.get("/v1/services/web/pick?key=x&count=9").json().path("instances"))
                .hasSize(4);
        assertThat(a.get("/v1/services/none/pick?key=x").status()).isEqualTo(503);
        assertThat(a.get("/v1/services/web/pick").status()).isEqualTo(400);
    }

    private static String picked(Http http, String key) {
        return http.get("/v1/services/web/pick?key=" + key)
                .json()
                .path("instances")
                .path(0)
                .path("id")
                .asText();
    }

    @Test
    void anIdBelongsToOneSession() {
        register(a, "own", "one", 1);
        var taken = b.put("/v1/services/own/instances/one", "{\"address\":\"10.0.0.2\",\"port\":2}");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(b.delete("/v1/services/own/instances/one").status()).isEqualTo(409);
        register(a, "own", "one", 3);
        assertThat(b.get("/v1/services/own")
                        .json()
                        .path("instances")
                        .path(0)
                        .path("port")
                        .asInt())
                .isEqualTo(3);
        assertThat(a.delete("/v1/services/own/instances/two").status()).isEqualTo(404);
        assertThat(a.put("/v1/services/own/instances/x", "{\"address\":\"a b\",\"port\":2}")
                        .status())
                .isEqualTo(400);
        assertThat(a.put("/v1/services/own/instances/x", "{\"address\":\"a\"}").status())
                .isEqualTo(400);
    }

    @Test
    void eventsTellUpChangedDown() {
        try (var stream = b.events("GET", "/v1/services/seen/events")) {
            assertThat(stream.next().data().path("instances")).isEmpty();
            register(a, "seen", "one", 1);
            assertThat(stream.next("up").data().path("port").asInt()).isEqualTo(1);
            register(a, "seen", "one", 2);
            assertThat(stream.next("changed").data().path("port").asInt()).isEqualTo(2);
            a.delete("/v1/services/seen/instances/one");
            assertThat(stream.next("down").data().path("id").asText()).isEqualTo("one");
        }
    }

    @Test
    void aLostSessionRegistersAgain(@TempDir Path folder) {
        try (var own = ApacheServer.start(folder);
                var sidecar = Sidecars.start(own.address())) {
            var http = new Http(sidecar.port());
            register(http, "back", "one", 1);
            var admin = new Http(sidecar.adminPort());
            String session = admin.get("/status").at("session");
            own.expire(Long.decode(session));
            await().until(() -> !admin.get("/status").at("session").equals(session));
            await().until(() ->
                    http.get("/v1/services/back").json().path("instances").size() == 1);
        }
    }
}
