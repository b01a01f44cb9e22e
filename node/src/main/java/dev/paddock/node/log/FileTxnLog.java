package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.LogFileReader.Found;
import dev.paddock.node.log.LogFileReader.Step;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
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
    private final Preallocator preallocator;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
    private @Nullable StoredFile file; // null until the first record after a start, a roll or a truncation
    private String fileName = "";
    private long writeAt; // offset in the file of the first byte of the batch
    private long capacity; // bytes of the file that were written ahead
    private boolean folderChanged;
    private long lastZxid;
    private @Nullable LogFailedException failure;

    private FileTxnLog(Folder folder, long preAllocBytes, Executor preallocating, long lastZxid) {
        this.folder = folder;
        this.preallocator = new Preallocator(folder, preAllocBytes, preallocating);
        this.lastZxid = lastZxid;
    }

    /**
     * Opens a log that was read to its end: cuts its torn tail, removes what is unfinished, and is ready to append.
     *
     * @param end           what the reading found
     * @param lastZxid      of the state recovered, at least the log's own
     * @param preAllocBytes size of a fresh file; 0 lets files grow
     * @param preallocating runs the making of files ahead; not the log thread
     */
    public static FileTxnLog open(Folder folder, LogEnd end, long lastZxid, long preAllocBytes, Executor preallocating)
            throws IOException {
        if (end.torn().isPresent()) {
            cut(folder, end.torn().get());
        }
        for (String name : folder.names()) {
            if (name.equals(Preallocator.SPARE)) {
                folder.delete(name);
            }
        }
        removeEmptyNewest(folder);
        FileTxnLog log = new FileTxnLog(folder, preAllocBytes, preallocating, lastZxid);
        log.preallocator.request();
        return log;
    }

    /** Reads a log that no one writes to, from a zxid to its end. All before that zxid are known to the caller. */
    public static LogReader reader(Folder folder, long fromZxid) throws IOException {
        return new LogReader(folder, files(folder), fromZxid, Long.MAX_VALUE);
    }

    static List<Named> files(Folder folder) throws IOException {
        return FileNames.sorted(folder.names(), FileNames.LOG, "");
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
        try {
            int bytes = payload.length + LogFormat.FRAME_BYTES;
            if (file != null
                    && capacity > 0
                    && writeAt + batch.position() + bytes > capacity
                    && preallocator.isReady()) {
                finishFile();
            }
            if (file == null) {
                startFile(zxid);
            }
            put(payload, bytes);
        } catch (IOException e) {
            throw failed("append", e);
        }
        lastZxid = zxid;
    }

    @Override
    public void force() throws LogFailedException {
        refuseIfFailed();
        try {
            forceFile();
        } catch (IOException e) {
            throw failed("force", e);
        }
    }

    @Override
    public void roll() throws LogFailedException {
        refuseIfFailed();
        try {
            finishFile();
        } catch (IOException e) {
            throw failed("roll", e);
        }
    }

    @Override
    public long truncate(long zxid) throws LogFailedException, DamagedLogException {
        refuseIfFailed();
        try {
            batch.clear();
            closeFile();
            long left = removeAfter(zxid);
            lastZxid = zxid;
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
            deleteAll(folder);
            lastZxid = zxid;
        } catch (IOException e) {
            throw failed("remove the history", e);
        }
    }

    /** Removes all files of a log that no one writes to, newest first. */
    static void deleteAll(Folder folder) throws IOException {
        for (Named newest : files(folder).reversed()) {
            delete(folder, newest.name());
        }
    }

    /**
     * Removes the files in which all records are at or before a zxid; never the newest file. For the snapshot thread.
     *
     * @return how many went
     */
    static int purge(Folder folder, long zxid) throws IOException {
        List<Named> files = files(folder);
        int removed = 0;
        while (removed + 1 < files.size() && files.get(removed + 1).zxid() <= zxid + 1) {
            folder.delete(files.get(removed++).name());
        }
        return removed;
    }

    @Override
    public LogReader read(long fromZxid, long toZxid) throws IOException {
        return new LogReader(folder, files(folder), fromZxid, toZxid);
    }

    /** Closes without forcing: whoever wants the last records kept forces first. */
    @Override
    public void close() throws IOException {
        closeFile();
        preallocator.close();
    }

    private void put(byte[] payload, int bytes) throws IOException {
        if (bytes > batch.remaining()) {
            writeBatch();
        }
        if (bytes > batch.capacity()) {
            writeLarge(payload, bytes);
            return;
        }
        LogFormat.putFrame(batch, payload);
        batch.put(payload).put(LogFormat.END_MARK);
    }

    private void writeLarge(byte[] payload, int bytes) throws IOException {
        ByteBuffer alone = ByteBuffer.allocate(bytes);
        LogFormat.putFrame(alone, payload);
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
        file.force();
        if (folderChanged) {
            folder.force();
            folderChanged = false;
        }
    }

    private void startFile(long zxid) throws IOException {
        fileName = FileNames.of(FileNames.LOG, zxid);
        folderChanged = true;
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

    private long removeAfter(long zxid) throws IOException {
        List<Named> files = files(folder);
        for (Named newest : files.reversed()) {
            if (newest.zxid() > zxid) {
                delete(folder, newest.name());
            } else {
                long left = cutAfter(newest.name(), zxid);
                if (left > 0) {
                    return left;
                }
                delete(folder, newest.name()); // no record of it is left, so the one before is the last
            }
        }
        return 0;
    }

    /** Cuts a file after a zxid, and says which record is its last now; 0 if none is. */
    private long cutAfter(String name, long zxid) throws IOException {
        long left = 0;
        try (LogFileReader reader = new LogFileReader(folder, name)) {
            Step step = reader.next();
            while (step instanceof Found found && found.record().zxid() <= zxid) {
                left = found.record().zxid();
                step = reader.next();
            }
            switch (step) {
                case Found found -> cut(folder, name, found.offset());
                case LogFileReader.Bad bad -> {
                    if (left < zxid) {
                        throw new DamagedLogException(folder.path(name), bad.offset(), bad.problem());
                    }
                    cut(folder, name, bad.offset());
                }
                case LogFileReader.End _ -> {}
            }
        }
        return left;
    }

    private static void cut(Folder folder, TornTail torn) throws IOException {
        if (torn.offset() <= LogFormat.HEADER_BYTES) {
            delete(folder, torn.file());
        } else {
            cut(folder, torn.file(), torn.offset());
        }
    }

    private static void cut(Folder folder, String name, long offset) throws IOException {
        try (StoredFile file = folder.open(name)) {
            file.truncate(offset);
            file.force();
        }
    }

    /** Each removal is forced before the next, since a folder keeps no order of its own. */
    private static void delete(Folder folder, String name) throws IOException {
        folder.delete(name);
        folder.force();
    }

    private static void removeEmptyNewest(Folder folder) throws IOException {
        List<Named> files = files(folder);
        if (files.isEmpty()) {
            return;
        }
        String newest = files.getLast().name();
        boolean empty;
        try (LogFileReader reader = new LogFileReader(folder, newest)) {
            empty = reader.next() instanceof LogFileReader.End;
        }
        if (empty) {
            delete(folder, newest);
        }
    }
}
