package dev.paddock.sidecar.service;

import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Tree;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /v1/services/{name}} and below. */
public final class ServiceEndpoint {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int KEY_MAX = 1024;
    private static final int COUNT_MAX = 1000;

    private final Ensemble ensemble;
    private final Registry registry;

    public ServiceEndpoint(Ensemble ensemble) {
        this.ensemble = ensemble;
        this.registry = new Registry(ensemble);
    }

    /** The operations, in the order of the reference. */
    public List<Route> routes() {
        String service = "/v1/services/{name}";
        return List.of(
                Route.of("PUT", service + "/instances/{id}", this::register),
                Route.of("DELETE", service + "/instances/{id}", this::deregister),
                Route.of("GET", service, this::list),
                Route.of("GET", service + "/events", this::events),
                Route.of("GET", service + "/pick", this::pick, "key", "count"));
    }

    /** How many instances this sidecar has registered. */
    public int registered() {
        return registry.count();
    }

    private Response register(Request request) throws InterruptedException {
        Instance instance = request.body(Instance.Body.class, () -> {
                    throw new Refused(Problem.badRequest("a JSON body is required"));
                })
                .instance(request.path("id"));
        return switch (registry.register(request.path("name"), instance)) {
            case DONE -> Response.json(200, instance);
            case TAKEN, MISSING -> taken();
        };
    }

    private Response deregister(Request request) throws InterruptedException {
        return switch (registry.deregister(request.path("name"), request.path("id"))) {
            case DONE -> Response.empty(204);
            case TAKEN -> taken();
            case MISSING ->
                Problem.mistake(404, "no-such-instance", "it is not registered").response();
        };
    }

    private static Response taken() {
        return Problem.passing(
                        409, "instance-taken", "another session has registered this id; it is free when that ends")
                .response();
    }

    private Response list(Request request) throws InterruptedException {
        Tree tree = read(request);
        return Response.json(
                        200, Map.of("name", request.path("name"), "instances", instances(request.path("name"), tree)))
                .with("ETag", "\"" + tree.zxid() + "\"");
    }

    private Response pick(Request request) throws InterruptedException {
        String key = request.query("key").orElseThrow(() -> new Refused(Problem.badRequest("key is required")));
        if (key.isEmpty() || key.length() > KEY_MAX)
            throw new Refused(Problem.badRequest("key must be 1 to " + KEY_MAX + " characters"));
        int count = (int) request.number("count", 1, 1, COUNT_MAX);
        List<Instance> picked = Rendezvous.pick(instances(request.path("name"), read(request)), key, count);
        if (picked.isEmpty())
            return Problem.passing(503, "no-instances", "no instance is registered")
                    .response();
        return Response.json(200, Map.of("key", key, "instances", picked));
    }

    private Tree read(Request request) throws InterruptedException {
        return Mirror.read(ensemble, Registry.folder(request.path("name")), Mirror.Depth.CHILDREN, ANSWER_MAX);
    }

    private Response events(Request request) throws InterruptedException {
        String name = request.path("name");
        var mirror = Mirror.following(ensemble, Registry.folder(name), Mirror.Depth.CHILDREN);
        try {
            mirror.load(ANSWER_MAX);
        } catch (RuntimeException | InterruptedException e) {
            mirror.close();
            throw e;
        }
        return new Response.Events(new ServiceStream(name, mirror, request.lastEventId()));
    }

    /** The instances of a service in the order of their ids. */
    static List<Instance> instances(String service, Tree tree) {
        String prefix = Registry.folder(service) + "/";
        var instances = new ArrayList<Instance>();
        tree.nodes().forEach((path, node) -> {
            if (path.startsWith(prefix))
                Instance.read(path.substring(prefix.length()), node).ifPresent(instances::add);
        });
        return instances;
    }
}
