package dev.paddock.sidecar.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a handler answers. */
public sealed interface Response {

    /**
     * A whole answer.
     *
     * @param headers beside Content-Type and Content-Length; names in any case
     * @param type    the Content-Type, empty when there is no body
     */
    record Full(int status, Map<String, String> headers, String type, byte[] body) implements Response {
        /** The same with one more header. */
        public Full with(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Full(status, more, type, body);
        }
    }

    /** A stream of server-sent events; status 200 leaves before the stream runs. */
    record Events(EventStream stream) implements Response {}

    /** {@code value} as JSON. */
    static Full json(int status, Object value) {
        return json(status, "application/json", value);
    }

    /** {@code value} as JSON under another media type. */
    static Full json(int status, String type, Object value) {
        return new Full(status, Map.of(), type, Json.bytes(value));
    }

    /** An answer without a body: 204 or 304. */
    static Full empty(int status) {
        return new Full(status, Map.of(), "", new byte[0]);
    }

    /** Bytes as they are. */
    static Full bytes(int status, String type, byte[] body) {
        return new Full(status, Map.of(), type, body);
    }

    /** Plain UTF-8 text. */
    static Full text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
