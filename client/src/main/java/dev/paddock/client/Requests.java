package dev.paddock.client;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.WireException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The requests under way: those that wait for a link, and those that wait for an answer, which come in the order sent. Owned by the event loop thread.
 */
final class Requests {
    private final Deque<Call<?>> waiting = new ArrayDeque<>();
    private final Deque<Call<?>> sent = new ArrayDeque<>();
    private final Budget budget;
    private final Watches watches;
    private final Callbacks callbacks;
    private int lastXid;

    Requests(Budget budget, Watches watches, Callbacks callbacks) {
        this.budget = budget;
        this.watches = watches;
        this.callbacks = callbacks;
    }

    void add(Call<?> call) {
        call.queuedAt(System.nanoTime());
        waiting.add(call);
    }

    /** Sends all that wait. */
    void send(Link link) {
        long now = System.nanoTime();
        for (Call<?> call = waiting.poll(); call != null; call = waiting.poll()) {
            lastXid = lastXid == Integer.MAX_VALUE ? 1 : lastXid + 1;
            sent.add(call);
            link.send(call.sendAs(lastXid, now, link.protocolVersion()));
        }
    }

    /**
     * The request that this answers.
     *
     * @throws WireException if it answers another than the oldest
     */
    Call<?> answeredBy(ReplyHeader header) {
        Call<?> call = sent.peek();
        if (call == null || call.xid() != header.xid()) {
            throw new WireException(
                    "an answer to xid " + header.xid() + " instead of " + (call == null ? "none" : call.xid()));
        }
        return call;
    }

    /**
     * Completes the oldest request, after setting its watch.
     *
     * @throws WireException if the answer is malformed
     */
    <T> void complete(Call<T> call, ReplyHeader header, Reader body) {
        if (header.err() == ErrorCode.SESSION_EXPIRED.code()) {
            sent.remove();
            fail(call, new ClientException.SessionExpired(0));
            return;
        }
        Reply<T> reply = call.decode(header, body);
        sent.remove();
        Optional<Call.Watch> watch = call.watchSetBy(reply);
        int before = watches.size();
        watch.ifPresent(watches::add);
        if (call.hasWatch() && watches.size() == before) {
            budget.giveWatches(1);
        }
        finish(call, () -> call.future().complete(reply));
    }

    /** Fails what was sent, since the link is lost. */
    void failSent(Function<Call<?>, ClientException> why) {
        failWhile(sent, _ -> true, why);
    }

    /** Fails what was sent first. */
    void failOldestSent(Function<Call<?>, ClientException> why) {
        Call<?> oldest = sent.poll();
        if (oldest != null) {
            fail(oldest, why.apply(oldest));
        }
    }

    /** Fails what has waited for a link since before this instant. */
    void failQueuedBefore(long nanos, Function<Call<?>, ClientException> why) {
        failWhile(waiting, call -> call.queuedNanos() - nanos < 0, why);
    }

    void failAll(Function<Call<?>, ClientException> why) {
        failSent(why);
        failWhile(waiting, _ -> true, why);
    }

    /** Fails one that is not to be queued. */
    void reject(Call<?> call, ClientException why) {
        fail(call, why);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && sent.isEmpty();
    }

    /** Whether the session's closing was sent; nothing is sent after it. */
    boolean isCloseSent() {
        Call<?> newest = sent.peekLast();
        return newest != null && newest.isClose();
    }

    private void failWhile(Deque<Call<?>> calls, Predicate<Call<?>> test, Function<Call<?>, ClientException> why) {
        for (Call<?> call = calls.peek(); call != null && test.test(call); call = calls.peek()) {
            calls.remove();
            fail(call, why.apply(call));
        }
    }

    private void fail(Call<?> call, ClientException why) {
        budget.giveWatches(call.hasWatch() ? 1 : 0);
        finish(call, () -> call.future().completeExceptionally(why));
    }

    private void finish(Call<?> call, Runnable completion) {
        if (call.isInternal()) {
            return;
        }
        if (call.isAwaited()) {
            budget.give(call);
            completion.run();
        } else {
            callbacks.run(() -> {
                budget.give(call);
                completion.run();
            });
        }
    }
}
