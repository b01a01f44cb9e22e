package dev.paddock.node.log;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The small files beside log and snapshots, in a data folder that is well otherwise: a start takes what they say, or finds them
 * damaged, and the server goes on and starts again. What it holds is always the beginning of what was written.
 */
class OwnFilesFuzzTest {
    private static final int PER_BYTE = 256;
    private static final int SEALED = 8; // beside the number of a file, in the first byte of a change
    private static final int DAMAGES_MAX = 8;
    private static final int WRITTEN_COUNT = 30; // so many txns
    private static final long EPOCH_MAX = 0xffff_ffffL;
    private static final Recovery.Limits LIMITS = new Recovery.Limits(30, 1 << 20, false, TreeRules.DEFAULT);

    private static final List<Places.Form> PLACES = List.of(
            new Places.Form(ForcedMark.FILE, 2, 4096, 6),
            new Places.Form(Seams.FILE, 256, 64, 7),
            new Places.Form("promised", 2, 512, 2),
            new Places.Form(SnapshotNotes.FILE, 64, 64, 4));

    private static final List<TxnRecord> HISTORY = Databases.history(11, 40);
    private static final Disks WRITTEN = written();

    /** Folders of one server, whose log is apart from its snapshots. */
    private record Disks(CrashingFolder data, CrashingFolder log, CrashingFolder dataOwn, CrashingFolder logOwn) {
        Storage open() {
            return new Storage(
                    data,
                    data,
                    log,
                    logOwn,
                    dataOwn,
                    DiskSpace.unwatched(),
                    Records.GROWING,
                    LIMITS,
                    Records.AT_ONCE,
                    null,
                    null);
        }

        Disks copy() {
            return new Disks(data.copy(), log.copy(), dataOwn.copy(), logOwn.copy());
        }

        /** The folder of one of {@link #PLACES}. */
        CrashingFolder folder(int file) {
            return file == 3 ? dataOwn : logOwn;
        }

        int size() {
            return Stream.of(data, log, dataOwn, logOwn)
                    .mapToInt(folder -> folder.names().stream()
                            .mapToInt(name -> folder.bytes(name).length)
                            .sum())
                    .sum();
        }
    }

