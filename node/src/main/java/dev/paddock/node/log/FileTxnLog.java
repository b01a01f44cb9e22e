package dev.paddock.node.log;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The log in Apache ZooKeeper's files, {@code log.} and the hexadecimal zxid of the first record. One write carries all
 * that was appended since the last force. A file begins preallocated; when it is full the log goes on in the next one.
 */
public final class FileTxnLog implements TxnLog {
    private static final int BATCH_BYTES = 1 << 20;

    private final Folder folder;
    private final Settings settings;
    private final Preallocator preallocator;
    private final ForcedMark mark;
    private final Seams seams;
    private final DiskSpace space;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
    private @Nullable StoredFile file; // null until the first record after a start, a roll or a truncation
    private String fileName = "";
    private long writeAt; // offset in the file of the first byte of the batch
    private long capacity; // bytes of the file that were written ahead
    private long forcedAt; // offset in the file up to which records are forced; 0 if none is
    private final List<byte[]> unforced = new ArrayList<>(); // payloads in the file since then, ascending by zxid
    private boolean folderChanged;
    private final Chain chain = new Chain(); // of the newest file, up to what is in it or in the batch
    private Stretch forced; // what it was at the last force, or at the end of the file before
    private long lastZxid;
    private @Nullable LogFailedException failure;

    /**
     * How it is written.
     *
     * @param preAllocBytes largest size of a fresh file; 0 lets files grow
     * @param fileBytesMax  when the log goes on in another file, whether one is prepared or not; 0 is never
     * @param isForced      whether {@link #force} forces; if not, a machine that fails loses what was acknowledged
     */
    record Settings(long preAllocBytes, long fileBytesMax, boolean isForced) {
        static Settings of(NodeConfig.Storage config) {
            return new Settings(
                    config.preAllocBytes(),
                    config.log().fileBytesMax(),
                    config.log().isForced());
        }
    }

    /** A step that may fail for lack of room. */
    private interface Step {
        void run() throws IOException;
    }

    private FileTxnLog(
            Folder folder,
            Settings settings,
            Executor preallocating,
            ForcedMark mark,
            Seams seams,
            DiskSpace space,
            Stretch end) {
        this.folder = folder;
        this.settings = settings;
        this.preallocator = new Preallocator(folder, settings.preAllocBytes(), space::canSpare, preallocating);
        this.mark = mark;
        this.seams = seams;
        this.space = space;
        this.lastZxid = end.last();
        this.forced = end;
        chain.goOn(end);
    }

    /**
     * Opens a log that was read to its end: cuts its torn tail, removes what is unfinished, and is ready to append.
     *
     * @param end           what the reading found
     * @param lastZxid      of the state recovered, at least the log's own
     * @param preallocating runs the making of files ahead; not the log thread
     * @param mark          follows each force
     * @param seams         takes what is before each file
     * @param space         says what to do where there is no room
     */
    static FileTxnLog open(
            Folder folder,
            LogEnd end,
            long lastZxid,
            Settings settings,
            Executor preallocating,
            ForcedMark mark,
            Seams seams,
            DiskSpace space)
            throws IOException {
        if (end.torn().isPresent()) {
            LogFiles.cut(folder, end.torn().get());
        }
        LogFiles.deleteIfThere(folder, Preallocator.SPARE);
        LogFiles.removeEmptyNewest(folder);
        Stretch at = end.read().reaching(lastZxid);
        FileTxnLog log = new FileTxnLog(folder, settings, preallocating, mark, seams, space, at);
        log.preallocator.request();
        return log;
    }

    /** Reads a log that no one writes to, from a zxid to its end. All before that zxid are known to the caller. */
    static LogReader reader(ReadableFolder folder, Map<Long, Seam> seams, long fromZxid) throws IOException {
        return new LogReader(folder, LogFiles.files(folder), seams, fromZxid, Long.MAX_VALUE);
    }

    @Override
    public long lastZxid() {
        return lastZxid;
    }

    @Override
    public void append(byte[] payload, long zxid) throws LogFailedException {
        refuseIfFailed();
        if (zxid <= lastZxid || payload.length < LogFormat.PAYLOAD_BYTES_MIN || LogFormat.zxid(payload) != zxid) {
            throw new IllegalArgumentException("zxid " + Zxid.toString(zxid) + " after " + Zxid.toString(lastZxid));
        }
        carryOut("append", () -> place(payload));
        lastZxid = zxid;
    }

    /** Puts a record behind all others. */
    private void place(byte[] payload) throws IOException {
        int bytes = payload.length + LogFormat.FRAME_BYTES;
        long zxid = LogFormat.zxid(payload);
        long checksum = LogFormat.checksum(payload);
        if (file != null && isFull(bytes)) {
            finishFile();
        }
        if (file == null) {
            startFile(zxid, checksum);
        }
        put(payload, checksum, bytes);
        chain.add(zxid, checksum, payload.length);
        unforced.add(payload);
    }

    /**
     * Does a step, and does it again in another file where it fails since the disk is full: the file that it failed in is
     * finished, with what was forced in it before. Any other failure is the end of this log.
     */
    private void carryOut(String name, Step step) throws LogFailedException {
        for (boolean isAgain = false; ; isAgain = true) {
            try {
                if (isAgain) moveUnforced();
                step.run();
                return;
            } catch (IOException e) {
                makeRoom(name, e);
            }
        }
    }

    private void makeRoom(String step, IOException failure) throws LogFailedException {
        try {
            space.makeRoom(failure);
        } catch (IOException e) {
            throw failed(step, e);
        }
    }

