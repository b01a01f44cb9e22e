package dev.paddock.node.sim;

import dev.paddock.node.log.CrashingFolder;
import dev.paddock.node.log.Records;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The harm of {@link Faults} to files that lie there: what was written comes back otherwise, or not at all. It strikes one
 * server at a time, and the next only when that one has followed a leader again: what a majority lost, nobody can restore.
 */
final class Damages {
    /** A tally. */
    static final String LEARNED = "histories that servers learned without knowing their promises";

    /** The file of what snapshots were like. */
    static final String NOTES = "snapshots";

    private static final int SECTOR_BYTES = 512;
    private static final String NOTHING = "";
    private static final String ACCEPTED = "acceptedEpoch";

    private final Simulation sim;
    private final Map<Long, Map<String, byte[]>> copies = new TreeMap<>(); // sid to files as they were

    Damages(Simulation sim) {
        this.sim = sim;
    }

    /** What is done to a file. */
    private interface Harm {
        /** Does it at an offset and says so; may choose more with the dice. */
        String to(CrashingFolder folder, String file, int at, SplittableRandom dice);
    }

    private String strike(SimServer victim, SplittableRandom dice, Harm harm) {
        if (!isHarmless() || !(victim.disk instanceof StoredDisk disk)) return NOTHING;
        List<String> files = struck(disk.folder);
        if (files.isEmpty()) return NOTHING;
        String file = dice.nextInt(3) == 0 ? newestLog(files) : files.get(dice.nextInt(files.size()));
        int bytes = disk.folder.size(file);
        if (bytes == 0 || isNeeded(disk, file)) return NOTHING;
        String what = harm.to(disk.folder, file, dice.nextInt(bytes), dice);
        if (what.equals(NOTHING)) return NOTHING;
        disk.damaged();
        if (file.equals(NOTES)) sim.tally.count("damages of the notes on snapshots");
        return "on the disk of " + victim.sid + " " + what + turnedOver(victim, dice);
    }

    /** Has what is damaged read soon, and says so, where the next server is to be struck soon. */
    private String turnedOver(SimServer victim, SplittableRandom dice) {
        if (!sim.damagesTurnOver) return NOTHING;
        long nanos = dice.nextLong(Simulation.SECOND);
        sim.after(nanos, () -> {
            if (sim.isHealed || !victim.isUp()) return;
            victim.crash();
            victim.boot();
        });
        return ", and it starts again " + Faults.millis(nanos) + " later";
    }

    /** Whether the others can make up for what one server loses. */
    boolean isHarmless() {
        return !sim.changeable
                && sim.servers.size() > 2
                && sim.servers.stream().allMatch(server -> server.disk.isComplete());
    }

    /** Whether nobody could tell that anything is missing from it. */
    private static boolean isNeeded(StoredDisk disk, String file) {
        return disk.hasOldMarks() && file.equals(newestLog(files(disk.folder)));
    }

    private List<String> struck(CrashingFolder folder) {
        return files(folder).stream().filter(sim.damageable).toList();
    }

    private static List<String> files(CrashingFolder folder) {
        return folder.names().stream()
                .filter(name -> name.startsWith("log.")
                        || name.startsWith("snapshot.")
                        || name.equals("forced")
                        || name.equals("promised")
                        || name.endsWith("Epoch")
                        || name.equals("seams")
                        || name.equals(NOTES))
                .filter(name -> !name.endsWith(".damaged"))
                .toList();
    }

    private static String newestLog(List<String> files) {
        return files.stream()
                .filter(name -> name.startsWith("log."))
                .max((a, b) -> Long.compareUnsigned(zxid(a), zxid(b)))
                .orElse(files.getFirst());
    }

    private static long zxid(String log) {
        return Long.parseUnsignedLong(log.substring("log.".length()), 16);
    }

