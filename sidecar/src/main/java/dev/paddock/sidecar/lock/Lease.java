package dev.paddock.sidecar.lock;

import dev.paddock.client.Client;
import dev.paddock.sidecar.ensemble.Ensemble;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that this sidecar holds for a caller. It ends once: released, or lost. Safe for use by any thread.
 *
 * <p>It is lost before the ensemble can grant the lock to another: at its own ttl, or when the session's safe time has passed
 * ({@link Ensemble#safeUntilNanos}), whichever is first.
 */
final class Lease {
    /** How it ended. */
    sealed interface End {
        /** The caller gave it back. */
        record Released() implements End {}

        /** The caller may not rely on it any more. */
        record Lost(String why) implements End {}
    }

    private final Client client;
    private final String lock;
    private final String path;
    private final LockQueue.Entry entry;
    private final LockData data;
    private final long fencingToken;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private volatile long ttlEndNanos; // only if there is a ttl

    Lease(
            Client client,
            String lock,
            String path,
            LockQueue.Entry entry,
            LockData data,
            long fencingToken,
            long nowNanos) {
        this.client = client;
        this.lock = lock;
        this.path = path;
        this.entry = entry;
        this.data = data;
        this.fencingToken = fencingToken;
        this.ttlEndNanos = nowNanos + data.ttl().orElse(Duration.ZERO).toNanos();
    }

    Client client() {
        return client;
    }

    String lock() {
        return lock;
    }

    String path() {
        return path;
    }

    String id() {
        return data.lease();
    }

    String holder() {
        return data.holder();
    }

    LockMode mode() {
        return entry.mode();
    }

    LockData data() {
        return data;
    }

    /** The czxid of the lock's node: larger than that of any lease granted before. */
    long fencingToken() {
        return fencingToken;
    }

    /** Completes when it ends; never exceptionally. */
    CompletableFuture<End> end() {
        return end;
    }

    /** Why it can no longer be relied on at this instant, if so. */
    Optional<String> overdue(long nowNanos) {
        if (data.ttl().isPresent() && nowNanos - ttlEndNanos >= 0)
            return Optional.of(
                    "it was not renewed within its ttl of " + data.ttl().get());
        if (nowNanos - Ensemble.safeUntilNanos(client) >= 0)
            return Optional.of("the session could not be kept: cut off from the ensemble for too long");
        return Optional.empty();
    }

    /** Starts the ttl anew. */
    void renew(long nowNanos) {
        data.ttl().ifPresent(ttl -> ttlEndNanos = nowNanos + ttl.toNanos());
    }

    /**
     * How long the caller may rely on it if nothing more is heard: until its ttl, or without one until the session's safe time,
     * which moves on by itself as long as the ensemble answers. While the link is down it is the smaller of both.
     */
    Duration remaining(long nowNanos) {
        long session = Ensemble.safeUntilNanos(client) - nowNanos;
        long nanos = data.ttl().isEmpty() ? session : ttlEndNanos - nowNanos;
        if (!client.state().isConnected()) nanos = Math.min(nanos, session);
        return Duration.ofNanos(Math.max(0, nanos));
    }
}
