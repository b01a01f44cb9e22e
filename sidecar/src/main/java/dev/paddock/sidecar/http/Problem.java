package dev.paddock.sidecar.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error as RFC 9457 shapes it, sent as {@code application/problem+json}.
 *
 * @param status    the HTTP status
 * @param kind      last part of {@code type}, stable, for programs
 * @param detail    one sentence for people; holds no secret
 * @param retryable whether the same request may succeed later without a change
 * @param more      further members, such as the holder of a lock
 */
public record Problem(int status, String kind, String detail, boolean retryable, Map<String, Object> more) {

    public Problem {
        more = Map.copyOf(more);
    }

    /** A mistake of the caller: the same request will fail again. */
    public static Problem mistake(int status, String kind, String detail) {
        return new Problem(status, kind, detail, false, Map.of());
    }

    /** A fault of the moment: the same request may succeed later. */
    public static Problem passing(int status, String kind, String detail) {
        return new Problem(status, kind, detail, true, Map.of());
    }

    /** 400: a request that says something impossible. */
    public static Problem badRequest(String detail) {
        return mistake(400, "bad-request", detail);
    }

    /** The ensemble did not answer in time, so nothing is granted: 503. */
    public static Problem noQuorum(String detail) {
        return passing(503, "no-quorum", detail);
    }

    /** This problem as the answer to a request. */
    public Response response() {
        var response = Response.json(status, "application/problem+json", body());
        return more.get("allow") instanceof List<?> allowed
                ? response.with(
                        "Allow",
                        String.join(", ", allowed.stream().map(String::valueOf).toList()))
                : response;
    }

    Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "https://paddock.dev/problems/" + kind);
        body.put("title", kind.replace('-', ' '));
        body.put("status", status);
        body.put("detail", detail);
        body.put("retryable", retryable);
        body.putAll(more);
        return body;
    }
}
