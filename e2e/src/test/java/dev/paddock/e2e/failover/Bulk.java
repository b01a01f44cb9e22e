package dev.paddock.e2e.failover;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes a lot to one server: large znodes, first to make them, then over and over. What is under way when the connection is lost is
 * written again on the next one. One thread writes.
 */
final class Bulk implements AutoCloseable {
    private static final int SESSION_MILLIS = 40_000;
    private static final int BYTES = 100_000;
    private static final long RETRY_NANOS = 20_000_000;

    private final int port;
    private final int znodes;
    private final byte[] data = new byte[BYTES];
    private @Nullable Thread thread;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /** Makes the znodes. */
    Bulk(int port, int znodes) throws IOException {
        this.port = port;
        this.znodes = znodes;
        try (RawSession session = open()) {
            for (int i = 0; i < znodes; i++) done(session, new Request.Create(path(i), data, Acl.OPEN_UNSAFE, 0));
        }
    }

    private RawSession open() throws IOException {
        return new RawSession(port, 0, RawSession.NO_PASSWORD, 0, SESSION_MILLIS);
    }

    /** Begins to write over and over. */
    void start() {
        thread = Thread.ofPlatform().name("bulk").start(this::run);
    }

    private void run() {
        int next = 0;
        while (!over) {
            try (RawSession session = open()) {
                while (!over) {
                    done(session, new Request.SetData(path(next), data, -1));
                    written.addAndGet(BYTES);
                    next = (next + 1) % znodes;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (RuntimeException | Error e) {
                failure = e;
                return;
            }
        }
    }

    private static void done(RawSession session, Request request) throws IOException {
        if (session.ask(request) != null) return;
        throw new AssertionError("operation " + request.opCode() + " got error " + session.error());
    }

    private static String path(int number) {
        return "/bulk" + number;
    }

    /** Bytes that were written over. */
    long written() {
        Throwable found = failure;
        if (found != null) throw new AssertionError(found);
        return written.get();
    }

    @Override
    public void close() {
        over = true;
        try {
            if (thread != null) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