    /** Leaves in the file what was forced, and writes the rest to another. Once again, if that fails too. */
    private void moveUnforced() throws IOException {
        batch.clear();
        chain.goOn(forced);
        StoredFile finished = file;
        if (finished != null && forcedAt > 0) {
            finished.truncate(forcedAt);
            finished.force();
            closeFile();
        } else if (finished != null) {
            closeFile();
            LogFiles.deleteIfThere(folder, fileName);
            folder.force();
        }
        Deque<byte[]> moving = new ArrayDeque<>(unforced);
        unforced.clear();
        try {
            while (!moving.isEmpty()) {
                place(moving.getFirst());
                moving.removeFirst();
            }
        } finally {
            unforced.addAll(moving); // what was not placed is still to be
        }
    }

    /** Whether the log goes on in another file before a record of this length. */
    private boolean isFull(int bytes) {
        long end = writeAt + batch.position() + bytes;
        boolean isTooLong = settings.fileBytesMax() > 0 && end > settings.fileBytesMax();
        return isTooLong || (capacity > 0 && end > capacity && preallocator.isReady());
    }

    @Override
    public void force() throws LogFailedException {
        refuseIfFailed();
        carryOut("force", () -> {
            forceFile();
            if (settings.isForced()) {
                mark.forced(forced);
            }
        });
    }

    @Override
    public void roll() throws LogFailedException {
        refuseIfFailed();
        carryOut("roll", this::finishFile);
    }

    @Override
    public long truncate(long zxid) throws LogFailedException, DamagedLogException {
        refuseIfFailed();
        try {
            batch.clear();
            closeFile();
            mark.lower(zxid); // first: a log that reaches further than the mark is no loss
            long left = LogFiles.removeAfter(folder, zxid);
            goOn(Stretch.until(zxid));
            return left;
        } catch (DamagedLogException e) {
            failed("truncate", e);
            throw e;
        } catch (IOException e) {
            throw failed("truncate", e);
        }
    }

    @Override
    public void restartAfter(long zxid) throws LogFailedException {
        refuseIfFailed();
        try {
            batch.clear();
            closeFile();
            LogFiles.deleteAll(folder);
            goOn(Stretch.until(zxid));
        } catch (IOException e) {
            throw failed("remove the history", e);
        }
    }

    /** The log was read again, and ends here. */
    void goOn(Stretch end) {
        lastZxid = end.last();
        forced = end;
        chain.goOn(end);
    }

    /** What was forced last. */
    Stretch forced() {
        return forced;
    }

    @Override
    public LogReader read(long fromZxid, long toZxid) throws IOException {
        return new LogReader(folder, LogFiles.files(folder), seams.newest(), fromZxid, toZxid);
    }

    /** Closes without forcing: whoever wants the last records kept forces first. */
    @Override
    public void close() throws IOException {
        closeFile();
        preallocator.close();
    }

    private void put(byte[] payload, long checksum, int bytes) throws IOException {
        if (bytes > batch.remaining()) {
            writeBatch();
        }
        if (bytes > batch.capacity()) {
            writeLarge(payload, checksum, bytes);
            return;
        }
        LogFormat.putFrame(batch, checksum, payload);
        batch.put(payload).put(LogFormat.END_MARK);
    }

    private void writeLarge(byte[] payload, long checksum, int bytes) throws IOException {
        ByteBuffer alone = ByteBuffer.allocate(bytes);
        LogFormat.putFrame(alone, checksum, payload);
        alone.put(payload).put(LogFormat.END_MARK).flip();
        current().write(alone, writeAt);
        writeAt += bytes;
    }

    private void writeBatch() throws IOException {
        if (batch.position() > 0) {
            int bytes = batch.flip().remaining();
            current().write(batch, writeAt);
            writeAt += bytes;
            batch.clear();
        }
    }

    private void forceFile() throws IOException {
        if (file == null) {
            return;
        }
        writeBatch();
        if (settings.isForced()) {
            file.force();
            if (folderChanged) {
                folder.force();
                folderChanged = false;
            }
        }
        forcedAt = writeAt;
        forced = chain.stretch();
        unforced.clear();
    }

    private void startFile(long zxid, long checksum) throws IOException {
        seams.begin(zxid, checksum, forced, settings.isForced()); // first: no file of ours is without
        chain.begin();
        fileName = FileNames.of(FileNames.LOG, zxid);
        folderChanged = true;
        forcedAt = 0;
        Optional<StoredFile> spare = preallocator.take(fileName);
        if (spare.isPresent()) {
            file = spare.get();
            capacity = file.size();
            writeAt = LogFormat.HEADER_BYTES;
        } else {
            file = folder.create(fileName);
            capacity = LogFormat.HEADER_BYTES; // moves on to a prepared file as soon as there is one
            writeAt = 0;
            LogFormat.putHeader(batch);
        }
        preallocator.request();
    }

    private void finishFile() throws IOException {
        if (file == null) {
            return;
        }
        writeBatch();
        preallocator.finished(writeAt);
        if (file.size() > writeAt) {
            file.truncate(writeAt); // gives back what was not needed
        }
        forceFile();
        closeFile();
    }

    private StoredFile current() {
        if (file == null) {
            throw new IllegalStateException("no file is open");
        }
        return file;
    }

    private void closeFile() throws IOException {
        StoredFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private void refuseIfFailed() throws LogFailedException {
        if (failure != null) {
            throw failure;
        }
    }

    private LogFailedException failed(String step, IOException cause) {
        failure = new LogFailedException("cannot " + step + " in " + folder.path(fileName), cause);
        return failure;
    }
}
