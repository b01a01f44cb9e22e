package dev.paddock.sidecar.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A request that has passed the {@link Guard}, with its whole body. Immutable. */
public final class Request {
    private final String method;
    private final Target target;
    private final HttpHeaders headers;
    private final byte[] body;
    private final Map<String, String> path;

    Request(String method, Target target, HttpHeaders headers, byte[] body) {
        this(method, target, headers, body, Map.of());
    }

    private Request(String method, Target target, HttpHeaders headers, byte[] body, Map<String, String> path) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.path = path;
    }

    Request matched(Map<String, String> parameters) {
        return new Request(method, target, headers, body, parameters);
    }

    String method() {
        return method;
    }

    List<String> segments() {
        return target.segments();
    }

    Map<String, String> queries() {
        return target.query();
    }

    /** The path parameter that the route names so. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) throw new IllegalArgumentException("the route has no {" + name + "}");
        return value;
    }

    /** A query parameter, empty when not given. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(target.query().get(name));
    }

    /** A query parameter that is a duration. */
    public Duration query(String name, Duration absent) {
        return query(name).map(text -> duration(name, text)).orElse(absent);
    }

    /** A query parameter {@code true} or {@code false}; given without a value it is true. */
    public boolean flag(String name) {
        return switch (query(name).orElse("false")) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new Refused(Problem.badRequest(name + " must be true or false"));
        };
    }

    /** A query parameter that is a whole number of a range. */
    public long number(String name, long absent, long min, long max) {
        return query(name).map(text -> number(name, text, min, max)).orElse(absent);
    }

    /** A header's value, the first if there are several. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether the client asks for a stream of events. */
    public boolean acceptsEvents() {
        return headers.getAll("Accept").stream().anyMatch(accept -> accept.contains("text/event-stream"));
    }

    /** The {@code Last-Event-ID} of a client that comes again, -1 if it gave none. */
    public long lastEventId() {
        return header("Last-Event-ID")
                .map(text -> number("Last-Event-ID", text, 0, Long.MAX_VALUE))
                .orElse(-1L);
    }

    /** The body read as {@code type}; {@code absent} when there is no body. */
    public <T> T body(Class<T> type, Supplier<T> absent) {
        if (body.length == 0) return absent.get();
        try {
            return Json.read(body, type);
        } catch (IOException e) {
            throw new Refused(Problem.badRequest("the body does not fit: " + firstLine(e)));
        }
    }

    /** The body as JSON of any shape. */
    public JsonNode body() {
        return body(JsonNode.class, () -> {
            throw new Refused(Problem.badRequest("a JSON body is required"));
        });
    }

    /**
     * Reads a duration of a request.
     *
     * @param name what the message calls it
     */
    public static Duration duration(String name, String text) {
        return Durations.parse(text)
                .orElseThrow(
                        () -> new Refused(Problem.badRequest(name + " must be a duration as 10s, 1m30s or PT10S")));
    }

    private static long number(String name, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) return number;
        } catch (NumberFormatException e) {
            throw new Refused(Problem.badRequest(name + " must be a whole number"));
        }
        throw new Refused(Problem.badRequest(name + " must be from " + min + " to " + max));
    }

    private static String firstLine(IOException e) {
        String message = e instanceof com.fasterxml.jackson.core.JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("no JSON");
    }
}
