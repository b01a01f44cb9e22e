package dev.paddock.cli.up;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What users will do first, done once while the JVMs record which classes that takes. */
final class Rehearsal {
    private Rehearsal() {}

    /** @throws IOException if the sidecar does not answer */
    static void run(Ports ports, Desired desired) throws IOException {
        request(ports, "PUT", "/v1/locks/rehearsal?wait=1s");
        request(ports, "GET", "/v1/locks/rehearsal");
        for (String key : desired.keys().keySet()) request(ports, "GET", "/v1/config" + key);
    }

    private static void request(Ports ports, String method, String path) throws IOException {
        var url = URI.create("http://" + Ports.at(ports.sidecar()) + path).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod(method);
        if (method.equals("PUT")) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write("{}".getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK)
            throw new IOException(method + " " + path + " was answered with " + status);
    }
}
