package dev.paddock.sidecar.lock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.sidecar.http.Durations;
import dev.paddock.sidecar.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The data of a lock's child, as JSON {@code {"holder","lease","ttl"}}.
 *
 * @param holder what the caller calls itself; for people
 * @param ttl    as ISO-8601 in the JSON; empty: as long as the session
 */
record LockData(String holder, String lease, Optional<Duration> ttl) {

    byte[] bytes() {
        var json = new LinkedHashMap<String, Object>();
        json.put("holder", holder);
        json.put("lease", lease);
        ttl.ifPresent(duration -> json.put("ttl", duration.toString()));
        return Json.bytes(json);
    }

    /** The holder's name in data that anybody may have written; empty if it cannot be read. */
    static String holder(byte[] data) {
        try {
            JsonNode json = Json.read(data);
            return json.path("holder").asText("");
        } catch (IOException _) { // data of somebody else: shown without a name
            return "";
        }
    }

    /** The ttl in data that anybody may have written; empty if there is none or it cannot be read. */
    static Optional<Duration> ttl(byte[] data) {
        try {
            return Durations.parse(Json.read(data).path("ttl").asText(""));
        } catch (IOException _) { // data of somebody else
            return Optional.empty();
        }
    }
}
