package dev.paddock.node.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one log file ahead: header and zeros really written and forced, so that forcing records over them changes no
 * metadata. Made on another thread, since that takes as long as many forces; {@link #take} and {@link #close} belong to the
 * log thread.
 */
final class Preallocator {
    static final String SPARE = "next-log" + FileNames.UNFINISHED;

    private static final Logger LOG = LoggerFactory.getLogger(Preallocator.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int FORCE_BYTES = 8 << 20; // small steps, so that the log's own forces do not queue behind one

    private final Folder folder;
    private final long bytes;
    private final Executor executor;

    private enum State {
        NONE,
        ASKED,
        MAKING,
        READY
    }

    private State state = State.NONE; // guarded by this
    private boolean closed; // likewise

    Preallocator(Folder folder, long bytes, Executor executor) {
        this.folder = folder;
        this.bytes = bytes;
        this.executor = executor;
    }

    /** Asks for a spare, unless there is one or files shall grow. */
    void request() {
        synchronized (this) {
            if (bytes == 0 || state != State.NONE) {
                return;
            }
            state = State.ASKED;
        }
        executor.execute(this::make);
    }

    synchronized boolean isReady() {
        return state == State.READY;
    }

    /** Gives the spare its name and opens it; empty if there is none yet. The caller forces the folder. */
    Optional<StoredFile> take(String name) throws IOException {
        synchronized (this) {
            if (state != State.READY) {
                return Optional.empty();
            }
            state = State.NONE;
        }
        folder.rename(SPARE, name);
        return Optional.of(folder.open(name));
    }

    /** Removes the spare; returns when nothing is written to the folder any more. */
    void close() throws IOException {
        synchronized (this) {
            closed = true;
            try {
                while (state == State.MAKING) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a log file was being prepared");
            }
        }
        if (isReady()) {
            folder.delete(SPARE);
        }
    }

    private void make() {
        synchronized (this) {
            if (closed) {
                return;
            }
            state = State.MAKING;
        }
        State made = State.NONE;
        try {
            LogFiles.deleteIfThere(folder, SPARE);
            try (StoredFile spare = folder.create(SPARE)) {
                fill(spare);
            }
            made = State.READY;
        } catch (IOException e) {
            LogFiles.deleteAfter(e, folder, SPARE);
            LOG.warn("No log file could be prepared ahead, the log goes on in a growing one", e);
        } finally {
            done(made);
        }
    }

    private void fill(StoredFile spare) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, bytes));
        for (long at = 0; at < bytes && !isClosed(); ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
            int count = zeros.remaining();
            spare.write(zeros, at);
            at += count;
            if (at % FORCE_BYTES == 0) {
                spare.force();
            }
        }
        ByteBuffer header = ByteBuffer.allocate(LogFormat.HEADER_BYTES);
        LogFormat.putHeader(header);
        spare.write(header.flip(), 0);
        spare.force();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void done(State made) {
        state = made;
        notifyAll();
    }
}
