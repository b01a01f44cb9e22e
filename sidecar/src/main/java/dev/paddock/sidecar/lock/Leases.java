package dev.paddock.sidecar.lock;

import dev.paddock.client.Client;
import dev.paddock.client.Reply;
import dev.paddock.client.Watcher;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All leases of this sidecar, in the order granted. Looks at every deadline ten times a second, and again whenever a caller asks,
 * so that after a pause of the whole process nobody is told that it still holds. Safe for use by any thread.
 */
final class Leases {
    private static final int ENDED_MAX = 10_000; // ends remembered, to say why in a 410
    private static final long LOOK_MILLIS = 100;
    private static final Executor RETRY_LATER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private final LeaseFiles files;
    private final Map<String, Lease> held = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, String> lostWhy = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > ENDED_MAX;
        }
    });

    private volatile boolean closing;

    Leases(LeaseFiles files, ScheduledExecutorService clock) {
        this.files = files;
        var _ = clock.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes a lease that was just granted.
     *
     * @param handedOut whether its caller will know its id and may come with it after a crash of this sidecar; then that is on disk
     *     before the caller hears of it
     */
    void add(Lease lease, boolean handedOut) {
        if (closing) throw new Unavailable("the sidecar is stopping");
        try {
            if (handedOut) files.add(lease.id());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the lease", e);
        }
        restored(lease);
    }

    /** Takes a lease that an earlier run of this sidecar granted. */
    void restored(Lease lease) {
        held.put(lease.id(), lease);
        watch(lease);
    }

    /** Hears when somebody else deletes the node. */
    private void watch(Lease lease) {
        Watcher watcher = event -> {
            switch (event.kind()) {
                case DELETED -> lose(lease, "its node is gone: the session ended, or somebody deleted it");
                case DATA_CHANGED -> watch(lease);
                case CREATED, CHILDREN_CHANGED, LOST -> {}
            }
        };
        var _ = lease.client().getData(lease.path(), watcher).whenComplete((reply, failure) -> {
            if (reply instanceof Reply.Refused<?>) lose(lease, "its node does not exist");
            else if (failure != null && !lease.client().state().isFinal()) RETRY_LATER.execute(() -> watch(lease));
        });
    }

    /** Leases handed out by an earlier run. */
    Set<String> handedOut() throws IOException {
        return files.all();
    }

    void forget(String id) {
        try {
            files.remove(id);
        } catch (IOException e) {
            log.warn("cannot remove the note of a lease", e);
        }
    }

    /** Starts the ttl anew, if the lease still holds at this very instant. */
    Optional<Lease> renew(String lock, String id) {
        Lease lease = held.get(id);
        if (lease == null || !lease.lock().equals(lock)) return Optional.empty();
        synchronized (lease) {
            if (!isValid(lease)) return Optional.empty();
            lease.renew(System.nanoTime());
            return Optional.of(lease);
        }
    }

    /** The lease if it still holds at this very instant. */
    Optional<Lease> valid(String lock, String id) {
        return find(id).filter(lease -> lease.lock().equals(lock)).filter(this::isValid);
    }

    /** Ends it if its time has passed; never while it is being renewed. */
    private boolean isValid(Lease lease) {
        synchronized (lease) {
            lease.overdue(System.nanoTime()).ifPresent(why -> lose(lease, why));
            return !lease.end().isDone();
        }
    }

    /** The lease, whether or not its time has passed. */
    Optional<Lease> find(String id) {
        return Optional.ofNullable(held.get(id));
    }

    /** Why a lease is not held, as far as it is known. */
    String why(String id) {
        return lostWhy.getOrDefault(id, "no such lease is held here");
    }

    int count() {
        return held.size();
    }

    /** Ends a lease as given back, and deletes its node; the future tells when the ensemble has confirmed that. */
    CompletableFuture<Void> release(Lease lease) {
        if (!end(lease, new Lease.End.Released())) return CompletableFuture.completedFuture(null);
        return remove(lease.client(), lease.path());
    }

    /** Ends a lease as lost. Its node may still exist: then it is deleted as soon as the ensemble can be reached. */
    void lose(Lease lease, String why) {
        if (!end(lease, new Lease.End.Lost(why))) return;
        log.warn("lease of lock {} for {} is lost: {}", lease.lock(), lease.holder(), why);
        lostWhy.put(lease.id(), why);
        var _ = remove(lease.client(), lease.path());
    }

    private boolean end(Lease lease, Lease.End end) {
        held.remove(lease.id());
        if (!lease.end().complete(end)) return false;
        forget(lease.id());
        return true;
    }

    /** Hears the link; see {@link Ensemble.Listener}. */
    void linkChanged(Client client, Link link) {
        if (link != Link.LOST) return;
        for (Lease lease : all()) {
            if (lease.client() == client) lose(lease, "the session was lost");
        }
    }

    private void look() {
        for (Lease lease : all()) isValid(lease);
    }

    private List<Lease> all() {
        synchronized (held) {
            return new ArrayList<>(held.values());
        }
    }

    /** Gives all leases back, the newest first, waiting for each at most until the deadline. */
    void releaseAll(long deadlineNanos) throws InterruptedException {
        closing = true;
        for (Lease lease : all().reversed()) {
            try {
                Ensemble.await(release(lease), deadlineNanos);
            } catch (Unavailable _) { // the session's end frees it
                log.warn("lock {} is freed only when the session ends", lease.lock());
            }
        }
    }

    /** Deletes an ephemeral node of ours, however long the link is down, unless the session ends before. Never fails. */
    static CompletableFuture<Void> remove(Client client, String path) {
        var removed = new CompletableFuture<Void>();
        remove(client, path, removed);
        return removed;
    }

    private static void remove(Client client, String path, CompletableFuture<Void> removed) {
        var _ = client.delete(path, Client.ANY_VERSION).whenComplete((_, failure) -> {
            if (failure == null || client.state().isFinal()) removed.complete(null);
            else RETRY_LATER.execute(() -> remove(client, path, removed));
        });
    }
}
