package dev.paddock.cli.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.cli.CommandFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A lock held through the sidecar's {@code POST /v1/locks/NAME/hold}: ours exactly as long as its stream of events is open. So
 * it is free again however this process ends.
 */
public final class Hold implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final InputStream stream;
    private final BufferedReader lines;

    private Hold(HttpClient http, InputStream stream) {
        this.http = http;
        this.stream = stream;
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /**
     * One event of the stream.
     *
     * @param name {@code granted}, {@code at-risk}, {@code lost}, …
     */
    public record Event(String name, JsonNode data) {}

    /**
     * Asks for the lock; returns when the sidecar has begun to answer.
     *
     * @param sidecar base of its API, such as {@code http://127.0.0.1:2190}
     * @param wait    how long to queue, in the sidecar's syntax ({@code 10s})
     * @param holder  who we are, for others to read
     * @throws CommandFailed if the lock is held by another or the sidecar cannot help
     */
    public static Hold ask(URI sidecar, String name, String wait, String holder) throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try {
            URI uri = sidecar.resolve("/v1/locks/" + encode(name) + "/hold?wait=" + encode(wait));
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Accept", "text/event-stream")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of("holder", holder))))
                    .build();
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) return new Hold(http, response.body());
            throw refused(name, response);
        } catch (IOException unreachable) {
            http.close();
            throw new CommandFailed("no sidecar answers at " + sidecar + "; is `paddock up` running?", unreachable);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static CommandFailed refused(String name, HttpResponse<InputStream> response) throws IOException {
        String body = new String(response.body().readNBytes(64 * 1024), StandardCharsets.UTF_8);
        try {
            JsonNode problem = JSON.readTree(body);
            String holder = problem.at("/holders/0/holder").asText();
            String detail = problem.path("detail").asText("HTTP " + response.statusCode());
            return new CommandFailed("lock " + name + ": " + detail + (holder.isEmpty() ? "" : " (" + holder + ")"));
        } catch (JsonProcessingException notJson) {
            return new CommandFailed("lock " + name + ": HTTP " + response.statusCode() + " from the sidecar", notJson);
        }
    }

    /** Waits for the next event; empty when the stream has ended, and the lock with it. */
    public Optional<Event> next() {
        String name = "message";
        StringBuilder data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:"))
                    name = line.substring("event:".length()).strip();
                if (line.startsWith("data:")) data.append(line.substring("data:".length()));
                if (line.isEmpty() && !data.isEmpty())
                    return Optional.of(new Event(name, JSON.readTree(data.toString())));
            }
            return Optional.empty();
        } catch (IOException cut) {
            return Optional.empty();
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException alreadyCut) {
            http.shutdownNow();
        }
        http.shutdownNow();
    }
}
