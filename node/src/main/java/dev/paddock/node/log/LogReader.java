package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.LogFileReader.Bad;
import dev.paddock.node.log.LogFileReader.End;
import dev.paddock.node.log.LogFileReader.Found;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Zxid;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of a log from one zxid on, over all its files in order. It tells a torn tail from damage: after a write
 * that a crash cut short nothing stands but zeros, and no later file. Everything else that is not a record is damage,
 * and so is a gap: inside an epoch each zxid is the one before plus 1, an epoch begins with 1, and a file begins behind what
 * was there when it was begun, see {@link Seams}.
 *
 * <p>Owned by one thread; others may append to the log meanwhile, see {@link TxnLog#read}.
 */
public final class LogReader implements Closeable {
    private final ReadableFolder folder;
    private final List<Named> files;
    private final SeamCheck seams;
    private final long fromZxid;
    private final long toZxid;
    private int nextFile;
    private @Nullable LogFileReader file; // null before the first and after the last
    private @Nullable LogRecord record; // the current one
    private long offset; // of the current record in its file
    private long lastZxid; // of the record read last, wanted or not; 0 before the first
    private final List<TornTail> excused = new ArrayList<>(); // at most one a file
    private @Nullable TornTail tornBefore; // an earlier file whose tail is torn, which only the next zxid can excuse
    private @Nullable TornTail tail;
    private boolean ended;

    /**
     * @param files    all log files, ascending
     * @param seams    what was before them, as far as that is known; by the first zxid behind
     * @param fromZxid the first zxid wanted; all before it are known to the caller
     * @param toZxid   the last zxid wanted
     */
    LogReader(ReadableFolder folder, List<Named> files, Map<Long, Seam> seams, long fromZxid, long toZxid) {
        this.folder = folder;
        this.files = files;
        this.seams = new SeamCheck(folder, seams, fromZxid);
        this.fromZxid = fromZxid;
        this.toZxid = toZxid;
        while (nextFile + 1 < files.size() && files.get(nextFile + 1).zxid() <= fromZxid) {
            nextFile++;
        }
    }

    /**
     * Steps to the next record.
     *
     * @return false at the end of the log, or of what was wanted of it
     * @throws DamagedLogException if the history does not go on as it was written
     */
    public boolean advance() throws IOException {
        while (!ended && lastZxid < toZxid) { // what lies behind may be half written just now
            if (file == null && !openNext()) {
                break;
            }
            switch (current().next()) {
                case Found found -> {
                    if (take(found)) {
                        return true;
                    }
                }
                case End _ -> closeFile();
                case Bad bad -> tornOrDamaged(bad);
            }
        }
        ended = true;
        record = null;
        closeFile();
        return false;
    }

    /** The zxid of the first record there is, whatever was wanted; 1 if there is none. Only before {@link #advance}. */
    long firstZxid() throws IOException {
        for (Named name : files) {
            try (LogFileReader first = new LogFileReader(folder, name.name())) {
                if (first.next() instanceof Found found) {
                    return found.record().zxid();
                }
            }
        }
        return 1;
    }

    /** The record stepped to last. */
    public LogRecord record() {
        if (record == null) {
            throw new NoSuchElementException("no record here");
        }
        return record;
    }

    /**
     * The transaction that the record stepped to last holds.
     *
     * @throws DamagedLogException if it is whole and holds none
     */
    public TxnRecord txn() throws DamagedLogException {
        LogRecord whole = record();
        try {
            return TxnRecord.parse(whole.payload());
        } catch (WireException e) {
            throw damaged(
                    "the record of zxid " + Zxid.toString(whole.zxid()) + " is whole but no txn: " + e.getMessage());
        }
    }

    /** Whether the current record is the first of its file and of its epoch, so that zxids cannot tell what was before. */
    boolean beginsFileAndEpoch() {
        return offset == LogFormat.HEADER_BYTES && Zxid.counter(lastZxid) == 1;
    }

    /** Where the log ends; only after {@link #advance} has said false, with no upper bound. */
    public LogEnd end() {
        if (!ended || toZxid != Long.MAX_VALUE) {
            throw new IllegalStateException("the end has not been seen");
        }
        return new LogEnd(read(), Optional.ofNullable(tail), seams.unnoted());
    }

    /** What was read of the newest file, up to the record stepped to last. */
    Stretch read() {
        return seams.read();
    }

    /** The name of the file that holds the record stepped to last. */
    public String file() {
        return files.get(nextFile - 1).name();
    }

    /** Where in its file that record starts, in bytes. */
    public long offset() {
        return offset;
    }

    /** The torn tails passed so far behind which the history goes on in the next file. */
    public List<TornTail> excused() {
        return List.copyOf(excused);
    }

    /** The exception for a current record whose payload makes no sense. */
    public DamagedLogException damaged(String problem) {
        return new DamagedLogException(folder.path(file()), offset, problem);
    }

    private LogGapException gap(long before, long next, String problem) {
        return new LogGapException(folder.path(file()), offset, problem, before, next, 0);
    }

    @Override
    public void close() throws IOException {
        ended = true;
        closeFile();
    }

    private boolean openNext() throws IOException {
        if (nextFile == files.size()) {
            return false;
        }
        file = new LogFileReader(folder, files.get(nextFile++).name());
        return true;
    }

    private LogFileReader current() {
        if (file == null) {
            throw new IllegalStateException("no file is open");
        }
        return file;
    }

    private void closeFile() throws IOException {
        LogFileReader open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** Takes a record, and says whether it is wanted. */
    private boolean take(Found found) throws IOException {
        long zxid = found.record().zxid();
        offset = found.offset();
        if (zxid <= lastZxid) {
            throw damaged("zxid " + Zxid.toString(zxid) + " comes after " + Zxid.toString(lastZxid));
        }
        if (tornBefore != null && zxid != lastZxid + 1) {
            throw gap(
                    lastZxid,
                    zxid,
                    "the end of " + tornBefore.file() + " cannot be read, and " + Zxid.toString(zxid)
                            + " does not follow " + Zxid.toString(lastZxid));
        }
        if (tornBefore != null) {
            excused.add(tornBefore);
            tornBefore = null;
        }
        if (zxid > toZxid) {
            ended = true;
            return false;
        }
        if (zxid >= fromZxid) {
            long before = Math.max(lastZxid, fromZxid - 1);
            if (!follows(before, zxid)) {
                throw gap(
                        before,
                        zxid,
                        "zxid " + Zxid.toString(zxid) + " comes after " + Zxid.toString(before)
                                + ", what was between them is missing");
            }
        }
        seams.take(file(), found);
        lastZxid = zxid;
        record = found.record();
        return zxid >= fromZxid;
    }

    static boolean follows(long before, long zxid) {
        return zxid == before + 1 || (Zxid.epoch(zxid) > Zxid.epoch(before) && Zxid.counter(zxid) == 1);
    }

    private void tornOrDamaged(Bad bad) throws IOException {
        LogFileReader open = current();
        String name = files.get(nextFile - 1).name();
        offset = bad.offset();
        if (bad.isHole()) {
            throw damaged(bad.problem());
        }
        long later = open.wholeRecordAfter(bad.offset(), lastZxid);
        if (later >= 0) {
            throw damaged(bad.problem() + ", and a whole record follows at offset " + later);
        }
        TornTail torn = new TornTail(name, bad.offset(), open.bytesFrom(bad.offset()), bad.problem());
        if (nextFile < files.size()) {
            tornBefore = torn; // Apache leaves a torn tail where it is and goes on in a new file
        } else {
            tail = torn;
        }
        closeFile();
    }
}
