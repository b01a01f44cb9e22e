package dev.paddock.client;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Zxid;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.TooLongFrameException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one session on its links. Owned by the event loop thread: the methods that any thread may call only post to {@link Inbox}.
 *
 * <p>On a new link go, in this order: the handshake, the credentials, the watches, the requests that waited. Twelve times in a session timeout it looks
 * at the clock: it makes a sync when a third of the timeout has passed without an exchange through the leader, and gives the link up when nothing came
 * for two thirds.
 */
final class Engine implements Link.Owner, Connector.Listener {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final int TICKS_PER_TIMEOUT = 12;
    private static final long TICK_MILLIS_MIN = 10;
    private static final long CLOSE_MILLIS_MAX = 2000;

    private final EventLoop loop;
    private final boolean loopOwned;
    private final Calls calls;
    private final String chroot;
    private final Budget budget;
    private final Callbacks callbacks;
    private final Status status;
    private final Inbox inbox;
    private final Watches watches = new Watches();
    private final Requests requests;
    private final Credentials credentials;
    private final Connector connector;
    private final int requestedMillis;
    private final CompletableFuture<Session> connected = new CompletableFuture<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final CountDownLatch endedLatch = new CountDownLatch(1);
    private Optional<Link> link = Optional.empty(); // present while attached
    private long attachedNanos;
    private long receivedNanos; // when the link last gave anything
    private long keepAliveNanos; // when the last keep-alive was sent
    private boolean closing;

    Engine(EventLoop loop, boolean loopOwned, ClientBuilder.Settings settings) {
        this.loop = loop;
        this.loopOwned = loopOwned;
        this.chroot = settings.servers().chroot();
        this.calls = new Calls(chroot);
        this.requestedMillis = settings.timeoutMillis();
        this.budget = new Budget(settings.limits());
        this.callbacks = new Callbacks(settings.callbackExecutor());
        this.status = new Status(callbacks, settings.session(), requestedMillis, settings.lastZxid());
        this.inbox = new Inbox(loop, this::sendAndFlush);
        this.requests = new Requests(budget, watches, callbacks);
        this.credentials = new Credentials(callbacks);
        this.connector = new Connector(
                loop, settings.servers().servers(), settings.limits().replyBytes(), this::hello, this);
    }

    Calls calls() {
        return calls;
    }

    Status status() {
        return status;
    }

    void start() {
        inbox.post(() -> {
            connector.start(true);
            scheduleTick();
        });
    }

