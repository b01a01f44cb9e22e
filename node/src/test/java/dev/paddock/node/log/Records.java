package dev.paddock.node.log;

import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/** Makes logs for tests, and reads them. */
public final class Records {
    /** Runs what prepares files ahead at once, so that a run is the same every time. */
    static final java.util.concurrent.Executor AT_ONCE = Runnable::run;

    /** Files that grow, as they come. */
    static final FileTxnLog.Settings GROWING = new FileTxnLog.Settings(0, 0, true);

    /** Wants to know nothing. */
    public static final RecoveryProgress SILENT = new RecoveryProgress() {
        @Override
        public void reading(String snapshot, long bytes) {}

        @Override
        public void replayed(long records, long zxid) {}
    };

    private Records() {}

    /** A txn that creates {@code /n<zxid>}. */
    public static byte[] record(long zxid, int dataBytes) {
        byte[] data = "d".repeat(dataBytes).getBytes(StandardCharsets.US_ASCII);
        Txn txn = new Txn.Create(path(zxid), data, Acl.OPEN_UNSAFE, false, (int) zxid);
        return new TxnRecord(new TxnHeader(0x77, 5, zxid, 1_700_000_000_000L, txn.type()), txn).toBytes();
    }

    /** A server's storage over one folder, recovered. */
    public static Storage storage(Folder folder) throws IOException {
        Storage storage = over(folder);
        storage.recover(SILENT);
        return storage;
    }

    /** A server's storage over one folder. */
    public static Storage over(Folder folder) {
        return over(folder, TreeRules.DEFAULT, 0);
    }

    /**
     * Likewise, with other rules of the tree.
     *
     * @param preAllocBytes size of log files that are made ahead; 0 lets them grow
     */
    public static Storage over(Folder folder, TreeRules rules, long preAllocBytes) {
        var settings = new FileTxnLog.Settings(preAllocBytes, 0, true);
        return new Storage(folder, folder, folder, settings, new Recovery.Limits(500, 1 << 20, false, rules), AT_ONCE);
    }

    /**
     * A server's storage over one folder that is watched for its room, recovered.
     *
     * @param lowBytes     how much is left where changes are taken
     * @param reserveBytes size of the reserve, which is made at once
     */
    public static Storage watched(Folder folder, long lowBytes, long reserveBytes) throws IOException {
        Storage storage =
                watched(folder, TreeRules.DEFAULT, GROWING, lowBytes, reserveBytes, new DiskSpace(RoomWait.ofSystem()));
        storage.recover(SILENT);
        return storage;
    }

    /**
     * Likewise, not recovered yet, with other rules of the tree and another time.
     *
     * @param preAllocBytes size of log files that are made ahead; 0 lets them grow
     * @param nanos         monotonic
     * @param goesOn        called where it waits for room for so many milliseconds; false if it shall wait no more
     */
    public static Storage watched(
            Folder folder,
            TreeRules rules,
            long preAllocBytes,
            long lowBytes,
            long reserveBytes,
            LongSupplier nanos,
            LongPredicate goesOn)
            throws IOException {
        var settings = new FileTxnLog.Settings(preAllocBytes, 0, true);
        var space = new DiskSpace(new RoomWait() {
            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public boolean goesOn(long millis) {
                return goesOn.test(millis);
            }

            @Override
            public void end() {
                throw new IllegalStateException("asked by goesOn");
            }
        });
        return watched(folder, rules, settings, lowBytes, reserveBytes, space);
    }

    private static Storage watched(
            Folder folder,
            TreeRules rules,
            FileTxnLog.Settings settings,
            long lowBytes,
            long reserveBytes,
            DiskSpace space)
            throws IOException {
        WatchedDisk disk = WatchedDisk.of(folder, lowBytes);
        space.watch(disk, folder, reserveBytes, AT_ONCE);
        space.look();
        var limits = new Recovery.Limits(500, 1 << 20, false, rules);
        return new Storage(
                folder, disk.sparing(), folder, folder, folder, space, settings, limits, AT_ONCE, null, null);
    }

