package dev.paddock.sidecar.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
public final class Router {
    private final List<Route> routes;

    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** All routes, in the order given. */
    public List<Route> routes() {
        return routes;
    }

    /** A request with its path parameters, and the route that takes it. */
    record Match(Route route, Request request) {}

    /** @throws Refused with 404, 405 or 400 */
    Match match(Request request) {
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        Map<Route, Map<String, String>> fitting = new LinkedHashMap<>();
        for (Route route : routes) {
            route.match(request.segments()).ifPresent(parameters -> fitting.put(route, parameters));
        }
        for (var entry : fitting.entrySet()) {
            Route route = entry.getKey();
            if (!route.method().equals(method)) continue;
            route.check(entry.getValue(), request.queries().keySet());
            return new Match(route, request.matched(entry.getValue()));
        }
        if (fitting.isEmpty()) throw new Refused(Problem.mistake(404, "no-such-route", "see /openapi.json"));
        var allowed = new TreeSet<String>();
        fitting.keySet().forEach(route -> allowed.add(route.method()));
        throw new Refused(new Problem(
                405, "method-not-allowed", "this path takes " + allowed, false, Map.of("allow", List.copyOf(allowed))));
    }
}
