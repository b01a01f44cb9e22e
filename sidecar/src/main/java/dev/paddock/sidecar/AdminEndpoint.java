package dev.paddock.sidecar;

import dev.paddock.client.Client;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.http.HttpServer;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import dev.paddock.sidecar.lock.LockEndpoint;
import dev.paddock.sidecar.projection.Projections;
import dev.paddock.sidecar.service.ServiceEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Health, status and metrics on the admin port. Reads only. */
final class AdminEndpoint {
    private final Ensemble ensemble;
    private final LockEndpoint locks;
    private final ServiceEndpoint services;
    private final Projections projections;
    private final HttpServer api;
    private final Metrics metrics;

    AdminEndpoint(
            Ensemble ensemble,
            LockEndpoint locks,
            ServiceEndpoint services,
            Projections projections,
            HttpServer api,
            Metrics metrics) {
        this.ensemble = ensemble;
        this.locks = locks;
        this.services = services;
        this.projections = projections;
        this.api = api;
        this.metrics = metrics;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/health/live", this::live),
                Route.of("GET", "/health/ready", this::ready),
                Route.of("GET", "/health/started", this::started),
                Route.of("GET", "/status", this::status),
                Route.of("GET", "/metrics", this::metrics));
    }

    /** 200 as long as the process answers: a lost ensemble is no reason to restart a sidecar. */
    private Response live(Request request) {
        return Response.json(200, Map.of("status", "live"));
    }

    /** 200 while the ensemble can be reached, else 503. */
    private Response ready(Request request) {
        if (ensemble.isUp()) return Response.json(200, Map.of("status", "ready"));
        return Problem.noQuorum("not connected to the ensemble").response();
    }

    /** 200 once there was a session and every projection lies in its folder: then the pod's own containers may start. */
    private Response started(Request request) {
        if (ensemble.client().session().isEmpty())
            return Problem.noQuorum("not connected to the ensemble yet").response();
        Optional<String> missing = projections.missing();
        return missing.isEmpty()
                ? Response.json(200, Map.of("status", "started"))
                : Problem.passing(503, "not-started", missing.get()).response();
    }

    private Response status(Request request) {
        Client client = ensemble.client();
        var status = new LinkedHashMap<String, Object>();
        status.put("connected", ensemble.isUp());
        status.put("state", client.state().name());
        client.session().ifPresent(session -> status.put("session", "0x" + Long.toHexString(session.id())));
        status.put("sessionTimeoutMillis", client.sessionTimeout().toMillis());
        status.put("lastZxid", Long.toString(client.lastZxid()));
        status.put("sessionsLost", ensemble.sessionsLost());
        status.put("leases", locks.held());
        status.put("instances", services.registered());
        status.put("connections", api.connections());
        return Response.json(200, status);
    }

    private Response metrics(Request request) {
        var gauges = new LinkedHashMap<String, Number>();
        gauges.put("connected", ensemble.isUp() ? 1 : 0);
        gauges.put("sessions_lost_total", ensemble.sessionsLost());
        gauges.put("leases", locks.held());
        gauges.put("instances", services.registered());
        gauges.put("connections", api.connections());
        return Response.bytes(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.text(gauges).getBytes(StandardCharsets.UTF_8));
    }
}
