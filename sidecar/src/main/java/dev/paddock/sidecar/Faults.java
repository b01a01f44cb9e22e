package dev.paddock.sidecar;

import dev.paddock.client.ClientException;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Unavailable;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Request;
import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.util.List;

/** Turns faults of the ensemble into answers, the same for every operation. */
final class Faults {
    private Faults() {}

    static List<Route> answered(List<Route> routes) {
        return routes.stream()
                .map(route -> new Route(
                        route.method(), route.template(), route.queries(), request -> answer(route.handler(), request)))
                .toList();
    }

    private static Response answer(Route.Handler handler, Request request) throws InterruptedException {
        try {
            return handler.handle(request);
        } catch (Unavailable | ClientException e) {
            return Problem.noQuorum(String.valueOf(e.getMessage())).response();
        } catch (Mirror.TooLarge e) {
            return Problem.mistake(413, "subtree-too-large", String.valueOf(e.getMessage()))
                    .response();
        }
    }
}
