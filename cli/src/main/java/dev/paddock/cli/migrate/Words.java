package dev.paddock.cli.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.node.members.Address;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks a server four letter words, or admin commands over HTTP. */
final class Words {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;
    private static final String NOT_ALLOWED = "is not executed because it is not in the whitelist";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Words() {}

    /** What came of a question. */
    sealed interface Answer {
        record Said(String text) implements Answer {}

        /** The server keeps that word to itself. */
        record NotAllowed() implements Answer {}

        /** Its machine refuses connections. */
        record NobodyThere() implements Answer {}

        record Silence(String why) implements Answer {}
    }

    static Answer ask(Address address, String word) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(address.host(), address.port()), TIMEOUT_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            String text = new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
            return text.contains(NOT_ALLOWED) ? new Answer.NotAllowed() : new Answer.Said(text);
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused") ? new Answer.NobodyThere() : silence(address, e);
        } catch (IOException e) {
            return silence(address, e);
        }
    }

    private static Answer silence(Address address, IOException e) {
        return new Answer.Silence("does not answer at " + address + " (" + e + ")");
    }

    /** The answer to an admin command; empty if there is none. */
    static Optional<JsonNode> admin(String url, String command) {
        try {
            var connection =
                    (HttpURLConnection) URI.create(url + command).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (var body = connection.getInputStream()) {
                JsonNode answer = JSON.readTree(body.readNBytes(ANSWER_BYTES_MAX));
                return Optional.ofNullable(answer)
                        .filter(node -> node.path("error").isNull());
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
