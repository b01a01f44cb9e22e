package dev.paddock.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.RawHttp;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page, a confused proxy or an attacker on the node may send. */
class HostileTest {
    private static ApacheServer server;
    private static Sidecar sidecar;
    private static int port;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = ApacheServer.start(folder);
        sidecar = Sidecars.start(server.address());
        port = sidecar.port();
        assertThat(new Http(port).put("/v1/config/key", "\"value\"").status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        sidecar.close();
        server.close();
    }

    private static int status(String request) {
        try (var raw = new RawHttp(port)) {
            raw.send(request.replace("PORT", Integer.toString(port)));
            return raw.status();
        }
    }

    private static int get(String headers) {
        return status("GET /v1/config/key HTTP/1.1\r\n" + headers + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT", "LOCALHOST:PORT"})
    void loopbackHostsAreServed(String host) {
        assertThat(get("Host: " + host + "\r\n")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.test",
                "evil.test:PORT",
                "localhost.evil.test:PORT",
                "127.0.0.1.nip.io:PORT",
                "localhost:1",
                "localhost",
                "0.0.0.0:PORT",
                "127.0.0.1:PORT.evil.test",
                "user@localhost:PORT",
                "localhost:PORT/",
                "[::1]",
                "2130706433:PORT",
                " "
            })
    void otherHostsAreNot(String host) {
        assertThat(get("Host: " + host + "\r\n")).isIn(400, 421);
    }

    @Test
    void exactlyOneHost() {
        assertThat(get("")).isEqualTo(400);
        assertThat(get("Host: localhost:PORT\r\nHost: localhost:PORT\r\n")).isEqualTo(400);
        assertThat(get("Host: localhost:PORT\r\nhost: evil.test\r\n")).isEqualTo(400);
        assertThat(status("GET /v1/config/key HTTP/1.0\r\n\r\n")).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.test/v1/config/key,421",
        "http://localhost:PORT/v1/config/key,200",
        "https://localhost:PORT/v1/config/key,400",
        "http://localhost:PORT@evil.test/v1/config/key,421",
        "localhost:PORT,400",
        "*,400",
        "//evil.test/v1/config/key,400"
    })
    void absoluteTargets(String target, int status) {
        assertThat(status("GET " + target + " HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: https://evil.test,403", "Origin: null,403", "Origin: http://localhost:PORT,403",
                "Sec-Fetch-Site: cross-site,403",
        "Sec-Fetch-Site: same-site,403", "Sec-Fetch-Site: none,200", "Upgrade: websocket,400", "Upgrade: h2c,200"
    })
    void webPagesAreRefused(String header, int status) {
        assertThat(get("Host: localhost:PORT\r\nConnection: Upgrade\r\n" + header + "\r\n"))
                .isEqualTo(status);
    }

    @Test
    void noCorsGrant() {
        try (var raw = new RawHttp(port)) {
            raw.send("OPTIONS /v1/config/key HTTP/1.1\r\nHost: localhost:" + port
                    + "\r\nOrigin: https://evil.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
            String answer = raw.rest();
            assertThat(answer).startsWith("HTTP/1.1 40").doesNotContainIgnoringCase("access-control");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "CONNECT", "PATCH", "PRI", "get", "FOO"})
    void otherMethods(String method) {
        assertThat(status(method + " /v1/config/key HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"))
                .isIn(400, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "",
                "application/jsonp",
                "application/json, text/plain"
            })
    void onlyJsonBodies(String type) {
        String header = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        assertThat(status("PUT /v1/config/key HTTP/1.1\r\nHost: localhost:PORT\r\n" + header
                        + "Content-Length: 3\r\n\r\n\"x\""))
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 3\r\nContent-Length: 4\r\n\r\n\"x\"",
                "Content-Length: 3, 3\r\n\r\n\"x\"",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: +3\r\n\r\n\"x\"",
                "Content-Length: 99999999999999999999\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n3\r\n\"x\"\r\n0\r\n\r\n",
                "Content-Length : 3\r\n\r\n\"x\"",
                "Content-Length: 99999999\r\n\r\n"
            })
    void brokenFramingWritesNothing(String framing) {
        int status =
                status("PUT /v1/config/framed HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Type: application/json\r\n"
                        + framing);
        assertThat(status).isIn(400, 411, 413, 415, -1);
        assertThat(new Http(port).get("/v1/config/framed").status()).isEqualTo(404);
    }

    /** RFC 9112 lets a server join a folded line with a space; what comes of it is checked like any other value. */
    @Test
    void aFoldedLineHidesNothing() {
        assertThat(get("Host: localhost:PORT\r\n .evil.test\r\n")).isEqualTo(421);
        assertThat(get("Host: localhost:PORT\r\nX: a\r\n Origin: https://evil.test\r\n"))
                .isEqualTo(200);
        assertThat(get("Host: localhost:PORT\r\nOrigin:\r\n https://evil.test\r\n"))
                .isIn(400, 403);
    }

    @Test
    void headersAreBounded() {
        assertThat(get("Host: localhost:PORT\r\nX: " + "a".repeat(65536) + "\r\n"))
                .isIn(431, -1);
        assertThat(get("Host: localhost:PORT\r\n" + "X: y\r\n".repeat(10_000))).isIn(431, -1);
        assertThat(status("GET /" + "a".repeat(65536) + " HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"))
                .isIn(414, -1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/config/a/%2e%2e/key", "/v1/config/%2fkey", "/v1/config/%252fkey", "/v1/config/..;/key",
                        "/v1/config/a\\key",
                "/v1/config/key%00", "/v1/config/a%ef%bc%8fkey", "/v1/config//key", "/v1/config/key/",
                        "/v1/config/../config/key",
                "/v1/locks/%2e%2e", "/v1/locks/a%2fb", "/v1/locks/a%20b", "/v1/locks/.%00"
            })
    void trickyPathsAreNeverNormalised(String path) {
        assertThat(status("GET " + path + " HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"))
                .isEqualTo(400);
    }

    @Test
    void namesAreBounded() {
        assertThat(new Http(port).get("/v1/locks/" + "a".repeat(128)).status()).isEqualTo(200);
        assertThat(new Http(port).get("/v1/locks/" + "a".repeat(129)).status()).isEqualTo(400);
    }

    @Test
    void aRequestSentByteByByteIsCutAndOthersGoOn() {
        var slow = new ArrayList<RawHttp>();
        for (int i = 0; i < 50; i++) slow.add(new RawHttp(port));
        slow.forEach(raw -> raw.send("GET /v1/config/key HTTP/1.1\r\nHost: loc"));
        assertThat(get("Host: localhost:PORT\r\n")).isEqualTo(200);
        slow.forEach(raw -> assertThat(raw.status()).isIn(408, -1));
        slow.forEach(RawHttp::close);
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() {
        String one = "GET /v1/config/key HTTP/1.1\r\nHost: localhost:" + port + "\r\n";
        try (var raw = new RawHttp(port)) {
            raw.send(one + "\r\n" + one.replace("key", "none") + "\r\n" + one + "Connection: close\r\n\r\n");
            String answers = raw.rest();
            assertThat(Pattern.compile("HTTP/1.1 (\\d+)")
                            .matcher(answers)
                            .results()
                            .map(found -> found.group(1)))
                    .containsExactly("200", "404", "200");
        }
    }

    @Test
    void whatIsUnknownIsAProblem() {
        var http = new Http(port);
        assertThat(http.get("/").status()).isEqualTo(404);
        var missing = http.put("/v1/elections/x", "");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
        var method = http.post("/v1/locks/x", "");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("DELETE, GET, PUT");
        assertThat(http.put("/v1/locks/x", "{\"a\":".repeat(1000)).status()).isEqualTo(400);
    }
}
