package dev.paddock.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the operator has asked of the API server so far: a file of events of {@code audit.k8s.io/v1}, one a line. */
record Requests(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CREATED = 201;

    /** Follows rights on what is in the operator's own namespace. */
    static final String OWN = " of its own";

    /** The rights that were used, like {@code apps/statefulsets patch} and {@code /secrets get of its own}. */
    Set<String> rights() throws IOException {
        Set<String> rights = new TreeSet<>();
        for (JsonNode event : events()) {
            if (!event.has("objectRef") || isRefused(event)) continue;
            rights.add(right(event.path("objectRef"), event.path("verb").asText()));
            if (event.path("responseStatus").path("code").asInt() == CREATED)
                rights.add(right(event.path("objectRef"), "create")); // a patch that creates needs both
        }
        return rights;
    }

    /** What it had no right to. */
    List<String> refusedSince(Instant start) throws IOException {
        List<String> refused = new ArrayList<>();
        for (JsonNode event : events()) {
            boolean since = !Instant.parse(
                            event.path("requestReceivedTimestamp").asText())
                    .isBefore(start);
            if (since && isRefused(event))
                refused.add(event.path("verb").asText() + " "
                        + event.path("requestURI").asText());
        }
        return refused;
    }

    /** For want of a right: what is forbidden otherwise, as in a namespace that is being deleted, has the same code, 403. */
    private static boolean isRefused(JsonNode event) {
        return event.path("annotations")
                .path("authorization.k8s.io/decision")
                .asText()
                .equals("forbid");
    }

    private List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        String all = Files.readString(file);
        for (String line : all.substring(0, all.lastIndexOf('\n') + 1).lines().toList()) { // half a line may follow
            events.add(JSON.readTree(line));
        }
        return events;
    }

    private static String right(JsonNode object, String verb) {
        String subresource = object.path("subresource").asText();
        return object.path("apiGroup").asText()
                + "/"
                + object.path("resource").asText()
                + (subresource.isEmpty() ? "" : "/" + subresource)
                + " "
                + verb
                + (object.path("namespace").asText().equals(Chart.NAMESPACE) ? OWN : "");
    }
}
