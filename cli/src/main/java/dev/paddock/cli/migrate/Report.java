package dev.paddock.cli.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.operator.migration.Presence.Digests;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what servers answer to admin commands; to words: {@link dev.paddock.operator.migration.Answers}. */
final class Report {
    private Report() {}

    /** Of the admin command {@code monitor}; where ZooKeeper's metrics go to Prometheus, it writes them as {@code 0.0}. */
    static Optional<Long> mismatches(JsonNode monitor) {
        JsonNode count = monitor.path("digest_mismatches_count");
        return count.isNumber() ? Optional.of(count.asLong()) : Optional.empty();
    }

    /** Of the admin command {@code system_properties}. */
    static Map<String, String> properties(JsonNode answer) {
        Map<String, String> properties = new TreeMap<>();
        for (var field : answer.properties()) {
            boolean isOfTheCommand =
                    field.getKey().equals("command") || field.getKey().equals("error");
            if (!isOfTheCommand) properties.put(field.getKey(), field.getValue().asText());
        }
        return properties;
    }

    /** Of the admin command {@code hash}. */
    static Optional<Digests> digests(JsonNode hash) {
        if (!hash.path("digests").isArray()) return Optional.empty();
        SortedMap<Long, Long> byZxid = new TreeMap<>();
        for (JsonNode entry : hash.path("digests")) {
            JsonNode zxid = entry.path("zxid");
            JsonNode digest = entry.path("digest");
            if (!zxid.isIntegralNumber() || !digest.isIntegralNumber()) return Optional.empty();
            byZxid.put(zxid.asLong(), digest.asLong());
        }
        return Optional.of(new Digests(byZxid));
    }
}
