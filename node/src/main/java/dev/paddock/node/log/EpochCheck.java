package dev.paddock.node.log;

import dev.paddock.node.log.ForcedMark.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares the two files of epochs with what else on the disk tells of them: the history, the newest mark of what was forced,
 * which is written before {@code currentEpoch}, and our copy of {@code acceptedEpoch}, which is written behind it. Apache's
 * server may have run meanwhile and written the two files alone. Used once, by whoever recovers.
 */
final class EpochCheck {
    private static final long DISTRUSTED = Long.MAX_VALUE; // epoch of a mark, see ForcedMark

    private final EpochFiles files;
    private final long taken; // of the newest history that was surely taken over
    private final OptionalLong marked; // what the mark says of currentEpoch
    private final OptionalLong promised; // what our copy says of acceptedEpoch
    private final List<EpochDoubt> doubts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * What was found.
     *
     * @param accepted the accepted epoch, or one that surely was where there is doubt
     * @param current  the current epoch, or one that surely was where there is doubt
     * @param doubts   what is wrong; if empty both are known
     * @param notes    what was made good
     */
    record Found(long accepted, long current, List<EpochDoubt> doubts, List<String> notes) {}

    /** @param ofHistory epoch of the last zxid */
    EpochCheck(EpochFiles files, long ofHistory, Optional<Mark> forced) throws IOException {
        this.files = files;
        this.marked = forced.isPresent() && forced.get().epoch() != DISTRUSTED
                ? OptionalLong.of(forced.get().epoch())
                : OptionalLong.empty();
        this.taken = Math.max(ofHistory, marked.orElse(0));
        this.promised = files.promised();
    }

    Found run() throws IOException {
        OptionalLong storedCurrent = read(EpochFiles.CURRENT);
        boolean isCurrentDamaged = !doubts.isEmpty();
        OptionalLong storedAccepted = read(EpochFiles.ACCEPTED);
        boolean isAcceptedDamaged = doubts.size() > (isCurrentDamaged ? 1 : 0);
        if (!isAcceptedDamaged) checkAccepted(storedAccepted, isCurrentDamaged || storedCurrent.orElse(0) > 0);
        long accepted = Math.max(Math.max(storedAccepted.orElse(0), promised.orElse(0)), taken);
        boolean isAcceptedSure = doubts.stream().noneMatch(doubt -> isOf(doubt, EpochFiles.ACCEPTED));
        if (isCurrentDamaged || storedCurrent.isEmpty()) {
            derive(isCurrentDamaged, isAcceptedSure && accepted == taken);
        } else if (checkCurrent(storedCurrent.getAsLong(), storedAccepted)) {
            long current = Math.max(taken, storedCurrent.getAsLong());
            return new Found(Math.max(accepted, current), current, doubts, notes);
        }
        return new Found(accepted, taken, doubts, notes);
    }

    private static boolean isOf(EpochDoubt doubt, String name) {
        return doubt.file().endsWith(name);
    }

    private OptionalLong read(String name) throws IOException {
        try {
            return files.read(name);
        } catch (DamagedFileException damage) {
            doubts.add(new EpochDoubt(damage.file(), String.valueOf(damage.getMessage()), atLeast(name)));
            return OptionalLong.empty();
        }
    }

    private long atLeast(String name) {
        return name.equals(EpochFiles.ACCEPTED) ? Math.max(taken, promised.orElse(0)) : taken;
    }

    private void doubt(String name, String problem) {
        var damage = new DamagedFileException(files.path(name), 0, problem);
        doubts.add(new EpochDoubt(damage.file(), String.valueOf(damage.getMessage()), atLeast(name)));
    }

    /** A server stores both files in its first moments and neither is ever removed, so one alone says that the other was lost. */
    private void checkAccepted(OptionalLong stored, boolean hasCurrent) {
        if (stored.isEmpty()) {
            if (hasCurrent || promised.orElse(0) > 0) doubt(EpochFiles.ACCEPTED, "it is gone");
        } else if (stored.getAsLong() < promised.orElse(0)) {
            doubt(
                    EpochFiles.ACCEPTED,
                    "it says " + stored.getAsLong() + ", and this server has accepted " + promised.getAsLong());
        }
    }

    /** Between what was surely taken over and what was accepted there may be no room for doubt. */
    private void derive(boolean isDamaged, boolean isKnown) {
        if (isKnown) {
            if (isDamaged) notes.add(doubts.removeFirst().message() + "; it can only have said " + taken);
            else if (marked.orElse(0) > 0) notes.add(files.path(EpochFiles.CURRENT) + " is gone; it said " + taken);
        } else if (!isDamaged) {
            doubt(EpochFiles.CURRENT, "it is gone");
        }
    }

    /** Whether a current epoch can be believed. */
    private boolean checkCurrent(long stored, OptionalLong accepted) {
        if (accepted.isPresent() && stored > accepted.getAsLong()) {
            doubt(
                    EpochFiles.CURRENT,
                    "it says " + stored + ", and acceptedEpoch says " + accepted.getAsLong()
                            + ": they contradict each other");
            return false;
        }
        boolean isOurs = promised.isPresent() && promised.equals(accepted); // nobody has accepted another since
        if (isOurs && marked.isPresent() && stored > taken) {
            doubt(
                    EpochFiles.CURRENT,
                    "it says " + stored + ", and this server has not taken over the history of a later epoch than "
                            + taken);
            return false;
        }
        return true;
    }
}
