package dev.paddock.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** As a kubelet asks. */
final class HealthServerTest {
    private final HttpClient kubelet = HttpClient.newHttpClient();

    @Test
    void itLivesBeforeItIsReady() throws Exception {
        AtomicBoolean ready = new AtomicBoolean();
        try (HealthServer health = HealthServer.start(0, ready::get)) {
            assertThat(status(health, "GET", "/health/live")).isEqualTo(200);
            assertThat(status(health, "GET", "/health/ready")).isEqualTo(503);
            ready.set(true);
            assertThat(status(health, "GET", "/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void nothingElseIsAnswered() throws Exception {
        try (HealthServer health = HealthServer.start(0, () -> true)) {
            assertThat(status(health, "GET", "/")).isEqualTo(404);
            assertThat(status(health, "POST", "/health/live")).isEqualTo(404);
        }
    }

    private int status(HealthServer health, String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + health.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = kubelet.send(request, BodyHandlers.ofString());
        return answer.statusCode();
    }
}