    /** Two logs, two snapshots, and each of the files in question. */
    private static Disks written() {
        var disks = new Disks(new CrashingFolder(), new CrashingFolder(), new CrashingFolder(), new CrashingFolder());
        try (Storage storage = disks.open()) {
            storage.recover(Records.SILENT);
            storage.epochs().storeAccepted(1);
            append(storage, 0, 20);
            storage.storeCurrentEpoch(1);
            storage.log().roll();
            storage.snapshots().write(after(20));
            append(storage, 20, WRITTEN_COUNT);
            for (int file = 0; file < PLACES.size(); file++) {
                if (Places.read(disks.folder(file), PLACES.get(file)).isEmpty())
                    throw new AssertionError(PLACES.get(file) + " is not how the file looks");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disks;
    }

    private static void append(Storage storage, int from, int to) throws IOException {
        for (TxnRecord record : HISTORY.subList(from, to))
            storage.log().append(record.toBytes(), record.header().zxid());
        storage.log().force();
    }

    private static Database after(long txns) {
        return Databases.after(Database.empty(), HISTORY.subList(0, (int) txns));
    }

    static Stream<Arguments> seeds() {
        var seeds = new ArrayList<Arguments>();
        for (int file = 4; file < 8; file++) {
            seeds.add(seed("empty", file, new byte[0]));
            for (String text : List.of("0", "99", "4294967296", "99999999999", "0c4"))
                seeds.add(seed(text, file, text.getBytes(StandardCharsets.US_ASCII)));
        }
        for (int file = 0; file < PLACES.size(); file++) {
            for (long number : new long[] {1, 3, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                for (long other : new long[] {0, 1, 25, 1L << 40, -1, Long.MAX_VALUE})
                    seeds.add(seed(number + " " + other, file | SEALED, place(number, other)));
            }
        }
        return seeds.stream();
    }

    private static Arguments seed(String name, int first, byte[] rest) {
        var out = new Writer(64);
        out.writeByte((byte) first);
        out.writeByte((byte) rest.length);
        out.raw(rest, 0, rest.length);
        return Golden.seed(first + ": " + name, out.toByteArray());
    }

    private static byte[] place(long number, long others) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + 8 * 7).put((byte) 1).putLong(number);
        while (bytes.hasRemaining()) bytes.putLong(others);
        return bytes.array();
    }

    /**
     * Changes, each behind two bytes: which file, and whether what comes is all that is in it or, with the right checksum, the
     * numbers in one place of it, behind which one; then how long it is.
     */
    @MethodSource("seeds")
    @FuzzTest
    void starts(byte[] input) throws IOException {
        Disks disks = WRITTEN.copy();
        ByteBuffer in = ByteBuffer.wrap(input);
        while (in.remaining() > 2) {
            int first = in.get();
            byte[] bytes = new byte[Math.min(in.get() & 0xff, in.remaining())];
            in.get(bytes);
            change(disks, first, bytes);
        }
        int size = disks.size() + input.length;
        Hostile.decoded(size, PER_BYTE, () -> lives(disks.copy()), DamagedFileException.class);
    }

    /** A life, and the start of the next one. */
    private static long lives(Disks disks) throws IOException {
        try (Storage storage = disks.open()) {
            long found = recovered(storage);
            append(storage, (int) found, Math.min(HISTORY.size(), (int) found + 5));
        }
        try (Storage again = disks.open()) {
            return recovered(again);
        }
    }

    /** As {@code server.Node} with others who can make up for what is damaged; gives the last zxid. */
    private static long recovered(Storage storage) throws IOException {
        Recovered recovered = null;
        for (int tries = 0; recovered == null; tries++) {
            try {
                recovered = storage.recover(Records.SILENT);
            } catch (DamagedFileException damage) {
                if (tries > DAMAGES_MAX) throw new AssertionError("damaged again and again", damage);
                if (!storage.setAside(damage)) throw damage;
            }
        }
        long last = recovered.lastZxid();
        String difference = recovered.database().difference(after(last));
        if (difference != null) throw new AssertionError(difference);
        if (recovered.isComplete() && last < WRITTEN_COUNT) throw new AssertionError("lost without a word: " + last);
        if (!isEpoch(recovered.acceptedEpoch()) || !isEpoch(recovered.currentEpoch()))
            throw new AssertionError(recovered.acceptedEpoch() + " and " + recovered.currentEpoch() + " are no epochs");
        return last;
    }

    private static boolean isEpoch(long epoch) {
        return epoch >= 0 && epoch <= EPOCH_MAX;
    }

    private static void change(Disks disks, int first, byte[] bytes) throws IOException {
        int file = first & 7;
        if (file > 3) {
            CrashingFolder folder = file < 6 ? disks.data() : file == 6 ? disks.dataOwn() : disks.logOwn();
            folder.put(file > 5 ? FolderPair.FILE : file == 4 ? EpochFiles.ACCEPTED : EpochFiles.CURRENT, bytes);
        } else if ((first & SEALED) == 0) {
            disks.folder(file).put(PLACES.get(file).name(), bytes);
        } else {
            seal(disks.folder(file), PLACES.get(file), ByteBuffer.wrap(bytes));
        }
    }

    private static void seal(CrashingFolder folder, Places.Form form, ByteBuffer bytes) throws IOException {
        int place = bytes.hasRemaining() ? (bytes.get() & 0xff) % form.count() : 0;
        long[] numbers = new long[form.numbers()];
        for (int i = 0; i < numbers.length && bytes.remaining() >= Long.BYTES; i++) numbers[i] = bytes.getLong();
        try (var places = new Places(folder, form)) {
            places.write(place, numbers);
        }
    }
}
