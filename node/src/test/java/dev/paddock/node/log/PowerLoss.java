package dev.paddock.node.log;

import dev.paddock.node.log.CrashingFolder.Change;
import dev.paddock.node.log.CrashingFolder.Inode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that a power loss at one moment may leave of a {@link CrashingFolder}: each change that was not forced is kept or not,
 * one apart from the other. Valid until the folder changes.
 */
final class PowerLoss {
    private final Map<String, Inode> forced;
    private final List<Change> changes;
    private final List<Inode> files = new ArrayList<>(); // that have bytes which were not forced
    private final List<Unforced> unforced = new ArrayList<>();

    /** What was not forced. */
    sealed interface Unforced {}

    /** A name that came, went, or became another. */
    record Name(int change) implements Unforced {}

    /** How long a file is; where it is lost, so is what was written behind. */
    record Length(int file) implements Unforced {}

    /** What a sector of a file holds. */
    record Sector(int file, int number) implements Unforced {}

    PowerLoss(Map<String, Inode> forced, Map<String, Inode> live, List<Change> changes) {
        this.forced = forced;
        this.changes = changes;
        for (int i = 0; i < changes.size(); i++) unforced.add(new Name(i));
        for (Inode inode : reachable(live)) addBytes(inode);
    }

    private Set<Inode> reachable(Map<String, Inode> live) {
        Set<Inode> reachable = new LinkedHashSet<>(forced.values());
        Map<String, Inode> names = new TreeMap<>(forced);
        for (Change change : changes) {
            change.applyTo(names);
            reachable.addAll(names.values());
        }
        reachable.addAll(live.values());
        return reachable;
    }

    private void addBytes(Inode inode) {
        int file = files.size();
        int before = unforced.size();
        if (inode.live.length != inode.forced.length) unforced.add(new Length(file));
        for (int sector = 0; sector * CrashingFolder.SECTOR_BYTES < inode.live.length; sector++) {
            int at = sector * CrashingFolder.SECTOR_BYTES;
            int end = Math.min(at + CrashingFolder.SECTOR_BYTES, inode.live.length);
            if (!inode.isForced(at, end)) unforced.add(new Sector(file, sector));
        }
        if (unforced.size() > before) files.add(inode);
    }

    /** All that was not forced: names in the order of their changes, then file by file its length and its sectors. */
    List<Unforced> unforced() {
        return unforced;
    }

    /** Whether what is kept of a file has a hole: a later sector and not an earlier one. */
    boolean hasHole(BitSet kept) {
        int lostOf = -1; // file of a sector that is lost, of which nothing later may be kept
        for (int i = 0; i < unforced.size(); i++) {
            if (!(unforced.get(i) instanceof Sector sector)) continue;
            if (!kept.get(i)) lostOf = sector.file();
            else if (lostOf == sector.file()) return true;
        }
        return false;
    }

    /** The folder afterwards, if these of {@link #unforced} are kept. */
    CrashingFolder left(BitSet kept) {
        Map<String, Inode> names = new TreeMap<>(forced);
        for (int i = 0; i < changes.size(); i++) if (kept.get(i)) changes.get(i).applyTo(names);
        Map<Inode, byte[]> bytes = new HashMap<>();
        CrashingFolder after = new CrashingFolder();
        names.forEach((name, inode) -> after.put(name, bytes.computeIfAbsent(inode, it -> bytesLeft(it, kept))));
        return after;
    }

    private byte[] bytesLeft(Inode inode, BitSet kept) {
        int file = files.indexOf(inode); // inodes are equal to themselves alone
        byte[] left = inode.forced.copy();
        if (file < 0) return left;
        for (int i = changes.size(); i < unforced.size(); i++) {
            if (!kept.get(i)) continue;
            if (unforced.get(i) instanceof Length length && length.file() == file) {
                left = Arrays.copyOf(left, inode.live.length);
            } else if (unforced.get(i) instanceof Sector sector && sector.file() == file) {
                int at = sector.number() * CrashingFolder.SECTOR_BYTES;
                int end = Math.min(at + CrashingFolder.SECTOR_BYTES, Math.min(inode.live.length, left.length));
                if (at < end) System.arraycopy(inode.live.all, at, left, at, end - at);
            }
        }
        return left;
    }
}
