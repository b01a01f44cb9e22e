package dev.paddock.node.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Asks an admin port. */
final class Admin {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Admin() {}

    static HttpResponse<byte[]> get(int port, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) request.headers(headers);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static HttpResponse<byte[]> post(int port, String path, byte[] body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static JsonNode json(int port, String command, String... headers) throws Exception {
        return JSON.readTree(get(port, "/commands/" + command, headers).body());
    }

    /** Bytes as they are; what comes back until the server closes, or nothing if it cuts the client off. */
    static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return ""; // cut off
        }
    }

    /** Every key, with those it lies in; ids, paths and places in a list are not told apart. */
    static Set<String> keys(JsonNode node) {
        var keys = new TreeSet<String>();
        keys(node, "", keys);
        return keys;
    }

    private static void keys(JsonNode node, String above, Set<String> keys) {
        node.properties().forEach(field -> {
            String key = field.getKey().matches("/.*|\\d+") ? "*" : field.getKey();
            keys.add(above + key + ":" + kind(field.getValue()));
            keys(field.getValue(), above + key + ".", keys);
        });
        if (node.isArray()) node.forEach(element -> keys(element, above + "[].", keys));
    }

    private static String kind(JsonNode value) {
        return value.isNumber() ? "NUMBER" : value.getNodeType().toString();
    }
}
