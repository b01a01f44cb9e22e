package dev.paddock.sidecar.lock;

import dev.paddock.client.Client;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Unavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Acquires and shows locks. Blocks the caller's thread; safe for use by any number of them. */
final class Locks {
    static final String ROOT = "/paddock/locks";

    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SHOWN_MAX = 256; // members of a queue that are read for display

    private final Ensemble ensemble;
    private final Leases leases;
    private final SecureRandom random = new SecureRandom();

    Locks(Ensemble ensemble, Leases leases) {
        this.ensemble = ensemble;
        this.leases = leases;
    }

    static String folder(String lock) {
        return ROOT + "/" + lock;
    }

    /**
     * Waits for a lock, at most {@code wait}. An interrupt gives the attempt up; its place in the queue is taken out.
     *
     * @throws Unavailable if the ensemble cannot be reached, so that nothing is granted
     */
    Acquired acquire(String lock, Wish wish, Duration wait) throws InterruptedException {
        long now = System.nanoTime();
        long deadline = now + wait.toNanos();
        long giveUp = Math.max(deadline, now + ANSWER_NANOS);
        while (true) {
            Client client = ensemble.client();
            try {
                return acquire(client, lock, wish, deadline);
            } catch (Unavailable e) {
                if (!client.state().isFinal() || giveUp - System.nanoTime() <= 0) throw e;
                ensemble.pause(client, giveUp); // the session was lost meanwhile: from anew with the next
            }
        }
    }

    private Acquired acquire(Client client, String lock, Wish wish, long deadline) throws InterruptedException {
        var data = new LockData(wish.holder(), newLease(), wish.ttl());
        var attempt = new Attempt(client, folder(lock), data, wish.mode());
        boolean granted = false;
        try {
            attempt.enqueue();
            Acquired acquired = switch (attempt.await(deadline)) {
                case Attempt.Turn.Overdue(LockQueue queue) -> new Acquired.Busy(state(client, lock, queue));
                case Attempt.Turn.Ours(LockQueue.Entry entry) ->
                    grant(client, lock, entry, data, attempt.czxid(), wish);
            };
            granted = acquired instanceof Acquired.Granted;
            return acquired;
        } finally {
            if (!granted) attempt.abandon();
        }
    }

    private Acquired grant(Client client, String lock, LockQueue.Entry entry, LockData data, long token, Wish wish)
            throws InterruptedException {
        String path = folder(lock) + "/" + entry.name();
        var lease = new Lease(client, lock, path, entry, data, token, System.nanoTime());
        if (lease.overdue(System.nanoTime()).isPresent()) throw new Unavailable("the ensemble answers too late");
        if (Thread.interrupted()) throw new InterruptedException("the caller went away");
        leases.add(lease, wish.handedOut());
        return new Acquired.Granted(lease);
    }

    /** The lock as it stands after all that was committed before. */
    LockState inspect(String lock) throws InterruptedException {
        Client client = ensemble.client();
        return state(client, lock, Attempt.queue(client, folder(lock), System.nanoTime() + ANSWER_NANOS));
    }

    private LockState state(Client client, String lock, LockQueue queue) throws InterruptedException {
        return new LockState(lock, members(client, lock, queue.holders()), members(client, lock, queue.waiters()));
    }

    private List<LockState.Member> members(Client client, String lock, List<LockQueue.Entry> entries)
            throws InterruptedException {
        long limit = System.nanoTime() + ANSWER_NANOS;
        List<LockQueue.Entry> shown = entries.subList(0, Math.min(entries.size(), SHOWN_MAX));
        var answers = new ArrayList<CompletableFuture<Reply<NodeData>>>();
        for (LockQueue.Entry entry : shown) answers.add(client.getData(folder(lock) + "/" + entry.name()));
        var members = new ArrayList<LockState.Member>();
        for (int i = 0; i < shown.size(); i++) {
            LockQueue.Entry entry = shown.get(i);
            CompletableFuture<Reply<NodeData>> first = answers.get(i);
            Reply<NodeData> reply = Ensemble.ask(
                    client,
                    limit,
                    by -> first.isCompletedExceptionally() ? by.getData(folder(lock) + "/" + entry.name()) : first);
            if (reply instanceof Reply.Ok<NodeData> data) members.add(member(entry, data.value()));
        }
        return members;
    }

    static LockState.Member member(LockQueue.Entry entry, NodeData data) {
        return new LockState.Member(
                entry.lease(),
                LockData.holder(data.data()),
                entry.mode(),
                data.stat().czxid());
    }

    private String newLease() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
