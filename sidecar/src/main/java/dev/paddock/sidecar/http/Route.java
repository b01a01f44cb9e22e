package dev.paddock.sidecar.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One operation of the API.
 *
 * @param template the path as OpenAPI writes it; {@code {name}} is one segment of {@code [A-Za-z0-9._-]}, {@code {path}} at the
 *     end is one segment or more of anything that {@link Target} lets through
 * @param queries  the query parameters it knows; others are refused, so that a typing mistake is never ignored
 */
public record Route(String method, String template, Set<String> queries, Handler handler) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    /** A blocking method that answers a request. Interrupted when the client goes away. */
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request) throws InterruptedException;
    }

    /** A route that knows these query parameters. */
    public static Route of(String method, String template, Handler handler, String... queries) {
        return new Route(method, template, Set.of(queries), handler);
    }

    private List<String> parts() {
        return List.of(template.substring(1).split("/", -1));
    }

    /** The path parameters if the shape of the path fits, whatever the characters of a name. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> parts = parts();
        boolean rest = parts.getLast().equals("{path}");
        if (rest ? segments.size() < parts.size() : segments.size() != parts.size()) return Optional.empty();
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.equals("{path}")) found.put("path", "/" + String.join("/", segments.subList(i, segments.size())));
            else if (part.startsWith("{")) found.put(part.substring(1, part.length() - 1), segments.get(i));
            else if (!part.equals(segments.get(i))) return Optional.empty();
        }
        return Optional.of(found);
    }

    /** @throws Refused if a name breaks the rule or a query parameter is unknown */
    void check(Map<String, String> parameters, Set<String> given) {
        parameters.forEach((name, value) -> {
            if (!name.equals("path") && !NAME.matcher(value).matches())
                throw new Refused(Problem.mistake(400, "bad-name", name + " must be 1 to 128 of A-Z a-z 0-9 . _ -"));
        });
        for (String query : given) {
            if (!queries.contains(query))
                throw new Refused(Problem.badRequest("unknown query parameter; known here: "
                        + queries.stream().sorted().toList()));
        }
    }
}
