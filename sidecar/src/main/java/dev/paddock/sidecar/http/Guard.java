package dev.paddock.sidecar.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides from a request's head alone whether it may be routed. It keeps web pages out: by the Host allow-list (DNS
 * rebinding), by refusing what browsers send across sites (CSRF), and by taking no body that a form could send.
 *
 * @param hosts the Host values accepted, in lower case; empty accepts any single one (a read-only port on a pod's address)
 */
public record Guard(Set<String> hosts) {
    private static final Set<HttpMethod> METHODS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE);

    /** Accepts the loopback names with this port. */
    public static Guard loopback(int port) {
        return new Guard(Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port));
    }

    /** Accepts what clients of a unix socket send, {@code localhost}. */
    public static Guard unixSocket() {
        return new Guard(Set.of("localhost"));
    }

    /** Accepts any one Host. */
    public static Guard anyHost() {
        return new Guard(Set.of());
    }

    /**
     * Checks a head.
     *
     * @return the target in origin form
     * @throws Refused if the request may not be routed; the connection is to be closed then
     */
    String check(HttpMethod method, HttpVersion version, String target, HttpHeaders headers) {
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0))
            throw refused(505, "http-version", "HTTP/1.1 is spoken here");
        if (!METHODS.contains(method)) throw refused(405, "method-not-allowed", "GET, HEAD, PUT, POST or DELETE");
        checkHost(headers);
        checkOrigin(headers);
        checkUpgrade(headers);
        checkBody(method, headers);
        return originForm(target);
    }

    private void checkHost(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.HOST);
        if (values.size() != 1) throw refused(400, "bad-host", "exactly one Host header is required");
        if (!accepts(values.getFirst())) throw refused(421, "bad-host", "this Host is not served here");
    }

    private boolean accepts(String host) {
        return !host.isBlank() && (hosts.isEmpty() || hosts.contains(host.toLowerCase(Locale.ROOT)));
    }

    private static void checkOrigin(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.ORIGIN))
            throw refused(403, "cross-origin", "requests of web pages are refused");
        for (String site : headers.getAll("Sec-Fetch-Site")) {
            if (!site.equals("none") && !site.equals("same-origin"))
                throw refused(403, "cross-origin", "requests of other sites are refused");
        }
    }

    /** An offer of h2c is passed over, as HTTP allows: Java's own client makes it on every first request. */
    private static void checkUpgrade(HttpHeaders headers) {
        for (String upgrade : headers.getAll(HttpHeaderNames.UPGRADE)) {
            if (!upgrade.equalsIgnoreCase("h2c")) throw refused(400, "no-upgrade", "no other protocol is spoken here");
        }
    }

    private static void checkBody(HttpMethod method, HttpHeaders headers) {
        boolean chunked = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1 || (chunked && !lengths.isEmpty()))
            throw refused(400, "bad-framing", "the body's length is given twice");
        boolean body = chunked || (!lengths.isEmpty() && !lengths.getFirst().equals("0"));
        if (!body) return;
        if (!method.equals(HttpMethod.PUT) && !method.equals(HttpMethod.POST))
            throw refused(400, "unexpected-body", method + " takes no body");
        List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (types.size() != 1 || !isJson(types.getFirst()))
            throw refused(415, "unsupported-media-type", "a body must be application/json");
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING))
            throw refused(415, "unsupported-media-type", "an encoded body is not taken");
    }

    private static boolean isJson(String type) {
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        return parts[0].strip().equals("application/json")
                && (parts.length == 1
                        || (parts.length == 2
                                && parts[1].strip().replace("\"", "").equals("charset=utf-8")));
    }

    private String originForm(String target) {
        if (target.startsWith("/")) return target;
        String lower = target.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://")) throw refused(400, "bad-target", "the target must start with /");
        int slash = target.indexOf('/', 7);
        String authority = lower.substring(7, slash < 0 ? target.length() : slash);
        if (!accepts(authority)) throw refused(421, "bad-host", "this target's host is not served here");
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static Refused refused(int status, String kind, String detail) {
        return new Refused(Problem.mistake(status, kind, detail));
    }
}
