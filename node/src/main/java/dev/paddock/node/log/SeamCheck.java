package dev.paddock.node.log;

import dev.paddock.node.log.LogFileReader.Found;
import dev.paddock.wire.Zxid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sums up what is read of a log, and compares it with the {@link Seams} at the beginning of each file. Owned by the reader. */
final class SeamCheck {
    private final ReadableFolder folder;
    private final Map<Long, Seam> seams; // by the first zxid behind them
    private final long fromZxid;
    private final Chain chain = new Chain();
    private final Deque<Seam> begun = new ArrayDeque<>(); // what was found before the newest files
    private String file = ""; // that of the record taken last
    private long offset; // of that record

    /** @param fromZxid the first zxid wanted; all before it are known to the caller */
    SeamCheck(ReadableFolder folder, Map<Long, Seam> seams, long fromZxid) {
        this.folder = folder;
        this.seams = seams;
        this.fromZxid = fromZxid;
    }

    /**
     * Takes the next record, wanted or not.
     *
     * @param name of its file
     * @throws DamagedLogException if its file does not begin where it began
     */
    void take(String name, Found found) throws DamagedLogException {
        long zxid = found.record().zxid();
        if (!name.equals(file)) {
            Optional<Seam> seam = Seams.of(seams, zxid, found.checksum());
            if (seam.isPresent()) compare(seam.get(), name, found.offset());
            if (zxid >= fromZxid) begun(zxid, found.checksum());
            chain.begin();
        }
        chain.add(zxid, found.checksum(), found.record().payload().length);
        file = name;
        offset = found.offset();
    }

    private void begun(long zxid, long checksum) {
        long at = isTransaction(reached()) ? reached() : chain.last();
        begun.addLast(new Seam(0, zxid, checksum, Stretch.atLeast(at)));
        if (begun.size() > Seams.NOTED_AT_ONCE) begun.removeFirst();
    }

    /** How far history goes in front of the file that begins. */
    private long reached() {
        return Math.max(chain.last(), fromZxid - 1);
    }

    /** Snapshots of Apache's servers may have the zxid in front of an epoch's first, up to which history need not go. */
    private static boolean isTransaction(long zxid) {
        return Zxid.counter(zxid) != 0;
    }

    private void compare(Seam seam, String name, long at) throws DamagedLogException {
        Stretch before = seam.before();
        long reached = reached();
        if (before.last() > reached && isTransaction(before.last())) {
            String problem = "zxid " + Zxid.toString(seam.first()) + " comes after " + Zxid.toString(reached)
                    + ", and came after " + Zxid.toString(before.last())
                    + " when it was written: what was between them is missing";
            throw new LogGapException(folder.path(name), at, problem, reached, seam.first(), before.last());
        }
        if (chain.last() < fromZxid || !before.isExact()) return; // nothing of it is wanted, or all may be right
        boolean isOther = chain.first() == before.first() && chain.sum() != before.sum();
        if (isOther || chain.last() > before.last()) {
            String problem = "the records up to here are not those that " + name + " was begun behind";
            throw new DamagedLogException(folder.path(file), offset, problem);
        }
    }

    /** The newest file up to the record taken last. */
    Stretch read() {
        return chain.stretch();
    }

    /** What was found before those of the newest files of which no seam tells, ascending. */
    List<Seam> unnoted() {
        return begun.stream()
                .filter(it -> Seams.of(seams, it.first(), it.firstSum()).isEmpty())
                .toList();
    }
}
