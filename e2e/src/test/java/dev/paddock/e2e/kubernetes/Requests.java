package dev.paddock.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What the operator has asked of the API server so far: a file of events of {@code audit.k8s.io/v1}, one a line. */
record Requests(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = 201;
    private static final int FORBIDDEN = 403;

    /** The rights that were used, like {@code apps/statefulsets patch}. */
    Set<String> rights() throws IOException {
        Set<String> rights = new TreeSet<>();
        String all = Files.readString(file);
        for (String line : all.substring(0, all.lastIndexOf('\n') + 1).lines().toList()) { // half a line may follow
            JsonNode event = JSON.readTree(line);
            int code = event.path("responseStatus").path("code").asInt();
            if (event.has("objectRef") && code != FORBIDDEN) {
                rights.add(right(event.path("objectRef"), event.path("verb").asText()));
                if (code == CREATED)
                    rights.add(right(event.path("objectRef"), "create")); // a patch that creates needs both
            }
        }
        return rights;
    }

    private static String right(JsonNode object, String verb) {
        String subresource = object.path("subresource").asText();
        return object.path("apiGroup").asText()
                + "/"
                + object.path("resource").asText()
                + (subresource.isEmpty() ? "" : "/" + subresource)
                + " "
                + verb;
    }
}