    String flip(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            folder.flip(file, at, 1 << more.nextInt(8));
            return "a bit flips at offset " + at + " of " + file;
        });
    }

    /** Found when it is read the next time. */
    String spoil(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            folder.spoil(file, at);
            return "the sector at offset " + at / SECTOR_BYTES * SECTOR_BYTES + " of " + file
                    + " cannot be read any more";
        });
    }

    String misdirect(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            folder.misdirect(more.nextInt());
            return "a sector of the next write goes to another place";
        });
    }

    String lose(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            folder.lose(file);
            if (file.equals(ACCEPTED) && hasFollowed(folder)) folder.lose("promised"); // as if Apache's had run since
            return file + " is gone";
        });
    }

    String swap(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            List<String> files = struck(folder);
            String other = files.get(more.nextInt(files.size()));
            if (other.equals(file) || isNeeded((StoredDisk) victim.disk, other)) return NOTHING;
            folder.swap(file, other);
            return file + " and " + other + " have each other's name";
        });
    }

    /** Whether what is left tells that a promise was given. */
    private static boolean hasFollowed(CrashingFolder folder) {
        return folder.names().contains("currentEpoch") && folder.bytes("currentEpoch")[0] != '0';
    }

    /** At the end of a record, as if those behind it had never been, or anywhere. */
    String cut(SimServer victim, SplittableRandom dice) {
        return strike(victim, dice, (folder, file, at, more) -> {
            List<Integer> ends = file.startsWith("log.") ? Records.ends(folder.bytes(file)) : List.of();
            int size = ends.isEmpty() || more.nextInt(4) == 0 ? at : ends.get(more.nextInt(ends.size()));
            folder.cut(file, size);
            return file + " ends at offset " + size;
        });
    }

    /** A file that is there still is as it was some time ago. */
    String putBack(SimServer victim, long nanos, SplittableRandom dice) {
        return sim.damagesTurnOver ? putBackNow(victim, dice) : putBackLater(victim, nanos, dice);
    }

    private String putBackNow(SimServer victim, SplittableRandom dice) {
        if (!isHarmless() || !(victim.disk instanceof StoredDisk disk)) return NOTHING;
        List<Map.Entry<String, byte[]>> others = copies.getOrDefault(victim.sid, Map.of()).entrySet().stream()
                .filter(old -> isOther(disk.folder, old.getKey(), old.getValue()))
                .filter(old -> !isNeeded(disk, old.getKey()))
                .toList();
        if (others.isEmpty()) return NOTHING;
        Map.Entry<String, byte[]> old = others.get(dice.nextInt(others.size()));
        replace(disk, old.getKey(), old.getValue());
        return "on the disk of " + victim.sid + " " + old.getKey() + " is again as it was" + turnedOver(victim, dice);
    }

    private void replace(StoredDisk disk, String file, byte[] old) {
        disk.folder.put(file, old);
        disk.damaged();
        sim.tally.count("faults: " + Fault.Kind.FILE_IS_OLD.words);
    }

    /** Whether a file that is there still has changed. */
    private static boolean isOther(CrashingFolder folder, String file, byte[] old) {
        return folder.names().contains(file) && !Arrays.equals(old, folder.bytes(file));
    }

    /** Once a second, of all files. */
    private void copyAll() {
        if (sim.isHealed) return;
        for (SimServer server : sim.servers) {
            if (!(server.disk instanceof StoredDisk disk)) continue;
            Map<String, byte[]> now = new TreeMap<>();
            for (String file : struck(disk.folder)) now.put(file, disk.folder.bytes(file));
            copies.put(server.sid, now);
        }
        sim.after(Simulation.SECOND, this::copyAll);
    }

    private String putBackLater(SimServer victim, long nanos, SplittableRandom dice) {
        if (!(victim.disk instanceof StoredDisk disk)) return NOTHING;
        List<String> files = struck(disk.folder);
        if (files.isEmpty()) return NOTHING;
        String file = files.get(dice.nextInt(files.size()));
        byte[] old = disk.folder.bytes(file);
        sim.after(nanos, () -> {
            boolean isOther = !sim.isHealed && isOther(disk.folder, file, old);
            if (!isOther || !isHarmless() || isNeeded(disk, file)) return;
            replace(disk, file, old);
            sim.trace("on the disk of " + victim.sid + " " + file + " is again as it was");
        });
        return "on the disk of " + victim.sid + " " + file + " will be as it is now " + Faults.millis(nanos)
                + " later, unless that does harm";
    }

    /** Found when it is read the next time, and only then. */
    String misread(SimServer victim, SplittableRandom dice, boolean fails) {
        return strike(victim, dice, (folder, file, at, more) -> {
            folder.misread(file, more.nextInt(), fails);
            return "the next read of " + file + (fails ? " fails" : " gives a wrong bit");
        });
    }

    /** Power losses leave the sectors of what was not forced in any order, at one server at a time. */
    void start() {
        if (sim.damagesTurnOver) copyAll();
        for (SimServer server : sim.servers) {
            if (!(server.disk instanceof StoredDisk disk)) continue;
            disk.losesOrder = this::isHarmless;
            disk.learned = () -> sim.tally.count(LEARNED);
            disk.lostOrder = () -> sim.tally.count("power losses that leave sectors in any order");
            disk.cutShort = what -> sim.tally.count("crashes amid " + what);
        }
    }

    /** What is damaged is read once more. */
    void stop() {
        for (SimServer server : sim.servers) {
            if (!(server.disk instanceof StoredDisk disk)) continue;
            disk.folder.misdirect(0);
            if (disk.isComplete() || !server.isUp()) continue;
            server.crash();
            server.boot();
        }
    }
}
