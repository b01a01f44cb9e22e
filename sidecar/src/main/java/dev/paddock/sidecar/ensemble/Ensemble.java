package dev.paddock.sidecar.ensemble;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.ConnectionListener.StateChange;
import dev.paddock.client.Reply;
import dev.paddock.client.Session;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sidecar's session with the ensemble. When the session is lost, a new one is opened with a new {@link Client}; whoever holds
 * something of the old session hears {@link Link#LOST} before. Safe for use by any thread.
 */
public final class Ensemble implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Ensemble.class);

    /** Hears how the link changes, on the callback thread; must not block. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The link is now so.
         *
         * @param client whose link it is; after {@link Link#LOST} another one takes its place
         */
        void changed(Client client, Link link);
    }

    private final String servers;
    private final Optional<TlsFiles> tls;
    private final Duration timeout;
    private final Optional<SessionFile> file;
    private final EventLoopGroup loops;
    private final Executor callbacks;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Client client; // null only while being started
    private volatile boolean closed;
    private volatile boolean resuming;
    private final AtomicLong sessionsLost = new AtomicLong();

    private Ensemble(
            String servers,
            Optional<TlsFiles> tls,
            Duration timeout,
            Optional<SessionFile> file,
            EventLoopGroup loops,
            Executor callbacks) {
        this.servers = servers;
        this.tls = tls;
        this.timeout = timeout;
        this.file = file;
        this.loops = loops;
        this.callbacks = callbacks;
    }

    /**
     * Starts to connect and returns at once.
     *
     * @param tls       how servers are spoken to; empty for plainly
     * @param file      where the session is kept; if it holds one, that is attached to
     * @param callbacks one thread, so that watchers may make calls without standing in the way of the event loop
     * @throws IOException if the file cannot be read
     */
    public static Ensemble start(
            String servers,
            Optional<TlsFiles> tls,
            Duration timeout,
            Optional<SessionFile> file,
            EventLoopGroup loops,
            Executor callbacks)
            throws IOException {
        var ensemble = new Ensemble(servers, tls, timeout, file, loops, callbacks);
        Optional<Session> kept = file.isPresent() ? file.get().load() : Optional.empty();
        ensemble.resuming = kept.isPresent();
        ensemble.open(kept, 0);
        return ensemble;
    }

    private synchronized void open(Optional<Session> kept, long lastZxid) {
        if (closed) return;
        var builder = Client.builder(servers)
                .sessionTimeout(timeout)
                .lastZxid(lastZxid)
                .eventLoopGroup(loops)
                .callbackExecutor(callbacks);
        tls.ifPresent(builder::tls);
        kept.ifPresent(builder::session);
        Client opened = builder.start();
        client = opened;
        opened.addListener(change -> changed(opened, change));
    }

    private void changed(Client of, StateChange change) {
        switch (change.state()) {
            case CONNECTING -> {}
            case CONNECTED -> {
                of.session().ifPresent(this::keep);
                tell(of, Link.UP);
            }
            case RECONNECTED -> tell(of, Link.UP);
            case SUSPENDED -> tell(of, Link.DOWN);
            case EXPIRED, AUTH_FAILED -> lost(of);
            case CLOSED -> {
                if (!closed) lost(of);
            }
        }
    }

    private void lost(Client of) {
        log.warn("the session is lost; opening a new one");
        sessionsLost.incrementAndGet();
        tell(of, Link.LOST);
        open(Optional.empty(), of.lastZxid());
    }

    private void tell(Client of, Link link) {
        for (Listener listener : listeners) listener.changed(of, link);
    }

    private void keep(Session session) {
        if (file.isEmpty()) return;
        try {
            file.get().save(session);
        } catch (IOException e) {
            log.error(
                    "cannot keep the session in {}: after a crash its locks are lost",
                    file.get().path(),
                    e);
        }
    }

    /** Adds a listener; it hears changes from now on. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Removes a listener. */
    public void unlisten(Listener listener) {
        listeners.remove(listener);
    }

    /** The client of the current session. */
    public Client client() {
        Client current = client;
        if (current == null) throw new IllegalStateException("not started");
        return current;
    }

    /** Whether it was started with the session of an earlier run; that may turn out to be lost. */
    public boolean isResuming() {
        return resuming;
    }

    /** Whether requests go out at once. */
    public boolean isUp() {
        return client().state().isConnected();
    }

    /** How many sessions were lost since the start. */
    public long sessionsLost() {
        return sessionsLost.get();
    }

    /**
     * The instant of {@link System#nanoTime()} until which ephemerals of this client are ours for sure. A third of the timeout
     * before the client's own deadline: Apache's followers report sessions late, and a holder needs time to hear and stop.
     */
    public static long safeUntilNanos(Client client) {
        return client.sessionDeadlineNanos() - client.sessionTimeout().toNanos() / 3;
    }

    /**
     * Makes a call that may be made twice, again and again until it is answered.
     *
     * @throws Unavailable if there is no answer within {@code limit}
     */
    public <T> Reply<T> ask(Duration limit, Function<Client, CompletableFuture<Reply<T>>> call)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Client current = client();
            try {
                return await(call.apply(current), deadline);
            } catch (ClientException e) {
                if (deadline - System.nanoTime() <= 0 || e instanceof ClientException.LimitExceeded)
                    throw new Unavailable(String.valueOf(e.getMessage()));
                pause(current, deadline);
            }
        }
    }

    /**
     * Makes a call that must not be made twice: once.
     *
     * @return empty if there is no answer, and whether it was done is not known
     * @throws ClientException.LimitExceeded if it is too long to be sent
     * @throws Unavailable if it was not done for sure
     */
    public <T> Optional<Reply<T>> once(Duration limit, Function<Client, CompletableFuture<Reply<T>>> call)
            throws InterruptedException {
        CompletableFuture<Reply<T>> sent = call.apply(client());
        try {
            return Optional.of(await(sent, System.nanoTime() + limit.toNanos()));
        } catch (ClientException.ConnectionLoss e) {
            if (e.sent()) return Optional.empty();
            throw new Unavailable(String.valueOf(e.getMessage()));
        } catch (ClientException.LimitExceeded e) {
            throw e;
        } catch (ClientException e) {
            throw new Unavailable(String.valueOf(e.getMessage()));
        } catch (Unavailable _) { // no answer in time: it may still be done
            return Optional.empty();
        }
    }

    /**
     * Makes a call of one session that may be made twice, until it is answered.
     *
     * @throws Unavailable if the session ends before, or there is no answer until the deadline
     */
    public static <T> Reply<T> ask(
            Client client, long deadlineNanos, Function<Client, CompletableFuture<Reply<T>>> call)
            throws InterruptedException {
        while (true) {
            try {
                return await(call.apply(client), deadlineNanos);
            } catch (ClientException.ConnectionLoss e) {
                if (deadlineNanos - System.nanoTime() <= 0) throw new Unavailable(String.valueOf(e.getMessage()));
            } catch (ClientException e) {
                throw new Unavailable(String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * Waits for one answer.
     *
     * @throws ClientException if the client says there will be none
     * @throws Unavailable if the deadline passes
     */
    public static <T> T await(CompletableFuture<T> answer, long deadlineNanos) throws InterruptedException {
        try {
            return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Unavailable("the ensemble does not answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClientException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Waits for the link to come up, or a little for another client in the place of one that has ended.
     *
     * @throws Unavailable if neither happens until the deadline
     */
    public void pause(Client before, long deadlineNanos) throws InterruptedException {
        var up = new CompletableFuture<Boolean>();
        Listener listener = (of, link) -> {
            if (link == Link.UP) up.complete(true);
        };
        listen(listener);
        try {
            if (client() != before || isUp()) {
                TimeUnit.MILLISECONDS.sleep(5); // a client that has just ended: the next try meets its successor
                return;
            }
            await(up, deadlineNanos);
        } finally {
            unlisten(listener);
        }
    }

    /** Closes the session, whose ephemerals vanish, and forgets it. */
    @Override
    public void close() {
        Client last;
        synchronized (this) {
            closed = true;
            last = client();
        }
        last.close();
        if (file.isEmpty()) return;
        try {
            file.get().clear();
        } catch (IOException e) {
            log.warn("cannot delete {}", file.get().path(), e);
        }
    }
}
