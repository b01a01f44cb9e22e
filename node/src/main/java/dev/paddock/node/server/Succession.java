package dev.paddock.node.server;

import dev.paddock.node.net.ServerStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lets another server lead in place of this one, for an operator or before this one stops. From any thread. */
record Succession(CoreLoop core, StatusBoard status) {

    /** Completed once this server serves under another leader, or with the reason why it does not. */
    CompletableFuture<Optional<String>> handOver() {
        return core.handOver()
                .thenCompose(refusal -> refusal.isPresent() ? CompletableFuture.completedFuture(refusal) : followed());
    }

    private CompletableFuture<Optional<String>> followed() {
        return status.next(now -> !leads(now))
                .thenCompose(gone -> status.next(ServerStatus::isServing))
                .thenApply(now -> leads(now) ? Optional.of("no other server took over") : Optional.empty());
    }

    static boolean leads(ServerStatus status) {
        return status.serverState().equals("leader");
    }
}
