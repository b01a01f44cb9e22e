package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * How far the log was forced, and so perhaps acknowledged, in a file of ours beside Apache's. It is what tells a log that
 * lost its end from one whose end was never written: both end in something that is no record, or in nothing at all.
 *
 * <p>The mark follows each force of the log and is forced itself only where it goes back, where a leader's history was
 * taken over, at the end, and as often as it is told to. A process that dies loses none of it. A machine that fails may lose
 * those since then, which makes the mark too low, and never too high. It has two places, written in turn, so that one that is half written leaves
 * the other. It also says what the records of the newest file came to, so that others in their place are seen.
 *
 * <p>Owned by the log thread.
 */
final class ForcedMark implements Closeable {
    static final String FILE = "forced";

    private static final int PLACES = 2;
    private static final Places.Form FORM = new Places.Form(FILE, PLACES, 4096, 6);

    private final Places places;
    private Mark last = new Mark(0, 0, Stretch.until(0));
    private boolean isHeld; // what is missing is not made up for yet
    private boolean isUnforced; // the newest would not survive a failure of the machine

    /**
     * A mark.
     *
     * @param number one more than that of the mark before it
     * @param epoch  the current epoch at that time; another program has written since if there is a newer one
     * @param at     up to where the log was forced, in its newest file
     */
    record Mark(long number, long epoch, Stretch at) {
        private static Mark of(long[] n) {
            return new Mark(n[0], n[1], new Stretch(n[2], n[3], n[4], n[5]));
        }

        private boolean isPossible() {
            return EpochFiles.isEpoch(epoch) || epoch == Long.MAX_VALUE;
        }

        /** Up to which the log was surely forced. */
        long zxid() {
            return at.last() == Long.MAX_VALUE ? 0 : at.last();
        }

        /** Whether a log file goes up to this mark, and not with what was forced. */
        boolean contradicts(Stretch read) {
            return read.last() == at.last() && read.beginsAs(at) && read.sum() != at.sum();
        }
    }

    ForcedMark(Folder folder) {
        this.places = new Places(folder, FORM);
    }

    /**
     * Compares the newest mark with what is on disk, which must not reach less far, or is no longer all that was acknowledged.
     *
     * @param currentEpoch of the history that was recovered
     * @param end          where it ends
     * @return whether it reaches as far as the mark
     */
    boolean isReached(long currentEpoch, Stretch end) throws IOException {
        Optional<Mark> newest = newest();
        newest.ifPresent(mark -> last = mark);
        isHeld = newest.isPresent()
                && newest.get().epoch() >= currentEpoch
                && newest.get().at().last() > end.last();
        if (!isHeld) last = new Mark(last.number(), currentEpoch, end);
        return !isHeld;
    }

    /** Returns when the mark that {@link #isReached} looked at, or what was seen to reach further, would survive a power loss. */
    void settle() throws IOException {
        if (!places.isThere()) return;
        if (!isHeld) write(last.epoch(), last.at());
        force();
    }

    /** The newest mark on disk: how far the log was surely forced when this server wrote to it last; empty if it never did. */
    Optional<Mark> newest() throws IOException {
        return places.read().stream()
                .map(Mark::of)
                .filter(Mark::isPossible)
                .max(Comparator.comparingLong(Mark::number));
    }

    /** The zxid of the newest mark. */
    long zxid() {
        return last.at().last();
    }

    /** Whether what is on disk cannot be believed, whatever it holds. */
    boolean isDistrusted() {
        return zxid() == Long.MAX_VALUE;
    }

    /** The log was forced up to here. As long as something older is missing, that stays the mark. */
    void forced(Stretch at) throws IOException {
        if (isHeld || at.last() == last.at().last()) return;
        write(last.epoch(), at);
    }

    /** The log is about to end at this zxid, before where it ended, by order of a leader. */
    void lower(long zxid) throws IOException {
        if (isHeld) return;
        write(last.epoch(), Stretch.until(zxid));
        force();
    }

    /** All of the history of this epoch's leader is on disk, up to here: nothing is missing any more. */
    void complete(long epoch, Stretch at) throws IOException {
        isHeld = false;
        write(epoch, at);
        force();
    }

    /** What is on disk cannot be believed; only a leader's whole history makes up for it. */
    void distrust() throws IOException {
        newest().ifPresent(mark -> last = mark); // its number is to be passed
        write(Long.MAX_VALUE, Stretch.until(Long.MAX_VALUE));
        force();
        isHeld = true;
    }

    /** Whether this is the file of the marks. */
    boolean isIn(Path path) {
        return places.isIn(path);
    }

    /** Begins another file, since the one there cannot be read; as {@link #distrust}. */
    void replace() throws IOException {
        places.setAside();
        distrust();
    }

    private void write(long epoch, Stretch at) throws IOException {
        var next = new Mark(last.number() + 1, epoch, at);
        places.write(
                (int) (next.number() % PLACES), next.number(), epoch, at.first(), at.firstSum(), at.last(), at.sum());
        last = next; // not where that failed: it is done again
        isUnforced = true;
    }

    /** Returns when the mark would survive a failure of the machine. */
    void force() throws IOException {
        places.force();
        isUnforced = false;
    }

    /** Likewise; costs nothing where that is so. */
    void forceIfNew() throws IOException {
        if (isUnforced) force();
    }

    @Override
    public void close() throws IOException {
        places.close();
    }
}