    <T> CompletableFuture<Reply<T>> submit(Call<T> call) {
        Optional<ClientException> exceeded = budget.take(call);
        if (exceeded.isPresent()) {
            call.future().completeExceptionally(exceeded.get());
        } else {
            inbox.post(() -> enqueue(call));
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
        inbox.post(() -> {
            if (isOver()) {
                callbacks.run(() -> future.completeExceptionally(whyOver()));
            } else {
                credentials.add(scheme, token, future, link);
            }
        });
        return future;
    }

    void addListener(ConnectionListener listener) {
        inbox.post(() -> status.addListener(listener));
    }

    void removeListener(ConnectionListener listener) {
        inbox.post(() -> status.removeListener(listener));
    }

    void removeWatcher(String serverPath, Watcher watcher) {
        inbox.post(() -> budget.giveWatches(watches.remove(serverPath, watcher)));
    }

    CompletableFuture<Session> connected() {
        return connected.copy();
    }

    CompletableFuture<Done> detach() {
        inbox.post(() -> end(ConnectionState.CLOSED));
        return ended.copy();
    }

    CompletableFuture<Done> close() {
        inbox.post(this::beginClose);
        return ended.copy();
    }

    void closeAndWait() {
        inbox.post(this::beginClose);
        if (loop.inEventLoop()) {
            return;
        }
        try {
            if (!endedLatch.await(2 * CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                log.warn("the client's event loop is too busy to close it in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- from here on: the event loop thread only

    private void enqueue(Call<?> call) {
        if (isOver()) {
            requests.reject(call, whyOver());
        } else {
            requests.add(call);
        }
    }

    private void sendAndFlush() {
        link.ifPresent(to -> {
            requests.send(to);
            to.flush();
        });
    }

    private ConnectRequest hello() {
        long id = status.session().map(Session::id).orElse(0L);
        byte[] password = status.session().map(Session::password).orElseGet(() -> new byte[16]);
        return new ConnectRequest(0, status.lastZxid(), requestedMillis, id, password, Optional.of(false));
    }

    @Override
    public void answered(Link fresh, ConnectResponse response, long startNanos) {
        long asked = status.session().map(Session::id).orElse(0L);
        boolean refused = response.timeoutMillis() <= 0 || response.sessionId() == 0;
        if (refused && asked == 0) {
            fresh.close();
            connector.start(false);
        } else if (refused || (asked != 0 && asked != response.sessionId())) {
            fresh.close();
            status.sessionEnding();
            end(ConnectionState.EXPIRED);
        } else {
            attach(fresh, response, startNanos);
        }
    }

    private void attach(Link fresh, ConnectResponse response, long startNanos) {
        byte[] password = response.password();
        var session = new Session(response.sessionId(), password == null ? new byte[16] : password);
        fresh.handTo(this);
        link = Optional.of(fresh);
        attachedNanos = System.nanoTime();
        receivedNanos = attachedNanos;
        keepAliveNanos = attachedNanos;
        status.attached(session, response.timeoutMillis(), startNanos);
        log.info("attached {} at {}, timeout {} ms", session, fresh, response.timeoutMillis());
        status.change(
                status.state() == ConnectionState.CONNECTING ? ConnectionState.CONNECTED : ConnectionState.RECONNECTED);
        callbacks.run(() -> connected.complete(session));
        credentials.sendAll(fresh);
        for (Request request : watches.setWatches(status.lastZxid())) {
            fresh.send(Call.frame(RequestHeader.SET_WATCHES_XID, request));
        }
        sendAndFlush();
    }

    @Override
    public void opened(Link opened) {
        throw new IllegalStateException("a link is opened before it is attached");
    }

    @Override
    public void received(Link from, byte[] frame) {
        receivedNanos = System.nanoTime();
        try {
            var body = new Reader(frame);
            ReplyHeader header = ReplyHeader.read(body);
            switch (header.xid()) {
                case RequestHeader.NOTIFICATION_XID -> fire(WatcherEvent.read(body), header.zxid());
                case RequestHeader.PING_XID, RequestHeader.SET_WATCHES_XID -> log.trace("{}", header);
                case RequestHeader.AUTH_XID -> authAnswered(header);
                default -> answered(header, body);
            }
        } catch (WireException e) {
            from.fail(e);
        }
    }

    private void answered(ReplyHeader header, Reader body) {
        Call<?> call = requests.answeredBy(header);
        status.seen(header.zxid()); // before the caller hears, who may ask for it
        if (call.isThroughLeader() && header.err() == 0) {
            status.confirmed(call.sentNanos());
        }
        requests.complete(call, header, body);
        if (call.isClose()) {
            end(ConnectionState.CLOSED);
        }
    }

    private void authAnswered(ReplyHeader header) {
        if (header.err() == 0) {
            credentials.taken();
        } else {
            end(ConnectionState.AUTH_FAILED);
        }
    }

    /** The zxid of an event is not kept as seen: others of the same transaction may still be on their way, and must come again after a reconnect. */
    private void fire(WatcherEvent event, long zxid) {
        Watches.kind(event.type()).ifPresent(kind -> {
            int before = watches.size();
            Set<Watcher> fired = watches.fire(kind, event.path());
            budget.giveWatches(before - watches.size());
            var heard = new WatchEvent(kind, Paths.toClient(chroot, event.path()), zxid);
            fired.forEach(watcher -> callbacks.run(() -> watcher.changed(heard)));
        });
    }

    @Override
    public void closed(Link lost, Throwable why) {
        link = Optional.empty();
        log.info("lost {}: {}", lost, why.toString());
        if (why instanceof TooLongFrameException) {
            requests.failOldestSent(call -> new ClientException.LimitExceeded(
                    "the answer to " + call.what() + " is above replyBytesMax: " + why.getMessage()));
        }
        boolean closeSent = requests.isCloseSent();
        requests.failSent(call -> new ClientException.ConnectionLoss(true, call.what()));
        if (closeSent || loop.isShuttingDown()) {
            end(ConnectionState.CLOSED);
            return;
        }
        status.change(ConnectionState.SUSPENDED);
        connector.start(System.nanoTime() - attachedNanos > status.timeoutNanos() / 3);
    }

    private void scheduleTick() {
        long millis = Math.max(status.timeoutMillis() / TICKS_PER_TIMEOUT, TICK_MILLIS_MIN);
        var _ = loop.schedule(() -> tick(TimeUnit.MILLISECONDS.toNanos(millis)), millis, TimeUnit.MILLISECONDS);
    }

    private void tick(long periodNanos) {
        if (loop.isShuttingDown()) {
            end(ConnectionState.CLOSED);
        }
        if (status.state().isFinal()) {
            return;
        }
        long now = System.nanoTime();
        long timeout = status.timeoutNanos();
        requests.failQueuedBefore(now - timeout, call -> new ClientException.ConnectionLoss(false, call.what()));
        link.ifPresent(attached -> {
            long lastProof = Math.max(keepAliveNanos - now, status.confirmedNanos() - now) + now;
            if (now - receivedNanos >= timeout * 2 / 3) {
                attached.fail(new TimeoutException("silent for " + (now - receivedNanos) / 1_000_000 + " ms"));
            } else if (now + periodNanos - lastProof >= timeout / 3 && !closing) {
                keepAliveNanos = now;
                requests.add(calls.sync("/").internal());
                sendAndFlush();
            }
        });
        scheduleTick();
    }

    private boolean isOver() {
        if (loop.isShuttingDown()) {
            end(ConnectionState.CLOSED);
        }
        return closing || status.state().isFinal();
    }

    private ClientException whyOver() {
        return switch (status.state()) {
            case EXPIRED ->
                new ClientException.SessionExpired(
                        status.session().map(Session::id).orElse(0L));
            case AUTH_FAILED -> new ClientException.AuthFailed();
            case CONNECTING, CONNECTED, SUSPENDED, RECONNECTED, CLOSED -> new ClientException.Closed();
        };
    }

    private void beginClose() {
        if (isOver()) {
            return;
        }
        closing = true;
        status.sessionEnding();
        if (status.session().isEmpty() && requests.isEmpty()) {
            end(ConnectionState.CLOSED);
            return;
        }
        requests.add(Calls.closeSession().internal());
        long millis = Math.min(status.timeoutMillis() / 3, CLOSE_MILLIS_MAX);
        var _ = loop.schedule(() -> end(ConnectionState.CLOSED), millis, TimeUnit.MILLISECONDS);
    }

    private void end(ConnectionState state) {
        if (status.state().isFinal()) {
            return;
        }
        connector.stop();
        link.ifPresent(Link::close);
        link = Optional.empty();
        log.info("{}: {}, last zxid {}", state, status.session(), Zxid.toString(status.lastZxid()));
        status.change(state);
        requests.failAll(_ -> whyOver());
        credentials.failAll(whyOver());
        watches.drain((path, watcher) -> {
            var lost = new WatchEvent(WatchEvent.Kind.LOST, Paths.toClient(chroot, path), -1);
            callbacks.run(() -> watcher.changed(lost));
        });
        callbacks.run(() -> connected.completeExceptionally(whyOver()));
        callbacks.run(() -> ended.complete(Done.DONE));
        endedLatch.countDown();
        if (loopOwned) {
            var _ = loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
