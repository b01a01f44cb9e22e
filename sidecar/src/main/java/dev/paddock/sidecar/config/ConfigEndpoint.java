package dev.paddock.sidecar.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Unavailable;
import dev.paddock.sidecar.http.Json;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /v1/config/{path}}. */
public final class ConfigEndpoint {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX_WITH_COPY = Duration.ofSeconds(1);
    private static final Duration WAIT_MAX = Duration.ofHours(1);
    private static final int VALUE_BYTES_MAX = 1_000_000; // fits into ZooKeeper's packet with its path

    private final Ensemble ensemble;
    private final LastKnown lastKnown;
    private final ConfigWriter writer;

    public ConfigEndpoint(Ensemble ensemble, LastKnown lastKnown) {
        this.ensemble = ensemble;
        this.lastKnown = lastKnown;
        this.writer = new ConfigWriter(ensemble);
    }

    /** The operations, in the order of the reference. */
    public List<Route> routes() {
        String key = "/v1/config/{path}";
        return List.of(
                Route.of("GET", key, this::get, "recursive", "format", "index", "wait"),
                Route.of("PUT", key, this::put),
                Route.of("DELETE", key, this::delete));
    }

    private Response get(Request request) throws InterruptedException {
        String path = key(request);
        boolean recursive = request.flag("recursive");
        if (request.query("format").isPresent() && !recursive)
            throw new Refused(Problem.badRequest("format goes with recursive=true"));
        if (request.acceptsEvents()) return watch(request, path, recursive);
        Optional<Response> fresh = fresh(request, path, recursive);
        return fresh.isPresent() ? fresh.get() : stale(request, path, recursive);
    }

    /** The answer of the ensemble; empty if it cannot be reached and there is a copy to show instead. */
    private Optional<Response> fresh(Request request, String path, boolean recursive) throws InterruptedException {
        boolean copy = lastKnown.get(path, recursive).isPresent();
        try {
            Optional<Values> values = request.query("index").isPresent()
                    ? poll(request, path, recursive, copy)
                    : Optional.of(read(path, recursive, copy));
            if (values.isEmpty()) return Optional.of(Response.empty(304).with("ETag", etag(request)));
            lastKnown.put(values.get(), recursive, System.currentTimeMillis());
            return Optional.of(show(request, values.get(), recursive));
        } catch (Unavailable e) {
            if (copy) return Optional.empty();
            throw e;
        }
    }

    private Response stale(Request request, String path, boolean recursive) {
        LastKnown.Kept kept = lastKnown
                .get(path, recursive)
                .orElseThrow(() -> new Unavailable("the ensemble cannot be reached, and there is no copy"));
        return show(request, kept.values(), recursive)
                .with("Paddock-Stale", Long.toString(kept.ageSeconds(System.currentTimeMillis())));
    }

    private Values read(String path, boolean recursive, boolean copy) throws InterruptedException {
        return Values.of(path, Mirror.read(ensemble, path, depth(recursive), limit(copy)), recursive);
    }

    private Duration limit(boolean copy) {
        return copy && !ensemble.isUp() ? ANSWER_MAX_WITH_COPY : ANSWER_MAX;
    }

    /** Waits for a state after {@code index}; empty if there is none in time. */
    private Optional<Values> poll(Request request, String path, boolean recursive, boolean copy)
            throws InterruptedException {
        long index = request.number("index", 0, 0, Long.MAX_VALUE);
        Duration wait = request.query("wait", Duration.ofSeconds(30));
        if (wait.compareTo(WAIT_MAX) > 0) throw new Refused(Problem.badRequest("wait is at most 1h"));
        long deadline = System.nanoTime() + wait.toNanos();
        try (var mirror = Mirror.following(ensemble, path, depth(recursive))) {
            mirror.load(limit(copy));
            while (mirror.tree().zxid() <= index) {
                long left = deadline - System.nanoTime();
                if (left <= 0) return Optional.empty();
                mirror.await(left);
            }
            return Optional.of(Values.of(path, mirror.tree(), recursive));
        }
    }

    private static String etag(Request request) {
        return "\"" + request.number("index", 0, 0, Long.MAX_VALUE) + "\"";
    }

    private Response.Full show(Request request, Values values, boolean recursive) {
        String index = Long.toString(values.index());
        if (!values.exists())
            return (Response.Full)
                    new Problem(404, "no-such-key", "there is no " + values.root(), false, Map.of("index", index))
                            .response();
        Response.Full full = ETags.matches(request.header("If-None-Match"), values.index())
                ? Response.empty(304)
                : recursive ? tree(request, values) : single(request, values);
        return full.with("ETag", values.etag()).with("Paddock-Index", index);
    }

