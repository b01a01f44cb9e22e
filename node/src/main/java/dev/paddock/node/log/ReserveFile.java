package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room that is kept for the last words of a server whose disk is full: a file of zeros, really written, in the folder that
 * Apache's servers do not know. From any thread.
 */
final class ReserveFile {
    static final String FILE = "reserve";

    private static final Logger LOG = LoggerFactory.getLogger(ReserveFile.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long CLOSE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Folder folder;
    private final long bytes;
    private final Executor executor;
    private boolean isAsked; // for it to be made; guarded by this
    private boolean isFilling; // likewise
    private boolean isClosed; // likewise

    /**
     * @param bytes    its size; 0 for none
     * @param executor makes it, since that takes as long as many forces
     */
    ReserveFile(Folder folder, long bytes, Executor executor) {
        this.folder = folder;
        this.bytes = bytes;
        this.executor = executor;
    }

    long bytes() {
        return bytes;
    }

    synchronized boolean isMissing() throws IOException {
        return bytes > 0 && !isAsked && !folder.names().contains(FILE);
    }

    /** Makes it, on the other thread. */
    void make() {
        synchronized (this) {
            if (isAsked || isClosed) return;
            isAsked = true;
        }
        executor.execute(this::makeNow);
    }

    private void makeNow() {
        synchronized (this) {
            if (isClosed) return;
            isFilling = true;
        }
        fill();
        synchronized (this) {
            isFilling = false;
            isAsked = false;
            notifyAll();
        }
    }

    /** Gives its room to others; false if it has none. */
    synchronized boolean give() throws IOException {
        if (!folder.names().contains(FILE)) return false;
        folder.delete(FILE);
        folder.force(); // some file systems free nothing before that
        return true;
    }

    private void fill() {
        String aside = FILE + FileNames.UNFINISHED;
        try {
            LogFiles.deleteIfThere(folder, aside);
            try (StoredFile file = folder.create(aside)) {
                for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                    file.write(ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes - at)), at);
                }
                file.force();
            }
            folder.rename(aside, FILE);
            folder.force();
        } catch (IOException e) {
            LogFiles.deleteAfter(e, folder, aside);
            LOG.warn("No room could be reserved for when the disk is full: {}", e.toString());
        }
    }

    /** Returns when nothing is written to the folder any more, or the disk has hung for some seconds. */
    synchronized void close() {
        isClosed = true;
        long deadline = System.nanoTime() + CLOSE_LIMIT_NANOS;
        try {
            for (long left = CLOSE_LIMIT_NANOS; isFilling && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
