package dev.paddock.e2e.failover;

import static org.awaitility.Awaitility.await;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the data of a znode of its own: one write after another, each when the one before is answered. A write whose outcome
 * is unknown is looked up and, if it was not done, asked for again, so number and version of the znode are always the same: a
 * write that is lost, done twice or done after a later one is seen, and so is the end of its session. Comes back to its session with no pause to speak of: first to its own server, then
 * to the others. One thread writes; others may ask.
 */
final class Scribe implements AutoCloseable {
    private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(60);
    static final int PATIENT_MILLIS = 20_000;
    private static final int DATA_BYTES = 100;
    private static final long RETRY_NANOS = 2_000_000;

    private final Trio trio;
    private final int home; // sid of its own server
    private final int sessionMillis;
    private final String path;
    private final Thread thread;
    private final List<Ack> acks = new ArrayList<>(); // ascending; guarded by itself
    private long sessionId; // 0 until there is one
    private byte[] password = RawSession.NO_PASSWORD;
    private long seenZxid;
    private long acked; // newest number whose write was answered
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /** When a write was asked for and answered. */
    record Ack(long askedNanos, long answeredNanos) {}

    Scribe(Trio trio, int home, int number) {
        this(trio, home, number, PATIENT_MILLIS);
    }

    /** Likewise, with a session that ends when nothing is heard for so long. */
    Scribe(Trio trio, int home, int number, int sessionMillis) {
        this.trio = trio;
        this.home = home;
        this.sessionMillis = sessionMillis;
        this.path = "/scribe" + number;
        this.thread = Thread.ofPlatform().name("scribe" + number).start(this::run);
    }

    private void run() {
        int sid = home;
        while (!over) {
            try (RawSession session = open(sid)) {
                long next = catchUp(session) + 1;
                while (!over) write(session, next++);
            } catch (ConnectException | SocketTimeoutException e) {
                sid = sid % Trio.SIZE + 1; // nobody is there
            } catch (IOException e) {
                sid = home;
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (RuntimeException | Error e) {
                failure = e;
                return;
            }
        }
    }

    private RawSession open(int sid) throws IOException {
        RawSession session = new RawSession(trio.clientPort(sid), sessionId, password, seenZxid, sessionMillis);
        if (session.id() == 0) {
            session.close();
            throw new AssertionError(path + ": session 0x" + Long.toHexString(sessionId) + " expired");
        }
        if (session.timeoutMillis() != sessionMillis)
            throw new AssertionError(path + ": the session waits for " + session.timeoutMillis() + " ms");
        sessionId = session.id();
        password = session.password();
        return session;
    }

    /** Makes the znode, or sees what has become of the last write; the number that is there. */
    private long catchUp(RawSession session) throws IOException {
        session.ask(new Request.Create(path, data(0), Acl.OPEN_UNSAFE, 0));
        session.ask(new Request.Sync("/"));
        if (!(session.ask(new Request.GetData(path, false)) instanceof Response.GetData(byte[] data, Stat stat))) {
            throw new AssertionError(path + " is not there, though write " + acked + " was acknowledged");
        }
        seenZxid = session.zxid();
        long number = ByteBuffer.wrap(data).getLong();
        if (number != stat.version() || number < acked || number > acked + 1) {
            throw new AssertionError(path + ": write " + acked + " was acknowledged, but after " + stat.version()
                    + " changes there is " + number);
        }
        return number;
    }

    private void write(RawSession session, long number) throws IOException {
        long asked = System.nanoTime();
        if (!(session.ask(new Request.SetData(path, data(number), -1)) instanceof Response.SetData(Stat stat))) {
            throw new AssertionError(path + ": write " + number + " was refused with " + session.error());
        }
        long answered = System.nanoTime();
        seenZxid = session.zxid();
        if (stat.version() != number) {
            throw new AssertionError(path + ": write " + number + " is change " + stat.version());
        }
        acked = number;
        synchronized (acks) {
            acks.add(new Ack(asked, answered));
        }
    }

    private static byte[] data(long number) {
        return ByteBuffer.allocate(DATA_BYTES).putLong(number).array();
    }

    int home() {
        return home;
    }

    /** The answers since a moment to writes that were asked for after it. */
    List<Ack> acksSince(long nanos) {
        synchronized (acks) {
            int from = acks.size();
            while (from > 0 && acks.get(from - 1).askedNanos() - nanos > 0) from--;
            return List.copyOf(acks.subList(from, acks.size()));
        }
    }

    /** Forgets all answers before a moment. */
    void forgetBefore(long nanos) {
        synchronized (acks) {
            acks.removeIf(ack -> ack.answeredNanos() - nanos < 0);
        }
    }

    /** Throws what this scribe has found wrong. */
    void check() {
        Throwable found = failure;
        if (found != null) throw new AssertionError(found);
    }

    /** Writes no more; then each server must show what was acknowledged. One that is behind sends us away until it is not. */
    void finish() {
        close();
        check();
        for (int each = 1; each <= Trio.SIZE; each++) {
            int sid = each;
            await().atMost(CAUGHT_UP_MAX)
                    .pollInSameThread()
                    .ignoreExceptionsInstanceOf(EOFException.class)
                    .until(() -> isShown(sid));
        }
    }

    private boolean isShown(int sid) throws IOException {
        try (RawSession session = open(sid)) {
            catchUp(session);
            return true;
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
