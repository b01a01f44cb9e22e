package dev.paddock.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Calls a sidecar as any program would. */
public final class Http {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int port;

    public Http(int port) {
        this.port = port;
    }

    /** Status, headers and body of an answer. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(text(), e);
            }
        }

        public String at(String member) {
            return json().path(member).asText();
        }
    }

    public HttpRequest request(String method, String path, String body, String... headers) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) builder.headers(headers);
        if (body.isEmpty())
            return builder.method(method, HttpRequest.BodyPublishers.noBody()).build();
        return builder.header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    public Answer send(String method, String path, String body, String... headers) {
        return sendAsync(method, path, body, headers).join();
    }

    public CompletableFuture<Answer> sendAsync(String method, String path, String body, String... headers) {
        return client.sendAsync(request(method, path, body, headers), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(Answer::new);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    public Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    /** Opens a stream of events. */
    public Events events(String method, String path, String... headers) {
        try {
            var request = request(method, path, "", headers);
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200)
                throw new IllegalStateException(response.statusCode() + " "
                        + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            return new Events(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One event read. */
    public record Event(String id, String name, JsonNode data, long atNanos) {}

    /** A stream being read by a thread of its own. */
    public static final class Events implements AutoCloseable {
        private final HttpResponse<java.io.InputStream> response;
        private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
        private final Thread reader;

        Events(HttpResponse<java.io.InputStream> response) {
            this.response = response;
            reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String id = "", name = "", data = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) id = line.substring(4);
                    if (line.startsWith("event: ")) name = line.substring(7);
                    if (line.startsWith("data: ")) data = line.substring(6);
                    if (!line.isEmpty() || name.isEmpty()) continue;
                    queue.add(new Event(id, name, JSON.readTree(data), System.nanoTime()));
                    id = name = data = "";
                }
                queue.add(new Event("", "end", JSON.nullNode(), System.nanoTime()));
            } catch (IOException e) {
                queue.add(new Event("", "end", JSON.nullNode(), System.nanoTime()));
            }
        }

        public Event next() {
            try {
                Event event = queue.poll(10, TimeUnit.SECONDS);
                if (event == null) throw new AssertionError("no event in 10 seconds");
                return event;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The next event of this name; others are passed over. */
        public Event next(String name) {
            while (true) {
                Event event = next();
                if (event.name().equals(name)) return event;
                if (event.name().equals("end")) throw new AssertionError("the stream ended before " + name);
            }
        }

        public boolean isQuiet() {
            return queue.isEmpty();
        }

        @Override
        public void close() {
            try {
                response.body().close();
                reader.join();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
