package dev.paddock.node.admin;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command answers: an HTTP status and a JSON object, or a file. */
sealed interface Answer {

    /** A JSON object. */
    record Values(int status, Map<String, ?> object, Map<String, String> headers) implements Answer {}

    /** A file, with headers that tell of it. */
    record Download(Path file, Map<String, String> headers) implements Answer {}

    /** Every object ends with the name of its command, and null where nothing went wrong. */
    static Answer of(String command, Map<String, ?> values) {
        var object = new LinkedHashMap<String, @Nullable Object>(values);
        object.putIfAbsent("command", command);
        if (!object.containsKey("error")) object.put("error", null);
        return new Values(200, object, Map.of());
    }

    /** Something went wrong. */
    static Answer error(int status, String command, String error) {
        var object = new LinkedHashMap<String, Object>();
        object.put("command", command);
        object.put("error", error);
        return new Values(status, object, Map.of());
    }
}
