package dev.paddock.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from callers' threads into a {@link SessionLoop} and back: bounds, the inbox, and the futures of the client's beginning and end. */
final class Engine {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final long CLOSE_WAIT_MILLIS = 5000;

    private final EventLoop loop;
    private final boolean loopOwned;
    private final Calls calls;
    private final Budget budget;
    private final Callbacks callbacks;
    private final Status status;
    private final SessionLoop session;
    private final Inbox inbox;
    private final CompletableFuture<Session> connected = new CompletableFuture<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final CountDownLatch endedLatch = new CountDownLatch(1);
    private final GenericFutureListener<Future<Object>> loopGone = _ -> wakeUp();

    Engine(EventLoop loop, boolean loopOwned, ClientBuilder.Settings settings) {
        this.loop = loop;
        this.loopOwned = loopOwned;
        this.calls = new Calls(settings.servers().chroot());
        this.budget = new Budget(settings.limits());
        this.callbacks = new Callbacks(settings.callbackExecutor());
        this.status = new Status(callbacks, settings.session(), settings.timeoutMillis(), settings.lastZxid());
        this.session = new SessionLoop(loop, settings, budget, callbacks, status, this::attached, this::ended);
        this.inbox = new Inbox(loop, session::sendAndFlush, () -> session.end(ConnectionState.CLOSED));
    }

    Calls calls() {
        return calls;
    }

    Status status() {
        return status;
    }

    void start() {
        inbox.post(session::start);
        if (!loopOwned) {
            var _ = termination().addListener(loopGone);
        }
    }

    <T> CompletableFuture<Reply<T>> submit(Call<T> call) {
        Optional<ClientException> exceeded = budget.take(call);
        if (exceeded.isPresent()) {
            call.future().completeExceptionally(exceeded.get());
        } else {
            inbox.post(() -> session.enqueue(call));
        }
        return call.future();
    }

    <T> Reply<T> await(Call<T> call) throws InterruptedException {
        if (loop.inEventLoop()) {
            throw new IllegalStateException("a blocking call on the event loop thread, which would wait for itself");
        }
        try {
            return submit(call.awaited()).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ClientException fault ? fault : new IllegalStateException(e.getCause());
        }
    }

    CompletableFuture<Done> addAuth(String scheme, byte[] token) {
        var future = new CompletableFuture<Done>();
        byte[] copy = token.clone();
        inbox.post(() -> session.addAuth(scheme, copy, future));
        return future;
    }

    void addListener(ConnectionListener listener) {
        inbox.post(() -> status.addListener(listener));
    }

    void removeListener(ConnectionListener listener) {
        inbox.post(() -> status.removeListener(listener));
    }

    void removeWatcher(String serverPath, Watcher watcher) {
        inbox.post(() -> session.removeWatcher(serverPath, watcher));
    }

    /** Asks the server to forget watches; once it has, the watchers are dropped. */
    CompletableFuture<Reply<Done>> removeWatches(String path, WatchType type) {
        String serverPath = calls.serverPath(path);
        return submit(calls.removeWatches(path, type)).thenApply(reply -> {
            if (reply instanceof Reply.Ok) {
                inbox.post(() -> session.removeWatchers(serverPath, type.kinds()));
            }
            return reply;
        });
    }

    CompletableFuture<Session> connected() {
        return connected.copy();
    }

    CompletableFuture<Done> detach() {
        inbox.post(() -> session.end(ConnectionState.CLOSED));
        return ended.copy();
    }

    CompletableFuture<Done> close() {
        inbox.post(session::beginClose);
        return ended.copy();
    }

    void closeAndWait() {
        inbox.post(session::beginClose);
        if (loop.inEventLoop()) {
            return;
        }
        try {
            if (!endedLatch.await(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                log.warn("the client's event loop is too busy to close it in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attached(Session attached) {
        callbacks.run(() -> connected.complete(attached));
    }

    private void ended() {
        callbacks.run(() -> connected.completeExceptionally(session.whyOver()));
        callbacks.run(() -> ended.complete(Done.DONE));
        endedLatch.countDown();
        if (loopOwned) {
            var _ = loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        } else {
            var _ = termination().removeListener(loopGone);
        }
    }

    /** The loop was shut down under the client; posting finds that out, and ends the client. */
    private void wakeUp() {
        inbox.post(() -> log.warn("the event loop was shut down before the client was closed"));
    }

    @SuppressWarnings("unchecked") // Future<?> takes no listener otherwise
    private Future<Object> termination() {
        return (Future<Object>) loop.terminationFuture();
    }
}
