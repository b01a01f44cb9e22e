package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was before each log file when its first record came, in a file of ours beside Apache's. Within a file no record can be
 * missing without leaving a flaw; between two of them, at the beginning of an epoch, no zxid tells.
 *
 * <p>A seam is forced before its file comes into being. It speaks of a file only if that begins with the very record that it
 * was written for, so one whose file never was, was cut off again, or was written by Apache's server says nothing. The newest
 * {@value #PLACES} are kept: a start reads what is behind the newest snapshot, which is a few files. It notes anew what it
 * finds before files of which no seam tells, since Apache's server wrote them or this file was lost.
 *
 * <p>Owned by the log thread, but for {@link #newest}.
 */
final class Seams implements Closeable {
    static final String FILE = "seams";

    static final int NOTED_AT_ONCE = 128; // so that the others stay

    private static final int PLACES = 256;
    private static final Places.Form FORM = new Places.Form(FILE, PLACES, 64, 7);

    private final Places places;
    private volatile Map<Long, Seam> newest = Map.of();
    private long number; // of the newest seam

    Seams(Folder folder) {
        this.places = new Places(folder, FORM);
    }

    /** The newest seam of each first zxid, in a folder of ours. */
    static Map<Long, Seam> in(ReadableFolder folder) throws IOException {
        return newest(Places.read(folder, FORM));
    }

    /** The seam of the file that begins with this very record. */
    static Optional<Seam> of(Map<Long, Seam> seams, long first, long firstSum) {
        return Optional.ofNullable(seams.get(first)).filter(seam -> seam.firstSum() == firstSum);
    }

    private static Map<Long, Seam> newest(List<long[]> places) {
        Map<Long, Seam> newest = new HashMap<>();
        for (long[] numbers : places) {
            Seam seam = seam(numbers);
            newest.merge(seam.first(), seam, (a, b) -> a.number() > b.number() ? a : b);
        }
        return newest;
    }

    private static Seam seam(long[] n) {
        return new Seam(n[0], n[1], n[2], new Stretch(n[3], n[4], n[5], n[6]));
    }

    /** Reads what is there. */
    void load() throws IOException {
        Map<Long, Seam> found = newest(
                places.readOrBeginAnew("what is missing between the log files that there are would not be seen"));
        number = found.values().stream().mapToLong(Seam::number).max().orElse(0);
        newest = Map.copyOf(found);
    }

    /** By the first zxid behind it. From any thread. */
    Map<Long, Seam> newest() {
        return newest;
    }

    /**
     * A file is about to begin.
     *
     * @param first    zxid of its first record
     * @param firstSum checksum of that
     * @param before   what is there before it, all of it forced
     * @param isForced whether it must survive a failure of the machine
     */
    void begin(long first, long firstSum, Stretch before, boolean isForced) throws IOException {
        write(first, firstSum, before);
        if (isForced) places.force();
    }

    /** Likewise of files that are there; durable together. */
    void note(List<Seam> unnoted, boolean isForced) throws IOException {
        for (Seam seam : unnoted) write(seam.first(), seam.firstSum(), seam.before());
        if (isForced && !unnoted.isEmpty()) places.force();
    }

    private void write(long first, long firstSum, Stretch before) throws IOException {
        var seam = new Seam(isNewest(first, firstSum) ? number : number + 1, first, firstSum, before);
        places.write(
                (int) (seam.number() % PLACES),
                seam.number(),
                first,
                firstSum,
                before.first(),
                before.firstSum(),
                before.last(),
                before.sum());
        number = seam.number();
        Map<Long, Seam> kept = new HashMap<>(newest);
        kept.put(first, seam);
        kept.values().removeIf(old -> old.number() <= number - PLACES);
        newest = Map.copyOf(kept);
    }

    /** Whether the newest seam is of this file, which could not be begun then: tries again take no place from older ones. */
    private boolean isNewest(long first, long firstSum) {
        Seam last = newest.get(first);
        return last != null && last.number() == number && last.firstSum() == firstSum;
    }

    @Override
    public void close() throws IOException {
        places.close();
    }
}
