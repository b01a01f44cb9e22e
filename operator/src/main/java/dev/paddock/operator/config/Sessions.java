package dev.paddock.operator.config;

import dev.paddock.client.Client;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One session for each ensemble that keys are written to, kept while it is used. Safe for use by any thread. */
final class Sessions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long IDLE_NANOS = Duration.ofMinutes(2).toNanos();

    private final Map<String, Used> sessions = new HashMap<>(); // by connect string; guarded by this

    private record Used(Client client, long atNanos) {}

    /** A client of that ensemble, which stays this one's; it may be without a link, but has not ended. */
    synchronized Client to(String servers) {
        long now = System.nanoTime();
        sessions.values().removeIf(used -> {
            boolean idle = now - used.atNanos() > IDLE_NANOS;
            if (idle) used.client().close();
            return idle || used.client().state().isFinal();
        });
        Used before = sessions.get(servers);
        Client client =
                before == null ? Client.builder(servers).sessionTimeout(TIMEOUT).start() : before.client();
        sessions.put(servers, new Used(client, now));
        return client;
    }

    synchronized void close() {
        sessions.values().forEach(used -> used.client().close());
        sessions.clear();
    }
}
