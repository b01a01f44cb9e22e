package dev.paddock.sidecar;

import dev.paddock.sidecar.http.Response;
import dev.paddock.sidecar.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Serves the description of the API, a file beside this class. */
final class OpenApi {
    private static final String FILE = "openapi.json";

    private OpenApi() {}

    static List<Route> routes() {
        byte[] description = read();
        return List.of(Route.of("GET", "/openapi.json", _ -> Response.bytes(200, "application/json", description)));
    }

    private static byte[] read() {
        try (InputStream file = OpenApi.class.getResourceAsStream(FILE)) {
            if (file == null) throw new IllegalStateException(FILE + " is missing from the build");
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
