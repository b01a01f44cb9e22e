package dev.paddock.sidecar.znode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.sidecar.http.Json;
import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The data in a body: {@code value} is text as it is or other JSON as its text, {@code base64} is bytes. */
final class Data {
    private static final int BYTES_MAX = 1_000_000; // fits into ZooKeeper's packet with its path

    private Data() {}

    /** @throws Refused if both are there, or it does not decode, or is too long */
    static byte[] of(@Nullable JsonNode value, @Nullable String base64) {
        if (value != null && base64 != null)
            throw new Refused(Problem.badRequest("value and base64 exclude each other"));
        byte[] data = value != null ? text(value) : base64 != null ? decoded(base64) : new byte[0];
        if (data.length > BYTES_MAX)
            throw new Refused(Problem.mistake(413, "value-too-large", "a znode holds at most " + BYTES_MAX + " bytes"));
        return data;
    }

    /** Likewise, where one of them has to be there. */
    static byte[] required(@Nullable JsonNode value, @Nullable String base64) {
        if (value == null && base64 == null) throw new Refused(Problem.badRequest("value or base64 is required"));
        return of(value, base64);
    }

    private static byte[] text(JsonNode value) {
        return value.isTextual() ? value.asText().getBytes(StandardCharsets.UTF_8) : Json.bytes(value);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) { // told to the caller
            throw new Refused(Problem.badRequest("base64 does not decode"));
        }
    }
}
