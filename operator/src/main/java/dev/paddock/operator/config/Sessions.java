package dev.paddock.operator.config;

import dev.paddock.client.Client;
import dev.paddock.client.ClientBuilder;
import dev.paddock.operator.certificates.KeyFiles;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One session for each ensemble that keys are written to, kept while it is used. Safe for use by any thread. */
final class Sessions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long IDLE_NANOS = Duration.ofMinutes(2).toNanos();

    private final Map<Way, Used> sessions = new HashMap<>(); // guarded by this

    /**
     * The way to an ensemble.
     *
     * @param servers connect string
     * @param keys what its servers show; empty: there is no TLS
     */
    record Way(String servers, Optional<KeyFiles> keys) {}

    private record Used(Client client, long atNanos) {}

    /** A client of that ensemble, which stays this one's; it may be without a link, but has not ended. */
    synchronized Client to(Way way) {
        long now = System.nanoTime();
        sessions.values().removeIf(used -> {
            boolean idle = now - used.atNanos() > IDLE_NANOS;
            if (idle) used.client().close();
            return idle || used.client().state().isFinal();
        });
        Used before = sessions.get(way);
        Client client = before == null ? start(way) : before.client();
        sessions.put(way, new Used(client, now));
        return client;
    }

    private static Client start(Way way) {
        ClientBuilder builder = Client.builder(way.servers()).sessionTimeout(TIMEOUT);
        way.keys().map(KeyFiles::context).ifPresent(context -> builder.tls(() -> context));
        return builder.start();
    }

    synchronized void close() {
        sessions.values().forEach(used -> used.client().close());
        sessions.clear();
    }
}
