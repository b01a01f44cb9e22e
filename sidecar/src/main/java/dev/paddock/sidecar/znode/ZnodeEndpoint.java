package dev.paddock.sidecar.znode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.client.ChildrenPage;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Created;
import dev.paddock.client.Done;
import dev.paddock.client.NodeData;
import dev.paddock.client.PageQuery;
import dev.paddock.client.Reply;
import dev.paddock.client.TreeDeletion;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /v1/znodes/{path}}: znodes as they are, with stat and version checks. */
public final class ZnodeEndpoint {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration DELETE_WAIT_MAX = Duration.ofMinutes(5);
    private static final int CHILDREN_MAX = 8_192; // of one answer; a server of ours gives no more in a page
    private static final int CHILDREN = 1_000;
    private static final int DELETES_AT_ONCE = 1_000;

    private final Ensemble ensemble;

    public ZnodeEndpoint(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** The operations, in the order of the reference. */
    public List<Route> routes() {
        String[] reading = {"children", "limit", "cursor", "prefix", "pzxid", "sync", "encoding"};
        return List.of(
                Route.of("GET", "/v1/znodes", request -> get(request, "/"), reading),
                Route.of("GET", "/v1/znodes/{path}", request -> get(request, request.path("path")), reading),
                Route.of("PUT", "/v1/znodes/{path}", this::put, "version", "create"),
                Route.of("POST", "/v1/znodes/{path}", this::post),
                Route.of("DELETE", "/v1/znodes/{path}", this::delete, "version", "recursive", "wait"));
    }

    private Response get(Request request, String path) throws InterruptedException {
        Znodes.path(path);
        if (request.flag("children")) return children(request, path);
        for (String query : List.of("limit", "cursor", "prefix", "pzxid")) {
            if (request.query(query).isPresent())
                throw new Refused(Problem.badRequest(query + " goes with children=true"));
        }
        boolean alwaysBase64 = switch (request.query("encoding").orElse("auto")) {
            case "auto" -> false;
            case "base64" -> true;
            default -> throw new Refused(Problem.badRequest("encoding must be auto or base64"));
        };
        return answer(read(request, path, client -> client.getData(path)), path, (NodeData node, Long zxid) -> {
            Map<String, Object> json = shown(path, node.stat(), zxid);
            Znodes.putData(json, node.data(), alwaysBase64);
            return Response.json(200, json);
        });
    }

    private Response children(Request request, String path) throws InterruptedException {
        int limit = (int) request.number("limit", CHILDREN, 1, CHILDREN_MAX);
        var query = new PageQuery(
                request.query("cursor").orElse(""), request.query("prefix").orElse(""), limit);
        long pzxid = request.number("pzxid", -1, 0, Long.MAX_VALUE);
        Reply<ChildrenPage> reply = read(request, path, client -> client.getChildrenPage(path, query));
        return answer(reply, path, (ChildrenPage page, Long zxid) -> {
            if (pzxid >= 0 && page.stat().pzxid() != pzxid)
                return new Problem(
                                409,
                                "children-changed",
                                "children came or went: begin the listing again",
                                false,
                                Map.of("pzxid", Long.toString(page.stat().pzxid())))
                        .response();
            Map<String, Object> json = shown(path, page.stat(), zxid);
            json.put("children", page.names());
            page.next().ifPresent(next -> json.put("next", next));
            return Response.json(200, json);
        });
    }

    private <T> Reply<T> read(Request request, String path, Function<Client, CompletableFuture<Reply<T>>> call)
            throws InterruptedException {
        boolean sync = request.flag("sync");
        return ensemble.ask(ANSWER_MAX, client -> {
            if (!sync) return call.apply(client);
            var synced = client.sync(path); // pipelined: the read comes after it at the server
            return synced.thenCombine(call.apply(client), (_, read) -> read);
        });
    }

    /** The body of {@code PUT}. */
    private record Change(
            @Nullable JsonNode value, @Nullable String base64) {}

    /** {@code PUT}: 200 changed, 201 created, 404 none there, 409 another version. */
    private Response put(Request request) throws InterruptedException {
        String path = Znodes.changeable(request.path("path"));
        boolean create = request.flag("create");
        int version = (int) request.number("version", Client.ANY_VERSION, Client.ANY_VERSION, Integer.MAX_VALUE);
        if (create && version != Client.ANY_VERSION)
            throw new Refused(Problem.badRequest("version and create exclude each other"));
        Change change = request.body(Change.class, () -> new Change(null, null));
        byte[] data = Data.required(change.value(), change.base64());
        while (true) {
            Optional<Reply<Stat>> set = once(client -> client.setData(path, data, version));
            if (set.isEmpty()) return unknown();
            if (!create || !isRefused(set.get(), ErrorCode.NO_NODE)) return answer(set.get(), path, done(200, path));
            Optional<Reply<Created>> created = once(client -> client.create(path, data, CreateMode.PERSISTENT));
            if (created.isEmpty()) return unknown();
            if (!isRefused(created.get(), ErrorCode.NODE_EXISTS)) // else it came meanwhile
            return answer(created.get().map(Created::stat), path, done(201, path));
        }
    }

    /** {@code POST}: 201 created, with the name that the server made of a sequential one. */
    private Response post(Request request) throws InterruptedException {
        String path = Znodes.changeable(request.path("path"));
        Creation wanted = request.body(Creation.class, () -> Creation.PLAIN);
        byte[] data = wanted.data();
        Optional<Duration> ttl = wanted.timeToLive();
        CreateMode mode = wanted.createMode();
        var acls = wanted.acls();
        Optional<Reply<Created>> reply = once(client -> ttl.isPresent()
                ? client.createTtl(path, data, acls, wanted.isSequential(), ttl.get())
                : client.create(path, data, acls, mode));
        if (reply.isEmpty()) return unknown();
        return answer(
                reply.get(),
                path,
                (Created created, Long zxid) -> Response.json(201, shown(created.path(), created.stat(), zxid)));
    }

    /** {@code DELETE}: 204 deleted; with {@code recursive=true} 200 all deleted, 202 a part of it. */
    private Response delete(Request request) throws InterruptedException {
        String path = Znodes.changeable(request.path("path"));
        int version = (int) request.number("version", Client.ANY_VERSION, Client.ANY_VERSION, Integer.MAX_VALUE);
        if (request.flag("recursive")) {
            if (version != Client.ANY_VERSION)
                throw new Refused(Problem.badRequest("version and recursive exclude each other"));
            return deleteTree(path, request.query("wait", ANSWER_MAX));
        }
        if (request.query("wait").isPresent()) throw new Refused(Problem.badRequest("wait goes with recursive=true"));
        Optional<Reply<Done>> reply = once(client -> client.delete(path, version));
        if (reply.isEmpty()) return unknown();
        return answer(reply.get(), path, (Done done, Long zxid) -> Response.empty(204));
    }

    private Response deleteTree(String path, Duration wait) throws InterruptedException {
        if (wait.compareTo(DELETE_WAIT_MAX) > 0) throw new Refused(Problem.badRequest("wait is at most 5m"));
        Reply<Optional<Stat>> exists = ensemble.ask(ANSWER_MAX, client -> client.exists(path));
        if (exists instanceof Reply.Ok<Optional<Stat>> found && found.value().isEmpty())
            return Znodes.problem(ErrorCode.NO_NODE, path).response();
        long deadline = System.nanoTime() + wait.toNanos();
        var deletion = new TreeDeletion(ensemble.client(), path, DELETES_AT_ONCE);
        return switch (deletion.run(() -> deadline - System.nanoTime() > 0, _ -> {})) {
            case TreeDeletion.Outcome.Done(long deleted) -> progress(200, deleted, Optional.empty());
            case TreeDeletion.Outcome.Stopped(long deleted, String at) -> progress(202, deleted, Optional.of(at));
            case TreeDeletion.Outcome.Refused(long deleted, ErrorCode error, String refused) -> {
                Problem why = Znodes.problem(error, refused);
                yield new Problem(why.status(), why.kind(), why.detail(), why.retryable(), Map.of("deleted", deleted))
                        .response();
            }
        };
    }

    private static Response progress(int status, long deleted, Optional<String> at) {
        var json = new LinkedHashMap<String, Object>();
        json.put("deleted", deleted);
        json.put("done", at.isEmpty());
        at.ifPresent(path -> json.put("at", path));
        return Response.json(status, json);
    }

    private <T> Optional<Reply<T>> once(Function<Client, CompletableFuture<Reply<T>>> write)
            throws InterruptedException {
        return ensemble.once(ANSWER_MAX, write);
    }

    static Response unknown() {
        return Problem.passing(503, "outcome-unknown", "the connection was lost: read before trying again")
                .response();
    }

    private static boolean isRefused(Reply<?> reply, ErrorCode error) {
        return reply instanceof Reply.Refused<?> refused && refused.error() == error;
    }

    /** Shows what a reply gave, with its zxid. */
    @FunctionalInterface
    private interface Shown<T> {
        Response of(T value, Long zxid);
    }

    private static <T> Response answer(Reply<T> reply, String path, Shown<T> shown) {
        return switch (reply) {
            case Reply.Ok<T>(T value, long zxid) -> shown.of(value, zxid);
            case Reply.Refused<T> refused ->
                Znodes.problem(refused.error(), path).response();
        };
    }

    private static Shown<Stat> done(int status, String path) {
        return (stat, zxid) -> Response.json(status, shown(path, stat, zxid));
    }

    private static Map<String, Object> shown(String path, Stat stat, long zxid) {
        var json = new LinkedHashMap<String, Object>();
        json.put("path", path);
        json.put("stat", Znodes.json(stat));
        json.put("zxid", Long.toString(zxid));
        return json;
    }
}
