package dev.paddock.node.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks. The address is that of the connection: what a header says of another one, {@code X-Forwarded-For} for example,
 * is worth nothing.
 *
 * @param authorization the header of that name
 * @param isFromPage    whether a browser says that another site's page asks
 * @param host          what the client calls this server, without the port
 */
record Caller(InetAddress address, Optional<String> authorization, boolean isFromPage, String host) {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    static Caller of(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean isFromPage = headers.containsKey("Origin") || (site != null && !site.equals("none"));
        String host = Optional.ofNullable(headers.getFirst("Host")).orElse("");
        return new Caller(
                exchange.getRemoteAddress().getAddress(),
                Optional.ofNullable(headers.getFirst("Authorization")),
                isFromPage,
                host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT));
    }

    boolean isLocal() {
        return address.isLoopbackAddress();
    }

    /** Whether it is somebody at a shell of this machine, as far as one can tell: no page that a browser here was led to. */
    boolean isAtTheMachine() {
        return isLocal() && !isFromPage && OWN_NAMES.contains(host);
    }
}
