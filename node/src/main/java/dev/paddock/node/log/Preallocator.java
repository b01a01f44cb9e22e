package dev.paddock.node.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one log file ahead: header and zeros really written and forced, so that forcing records over them changes no
 * metadata. It is half as long again as the last file became, since zeros that no record replaces cost as much as records.
 * Made on another thread, since that takes as long as many forces; the other methods belong to the log thread.
 */
final class Preallocator {
    static final String SPARE = "next-log" + FileNames.UNFINISHED;

    private static final Logger LOG = LoggerFactory.getLogger(Preallocator.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int FORCE_BYTES = 8 << 20; // small steps, so that the log's own forces do not queue behind one
    private static final long BYTES_MIN = 8 << 20; // of a spare, unless files shall be shorter
    private static final long CLOSE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Folder folder;
    private final long bytesMax;
    private final Executor executor;
    private final RoomFor room;

    /** Whether a disk has room for what can be done without. */
    interface RoomFor {
        /** Says so. */
        boolean bytes(long bytes) throws IOException;
    }

    private enum State {
        NONE,
        ASKED,
        MAKING,
        READY
    }

    private State state = State.NONE; // guarded by this
    private boolean closed; // likewise
    private long bytes; // of the next spare; likewise

    /**
     * @param bytesMax size of the longest spare; 0 lets files grow
     * @param room     where there is none the log goes on in a growing file
     */
    Preallocator(Folder folder, long bytesMax, RoomFor room, Executor executor) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.bytes = Math.min(BYTES_MIN, bytesMax);
        this.executor = executor;
        this.room = room;
    }

    /** Asks for a spare, unless there is one or files shall grow. */
    void request() {
        synchronized (this) {
            if (bytesMax == 0 || state != State.NONE) {
                return;
            }
            state = State.ASKED;
        }
        executor.execute(this::make);
    }

    /** Tells how long a file became in the end. */
    synchronized void finished(long fileBytes) {
        bytes = Math.min(Math.max(BYTES_MIN, fileBytes + fileBytes / 2), bytesMax);
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

    /**
     * Removes the spare; returns when nothing is written to the folder any more.
     *
     * @throws IOException if that is not so in a few seconds
     */
    void close() throws IOException {
        long deadline = System.nanoTime() + CLOSE_LIMIT_NANOS;
        synchronized (this) {
            closed = true;
            try {
                while (state == State.MAKING) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new IOException("a log file is still being prepared: the disk does not answer");
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
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
        long size;
        synchronized (this) {
            if (closed) {
                return;
            }
            state = State.MAKING;
            size = bytes;
        }
        State made = State.NONE;
        try {
            LogFiles.deleteIfThere(folder, SPARE);
            if (!room.bytes(size)) {
                return;
            }
            try (StoredFile spare = folder.create(SPARE)) {
                fill(spare, size);
            }
            made = State.READY;
        } catch (IOException e) {
            LogFiles.deleteAfter(e, folder, SPARE);
            LOG.warn("No log file could be prepared ahead, the log goes on in a growing one", e);
        } finally {
            done(made);
        }
    }

    private void fill(StoredFile spare, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, size));
        for (long at = 0; at < size && !isClosed(); ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
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
