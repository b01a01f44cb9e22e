package dev.paddock.client;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Extensions;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one session on its links. Owned by the event loop thread.
 *
 * <p>On a new link go, in this order: the handshake, the credentials, the watches, the requests that waited.
 */
final class SessionLoop implements Link.Owner, Connector.Listener {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);
    private static final int TICKS_PER_TIMEOUT = 12;
    private static final long TICK_MILLIS_MIN = 10;
    private static final long CLOSE_MILLIS_MAX = 2000;

    private final EventLoop loop;
    private final Calls calls;
    private final String chroot;
    private final int requestedMillis;
    private final Budget budget;
    private final Callbacks callbacks;
    private final Status status;
    private final Consumer<Session> whenAttached;
    private final Runnable whenEnded;
    private final Watches watches = new Watches();
    private final Requests requests;
    private final Credentials credentials;
    private final Connector connector;
    private Optional<Link> link = Optional.empty(); // present while attached
    private long attachedNanos;
    private long receivedNanos; // when the link last gave anything
    private long keepAliveNanos; // when the last keep-alive was sent
    private boolean closing;

    /**
     * @param whenAttached called on every link
     * @param whenEnded called once, after the last callback was handed over
     */
    SessionLoop(
            EventLoop loop,
            ClientBuilder.Settings settings,
            Budget budget,
            Callbacks callbacks,
            Status status,
            Consumer<Session> whenAttached,
            Runnable whenEnded) {
        this.loop = loop;
        this.chroot = settings.servers().chroot();
        this.calls = new Calls(chroot);
        this.requestedMillis = settings.timeoutMillis();
        this.budget = budget;
        this.callbacks = callbacks;
        this.status = status;
        this.whenAttached = whenAttached;
        this.whenEnded = whenEnded;
        this.requests = new Requests(budget, watches, callbacks);
        this.credentials = new Credentials(callbacks);
        this.connector = new Connector(
                loop, settings.servers().servers(), settings.limits().replyBytes(), settings.tls(), this::hello, this);
    }

    void start() {
        connector.start(true);
        scheduleTick();
    }

    void addAuth(String scheme, byte[] token, CompletableFuture<Done> future) {
        if (isOver()) {
            callbacks.run(() -> future.completeExceptionally(whyOver()));
        } else {
            credentials.add(scheme, token, future, link);
        }
    }

    void removeWatcher(String serverPath, Watcher watcher) {
        budget.giveWatches(watches.remove(serverPath, watcher));
    }

    void removeWatchers(String serverPath, Set<Call.WatchKind> kinds) {
        budget.giveWatches(watches.removeAll(serverPath, kinds));
    }

    void enqueue(Call<?> call) {
        if (isOver()) {
            requests.reject(call, whyOver());
        } else {
            requests.add(call);
        }
    }

    /** Sends what was enqueued; after every batch of tasks. */
    void sendAndFlush() {
        link.ifPresent(to -> {
            requests.send(to);
            to.flush();
        });
    }

    private ConnectRequest hello() {
        long id = status.session().map(Session::id).orElse(0L);
        byte[] password = status.session().map(Session::password).orElseGet(() -> new byte[16]);
        return new ConnectRequest(
                Extensions.offer(), status.lastZxid(), requestedMillis, id, password, Optional.of(false));
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
        fresh.handTo(this, response.protocolVersion());
        link = Optional.of(fresh);
        attachedNanos = System.nanoTime();
        receivedNanos = attachedNanos;
        keepAliveNanos = attachedNanos;
        status.attached(session, response.timeoutMillis(), startNanos);
        log.info("attached {} at {}, timeout {} ms", session, fresh, response.timeoutMillis());
        status.change(
                status.state() == ConnectionState.CONNECTING ? ConnectionState.CONNECTED : ConnectionState.RECONNECTED);
        whenAttached.accept(session);
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
        if (status.state().isFinal()) {
            return;
        }
        long now = System.nanoTime();
        long timeout = status.timeoutNanos();
        requests.failQueuedBefore(now - timeout, call -> new ClientException.ConnectionLoss(false, call.what()));
        link.ifPresent(attached -> keepAlive(attached, now, periodNanos));
        scheduleTick();
    }

    private void keepAlive(Link attached, long now, long periodNanos) {
        long proven = Heartbeat.later(keepAliveNanos, status.confirmedNanos());
        switch (Heartbeat.need(now, status.timeoutNanos(), receivedNanos, proven, periodNanos)) {
            case NOTHING -> {}
            case GIVE_UP -> attached.fail(new TimeoutException("the server has been silent for too long"));
            case SYNC -> {
                keepAliveNanos = now;
                if (!closing) {
                    requests.add(calls.sync("/").internal());
                    sendAndFlush();
                }
            }
        }
    }

    private boolean isOver() {
        return closing || status.state().isFinal();
    }

    /** Why calls are not taken any more. */
    ClientException whyOver() {
        return switch (status.state()) {
            case EXPIRED ->
                new ClientException.SessionExpired(
                        status.session().map(Session::id).orElse(0L));
            case AUTH_FAILED -> new ClientException.AuthFailed();
            case CONNECTING, CONNECTED, SUSPENDED, RECONNECTED, CLOSED -> new ClientException.Closed();
        };
    }

    void beginClose() {
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

    void end(ConnectionState state) {
        if (status.state().isFinal()) {
            return;
        }
        if (!loop.isShutdown()) {
            connector.stop();
            link.ifPresent(Link::close);
        }
        link = Optional.empty();
        log.info("{}: {}, last zxid {}", state, status.session(), Zxid.toString(status.lastZxid()));
        status.change(state);
        requests.failAll(_ -> whyOver());
        credentials.failAll(whyOver());
        watches.drain((path, watcher) -> {
            var lost = new WatchEvent(WatchEvent.Kind.LOST, Paths.toClient(chroot, path), -1);
            callbacks.run(() -> watcher.changed(lost));
        });
        whenEnded.run();
    }
}
