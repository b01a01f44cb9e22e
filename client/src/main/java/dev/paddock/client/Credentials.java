package dev.paddock.client;

import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The credentials of a session, sent first on every link; answers come in the order sent. Owned by the event loop thread. */
final class Credentials {
    private static final int COUNT_MAX = 64;

    private final List<Entry> all = new ArrayList<>();
    private final Callbacks callbacks;
    private int answered; // how many of them this link has answered

    Credentials(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    private record Entry(Request.Auth request, CompletableFuture<Done> future) {}

    /** Adds one and sends it if there is a link. */
    void add(String scheme, byte[] token, CompletableFuture<Done> future, Optional<Link> link) {
        if (all.size() == COUNT_MAX) {
            var why = new ClientException.LimitExceeded(COUNT_MAX + " credentials were added before");
            callbacks.run(() -> future.completeExceptionally(why));
            return;
        }
        var entry = new Entry(new Request.Auth(0, scheme, token), future);
        all.add(entry);
        link.ifPresent(to -> to.send(frame(entry)));
    }

    /** Sends all on a new link. */
    void sendAll(Link link) {
        answered = 0;
        all.forEach(entry -> link.send(frame(entry)));
    }

    /** The oldest without an answer on this link was taken. */
    void taken() {
        if (answered < all.size()) {
            CompletableFuture<Done> future = all.get(answered++).future();
            callbacks.run(() -> future.complete(Done.DONE));
        }
    }

    /** Completes those that no server has taken yet. */
    void failAll(ClientException why) {
        all.forEach(entry -> callbacks.run(() -> entry.future().completeExceptionally(why)));
        all.clear();
    }

    private static byte[] frame(Entry entry) {
        return Call.frame(RequestHeader.AUTH_XID, entry.request());
    }
}