    /** Where the records of a log file end, and where they begin; ascending. */
    public static List<Integer> ends(byte[] log) {
        List<Integer> ends = new ArrayList<>();
        ByteBuffer all = ByteBuffer.wrap(log);
        int at = LogFormat.HEADER_BYTES;
        while (at + LogFormat.PAYLOAD_AT <= log.length) {
            ends.add(at);
            int length = all.getInt(at + LogFormat.PAYLOAD_AT - Integer.BYTES);
            if (length <= 0 || length > log.length) break;
            at += LogFormat.FRAME_BYTES + length;
        }
        return ends;
    }

    static String path(long zxid) {
        return "/n" + Long.toHexString(zxid);
    }

    static FileTxnLog open(Folder folder, long preAllocBytes) throws IOException {
        LogEnd end = drain(folder, 1).end();
        return FileTxnLog.open(
                folder,
                end,
                end.lastZxid(),
                new FileTxnLog.Settings(preAllocBytes, 0, true),
                AT_ONCE,
                new ForcedMark(new CrashingFolder()),
                new Seams(new CrashingFolder()),
                DiskSpace.unwatched());
    }

    static void append(TxnLog log, long from, long to) throws IOException {
        for (long zxid = from; zxid <= to; zxid++) {
            log.append(record(zxid, (int) (zxid % 50)), zxid);
        }
    }

    static LogReader drain(Folder folder, long from) throws IOException {
        LogReader reader = FileTxnLog.reader(folder, Map.of(), from);
        try (reader) {
            while (reader.advance()) {
                reader.record();
            }
        }
        return reader;
    }

    static List<Long> zxids(Folder folder, long from) throws IOException {
        List<Long> zxids = new ArrayList<>();
        try (LogReader reader = FileTxnLog.reader(folder, Map.of(), from)) {
            while (reader.advance()) {
                zxids.add(reader.record().zxid());
            }
        }
        return zxids;
    }

    static List<Long> range(long from, long to) {
        List<Long> range = new ArrayList<>();
        for (long zxid = from; zxid <= to; zxid++) {
            range.add(zxid);
        }
        return range;
    }

    /** The records of all log files as a credulous reader takes them: each file up to its first flaw, gaps and all. */
    public static List<LogRecord> believed(Folder folder) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        for (FileNames.Named file : LogFiles.files(folder)) {
            try (LogFileReader reader = new LogFileReader(folder, file.name())) {
                while (reader.next() instanceof LogFileReader.Found found) records.add(found.record());
            }
        }
        return records;
    }

    /**
     * Damages the record of a zxid.
     *
     * @param offset in the record, whose frame is a checksum of 8 bytes and a length of 4
     * @param mask   turns bits of the byte there
     * @param sealed whether the checksum fits again
     */
    public static void damage(CrashingFolder folder, long zxid, int offset, int mask, boolean sealed)
            throws IOException {
        for (FileNames.Named file : LogFiles.files(folder)) {
            try (LogFileReader reader = new LogFileReader(folder, file.name())) {
                while (reader.next() instanceof LogFileReader.Found found) {
                    if (found.record().zxid() != zxid) continue;
                    byte[] bytes = folder.bytes(file.name());
                    int at = (int) found.offset();
                    bytes[at + offset] ^= (byte) mask;
                    int length = found.record().payload().length;
                    int from = at + LogFormat.PAYLOAD_AT;
                    byte[] payload = Arrays.copyOfRange(bytes, from, from + length);
                    if (sealed) ByteBuffer.wrap(bytes).putLong(at, LogFormat.checksum(payload));
                    folder.put(file.name(), bytes);
                    return;
                }
            }
        }
        throw new IllegalArgumentException("no record of " + Long.toHexString(zxid));
    }

    /** Takes the last records off a log file and leaves no trace of them. */
    public static void cut(CrashingFolder folder, String file, int records) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (LogFileReader reader = new LogFileReader(folder, file)) {
            while (reader.next() instanceof LogFileReader.Found found) offsets.add(found.offset());
        }
        long end = offsets.get(offsets.size() - records);
        folder.put(file, Arrays.copyOf(folder.bytes(file), (int) end));
    }
}
