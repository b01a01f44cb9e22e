package dev.paddock.sidecar.lock;

import dev.paddock.client.Children;
import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Created;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.client.WatchEvent;
import dev.paddock.client.Watcher;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Unavailable;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's way through the queue of a lock, on the caller's thread. It either ends with the lock granted, or with its node
 * removed: at once if the ensemble can be reached, else as soon as it can, else by the end of the session.
 */
final class Attempt {
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    /** What came of waiting. */
    sealed interface Turn {
        /** It is ours. */
        record Ours(LockQueue.Entry entry) implements Turn {}

        /** The wait is over, and others are before us. */
        record Overdue(LockQueue queue) implements Turn {}
    }

    private final Client client;
    private final String folder;
    private final LockData data;
    private final LockMode mode;
    private @Nullable CompletableFuture<Reply<Created>> create; // the last one sent
    private long czxid;

    Attempt(Client client, String folder, LockData data, LockMode mode) {
        this.client = client;
        this.folder = folder;
        this.data = data;
        this.mode = mode;
    }

    /** The czxid of the node, once it is queued. */
    long czxid() {
        return czxid;
    }

    /**
     * Puts the node into the queue.
     *
     * @throws Unavailable if that is not certain in time
     */
    void enqueue() throws InterruptedException {
        long limit = System.nanoTime() + ANSWER_NANOS;
        while (true) {
            try {
                if (created(limit)) return;
                createFolder(limit);
            } catch (ClientException.ConnectionLoss e) {
                if (e.sent() && found(limit)) return;
                if (limit - System.nanoTime() <= 0) throw new Unavailable(String.valueOf(e.getMessage()));
            } catch (ClientException e) {
                throw new Unavailable(String.valueOf(e.getMessage()));
            }
        }
    }

    private boolean created(long limit) throws InterruptedException {
        String prefix = folder + "/" + LockQueue.prefix(data.lease(), mode);
        create = client.create(prefix, data.bytes(), CreateMode.EPHEMERAL_SEQUENTIAL);
        return switch (Ensemble.await(create, limit)) {
            case Reply.Ok<Created> node -> {
                czxid = node.value().stat().czxid();
                yield true;
            }
            case Reply.Refused<Created> refused when refused.error() == ErrorCode.NO_NODE -> false;
            case Reply.Refused<Created> refused ->
                throw new Unavailable("the ensemble refused the lock: " + refused.error());
        };
    }

    /** A create whose answer was lost either is seen now, after a sync, or never will be: its connection is dead. */
    private boolean found(long limit) throws InterruptedException {
        Optional<LockQueue.Entry> own = queue(client, folder, limit).entry(data.lease());
        if (own.isEmpty()) return false;
        Optional<Stat> stat =
                Ensemble.ask(client, limit, by -> by.exists(path(own.get()))).value();
        stat.ifPresent(present -> czxid = present.czxid());
        return stat.isPresent();
    }

    private void createFolder(long limit) throws InterruptedException {
        for (int slash = folder.indexOf('/', 1); slash > 0; slash = folder.indexOf('/', slash + 1))
            createPersistent(folder.substring(0, slash), limit);
        createPersistent(folder, limit);
    }

    private void createPersistent(String path, long limit) throws InterruptedException {
        Reply<Created> reply = Ensemble.ask(client, limit, by -> by.create(path, new byte[0], CreateMode.PERSISTENT));
        if (reply instanceof Reply.Refused<Created> refused && refused.error() != ErrorCode.NODE_EXISTS)
            throw new Unavailable("the ensemble refused " + path + ": " + refused.error());
    }

    /** Waits in the queue until the deadline. */
    Turn await(long deadline) throws InterruptedException {
        while (true) {
            LockQueue queue = LockQueue.of(children(client, folder, answerBy()));
            switch (queue.standing(data.lease())) {
                case LockQueue.Standing.Granted _ -> {
                    return new Turn.Ours(queue.entry(data.lease()).orElseThrow());
                }
                case LockQueue.Standing.Absent _ -> throw new Unavailable("the place in the queue is gone");
                case LockQueue.Standing.Behind(LockQueue.Entry predecessor) -> {
                    if (deadline - System.nanoTime() <= 0) return new Turn.Overdue(queue);
                    awaitChange(predecessor, deadline);
                }
            }
        }
    }

    private void awaitChange(LockQueue.Entry predecessor, long deadline) throws InterruptedException {
        var changed = new CompletableFuture<WatchEvent>();
        Watcher watcher = changed::complete;
        String path = path(predecessor);
        Reply<NodeData> watched = Ensemble.ask(client, answerBy(), by -> by.getData(path, watcher));
        if (watched instanceof Reply.Refused<NodeData>) return; // gone already: look again
        try {
            WatchEvent event = Ensemble.await(changed, deadline);
            if (event.kind() == WatchEvent.Kind.LOST) throw new Unavailable("the session was lost");
        } catch (Unavailable e) {
            if (client.state().isFinal()) throw e;
            if (!client.state().isConnected()) throw new Unavailable("the ensemble cannot be reached");
        } finally {
            client.removeWatcher(path, watcher);
        }
    }

    /** Takes the node out of the queue, in the background, whatever became of its create. */
    void abandon() {
        if (create == null) return;
        var _ = create.whenComplete((reply, failure) -> {
            if (reply instanceof Reply.Ok<Created> node) {
                var _ = Leases.remove(client, node.value().path());
            } else if (failure != null) {
                Thread.ofVirtual().name("abandon").start(this::removeLost);
            }
        });
    }

    private void removeLost() {
        while (!client.state().isFinal()) {
            try {
                Optional<LockQueue.Entry> own =
                        queue(client, folder, answerBy()).entry(data.lease());
                own.ifPresent(entry -> {
                    var _ = Leases.remove(client, path(entry));
                });
                return;
            } catch (Unavailable e) {
                log.debug("looking for a place in a queue again", e);
            } catch (InterruptedException _) { // nobody interrupts this thread
                return;
            }
        }
    }

    private String path(LockQueue.Entry entry) {
        return folder + "/" + entry.name();
    }

    private static long answerBy() {
        return System.nanoTime() + ANSWER_NANOS;
    }

    /** The queue as it is after all that was committed before. */
    static LockQueue queue(Client client, String folder, long limit) throws InterruptedException {
        return LockQueue.of(
                Ensemble.ask(client, limit, by -> {
                                            var synced = by.sync(folder);
                                            return synced.thenCombine(
                                                    by.getChildren(folder), (_, children) -> children);
                                        })
                                        .map(Children::names)
                                instanceof Reply.Ok<List<String>> names
                        ? names.value()
                        : List.of());
    }

    private static List<String> children(Client client, String folder, long limit) throws InterruptedException {
        return Ensemble.ask(client, limit, by -> by.getChildren(folder)) instanceof Reply.Ok<Children> found
                ? found.value().names()
                : List.of();
    }
}
