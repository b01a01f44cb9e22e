package dev.paddock.node.log;

import java.io.IOException;
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
        MAKING,
        READY,
        CLOSED
    }

    private State state = State.NONE; // guarded by this

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
            state = State.MAKING;
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

    /** Removes the spare. */
    void close() throws IOException {
        boolean ready;
        synchronized (this) {
            ready = state == State.READY;
            state = State.CLOSED;
        }
        if (ready) {
            folder.delete(SPARE);
        }
    }

    private void make() {
        try {
            if (folder.names().contains(SPARE)) {
                folder.delete(SPARE);
            }
            try (StoredFile spare = folder.create(SPARE)) {
                fill(spare);
            }
            if (!offer(State.READY)) {
                folder.delete(SPARE); // closed meanwhile
            }
        } catch (IOException e) {
            LOG.warn("No log file could be prepared ahead, the log goes on in a growing one", e);
            offer(State.NONE);
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
        return state == State.CLOSED;
    }

    /** Ends the making, and says whether the spare is still wanted. */
    private synchronized boolean offer(State made) {
        if (state == State.MAKING) {
            state = made;
        }
        return state != State.CLOSED;
    }
}