    private static Response.Full tree(Request request, Values values) {
        Format format = Format.of(request.query("format").orElse("json"))
                .orElseThrow(() -> new Refused(Problem.badRequest("format must be json, yaml or env")));
        try {
            return Response.bytes(200, format.type(), format.write(values));
        } catch (Format.Collision e) {
            throw new Refused(Problem.mistake(409, "names-collide", String.valueOf(e.getMessage())));
        }
    }

    private static Response.Full single(Request request, Values values) {
        Value value = values.single().orElseThrow();
        if (request.header("Accept").orElse("").contains("application/json"))
            return Response.json(200, value.json(values.root()));
        String type = value.text().isPresent() ? "text/plain; charset=utf-8" : "application/octet-stream";
        return Response.bytes(200, type, value.data());
    }

    private Response watch(Request request, String path, boolean recursive) throws InterruptedException {
        var mirror = Mirror.following(ensemble, path, depth(recursive));
        try {
            if (request.lastEventId() >= 0)
                ensemble.ask(ANSWER_MAX, client -> client.sync(path)); // not behind what the client saw
            mirror.load(ANSWER_MAX);
        } catch (RuntimeException | InterruptedException e) {
            mirror.close();
            throw e;
        }
        Supplier<Values> reading = () -> {
            var values = Values.of(path, mirror.tree(), recursive);
            lastKnown.put(values, recursive, System.currentTimeMillis());
            return values;
        };
        return new Response.Events(new ConfigStream(mirror, reading, recursive, request.lastEventId()));
    }

    private static Mirror.Depth depth(boolean recursive) {
        return recursive ? Mirror.Depth.SUBTREE : Mirror.Depth.NODE;
    }

    /** {@code PUT}: 200 changed or 201 created, 412 when {@code If-Match} or {@code If-None-Match} does not hold. */
    private Response put(Request request) throws InterruptedException {
        return answer(writer.put(key(request), value(request.body()), ETags.condition(request)));
    }

    private Response delete(Request request) throws InterruptedException {
        return answer(writer.delete(key(request), ETags.condition(request)));
    }

    private static Response answer(Written written) {
        return switch (written) {
            case Written.Stored(int status, long mzxid) ->
                Response.json(status, Map.of("mzxid", Long.toString(mzxid))).with("ETag", "\"" + mzxid + "\"");
            case Written.Deleted _ -> Response.empty(204);
            case Written.Conflict(String detail) ->
                Problem.mistake(412, "precondition-failed", detail).response();
            case Written.Missing _ ->
                Problem.mistake(404, "no-such-key", "there is no such key").response();
            case Written.HasChildren _ ->
                Problem.mistake(409, "has-children", "there are keys below it; delete them first")
                        .response();
            case Written.Unknown _ ->
                Problem.passing(503, "outcome-unknown", "the connection was lost: read before trying again")
                        .response();
            case Written.Denied(String detail) ->
                Problem.mistake(403, "denied", detail).response();
        };
    }

    /** {@code {"value": text or any JSON}}, {@code {"base64": bytes}}, or just {@code "text"}. */
    static byte[] value(JsonNode body) {
        byte[] value = valueOf(body);
        if (value.length > VALUE_BYTES_MAX)
            throw new Refused(
                    Problem.mistake(413, "value-too-large", "a value holds at most " + VALUE_BYTES_MAX + " bytes"));
        return value;
    }

    private static byte[] valueOf(JsonNode body) {
        if (body.isTextual()) return body.asText().getBytes(StandardCharsets.UTF_8);
        if (body.isObject() && body.size() == 1) {
            JsonNode value = body.path("value");
            if (value.isTextual()) return value.asText().getBytes(StandardCharsets.UTF_8);
            if (!value.isMissingNode()) return Json.bytes(value);
            if (body.path("base64").isTextual())
                return base64(body.path("base64").asText());
        }
        throw new Refused(Problem.badRequest("the body must be {\"value\": …}, {\"base64\": \"…\"} or a JSON string"));
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) { // told to the caller
            throw new Refused(Problem.badRequest("base64 does not decode"));
        }
    }

    private static String key(Request request) {
        String path = request.path("path");
        if (path.chars().anyMatch(c -> (c >= 0xe000 && c <= 0xf8ff) || c >= 0xfff0))
            throw new Refused(
                    Problem.mistake(400, "bad-target", "a key has a character that ZooKeeper's paths do not take"));
        String top = Arrays.asList(path.split("/", -1)).get(1);
        if (top.equals("zookeeper") || top.equals("paddock"))
            throw new Refused(Problem.mistake(403, "reserved", "/" + top + " is not config"));
        return path;
    }
}
