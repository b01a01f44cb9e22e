package dev.paddock.sidecar.lock;

import dev.paddock.client.Children;
import dev.paddock.client.Client;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds again, after a crash of this sidecar, what its session holds: leases that were handed out live on with their ttl started
 * anew; places in a queue, streams that held, and grants nobody was told of are removed. Until it is done, no lock is answered.
 */
final class Recovery {
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final Leases leases;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    Recovery(Leases leases) {
        this.leases = leases;
    }

    /** Hears the link; the first time it is up the work begins. */
    void linkChanged(Client client, Link link) {
        switch (link) {
            case UP -> {
                if (!begun.getAndSet(true)) Thread.ofVirtual().name("recovery").start(() -> run(client));
            }
            case LOST -> { // the old session did not live any more
                if (begun.getAndSet(true)) return;
                dropNotes(Set.of());
                done.complete(null);
            }
            case DOWN -> {}
        }
    }

    /** There was no earlier session: nothing is to be found. */
    void skip() {
        begun.set(true);
        dropNotes(Set.of());
        done.complete(null);
    }

    /** Waits until it is known what the session holds. */
    void await() throws InterruptedException {
        if (!done.isDone()) Ensemble.await(done, System.nanoTime() + ANSWER_NANOS);
    }

    private void run(Client client) {
        while (!client.state().isFinal()) {
            try {
                restore(client);
                break;
            } catch (Unavailable | IOException e) {
                log.warn("cannot read what the session holds, trying again: {}", e.getMessage());
            } catch (InterruptedException _) { // nobody interrupts this thread
                return;
            }
        }
        done.complete(null);
    }

    private void restore(Client client) throws InterruptedException, IOException {
        Set<String> handedOut = leases.handedOut();
        var restored = new HashSet<String>();
        long session = client.session().orElseThrow().id();
        Ensemble.ask(client, answerBy(), by -> by.sync(Locks.ROOT));
        for (String lock : children(client, Locks.ROOT)) {
            LockQueue queue = LockQueue.of(children(client, Locks.folder(lock)));
            for (LockQueue.Entry entry : queue.entries()) {
                String path = Locks.folder(lock) + "/" + entry.name();
                Reply<NodeData> node = Ensemble.ask(client, answerBy(), by -> by.getData(path));
                if (!(node instanceof Reply.Ok<NodeData> found)) continue;
                if (found.value().stat().ephemeralOwner() != session) continue;
                if (handedOut.contains(entry.lease()) && queue.holders().contains(entry)) {
                    restore(client, lock, path, entry, found.value());
                    restored.add(entry.lease());
                } else {
                    var _ = Leases.remove(client, path);
                }
            }
        }
        dropNotes(restored);
        log.info("the session of the run before was found again, with {} leases", restored.size());
    }

    private void restore(Client client, String lock, String path, LockQueue.Entry entry, NodeData found) {
        Optional<Duration> ttl = LockData.ttl(found.data());
        var data = new LockData(LockData.holder(found.data()), entry.lease(), ttl);
        leases.restored(new Lease(client, lock, path, entry, data, found.stat().czxid(), System.nanoTime()));
    }

    private void dropNotes(Set<String> except) {
        try {
            for (String lease : leases.handedOut()) {
                if (!except.contains(lease)) leases.forget(lease);
            }
        } catch (IOException e) {
            log.warn("cannot clear the notes of leases", e);
        }
    }

    private static List<String> children(Client client, String path) throws InterruptedException {
        return Ensemble.ask(client, answerBy(), by -> by.getChildren(path)) instanceof Reply.Ok<Children> found
                ? found.value().names()
                : List.of();
    }

    private static long answerBy() {
        return System.nanoTime() + ANSWER_NANOS;
    }
}
