package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A folder in memory that knows what was forced. It can fail at the n-th step that changes anything, and then be looked
 * at as after a power loss: what was not forced is there, gone, or there in part, sector by sector and name by name. Or
 * the failure is that of the process alone, and the power goes later.
 */
public final class CrashingFolder implements Folder {
    static final int SECTOR_BYTES = 512;

    /** Stands for the power loss. */
    static final class PowerLost extends IOException {
        private static final long serialVersionUID = 1;

        PowerLost() {
            super("the power is gone");
        }
    }

    /** Bytes that become more at little cost. */
    static final class Bytes {
        byte[] all = {}; // zeros behind the end
        int length;

        void set(byte[] bytes) {
            all = bytes.clone();
            length = bytes.length;
        }

        byte[] copy() {
            return Arrays.copyOf(all, length);
        }

        void resize(int to) {
            if (to > all.length) all = Arrays.copyOf(all, Math.max(to, 2 * all.length));
            else if (to < length) Arrays.fill(all, to, length, (byte) 0);
            length = to;
        }
    }

    static final class Inode {
        final Bytes live = new Bytes();
        final Bytes forced = new Bytes();
        private int changedFrom = Integer.MAX_VALUE; // where the next force finds what it has to write
        private int changedTo;
        final TreeSet<Long> unreadable = new TreeSet<>(); // numbers of sectors
        final BitSet dropped = new BitSet(); // sectors that are not on disk and that no force writes any more

        /** A file of these bytes, all of them forced. */
        static Inode of(byte[] bytes) {
            Inode inode = new Inode();
            inode.live.set(bytes);
            inode.forced.set(bytes);
            return inode;
        }

        /** These bytes change, or are not there any more. */
        void changes(int from, int to) {
            changedFrom = Math.min(changedFrom, from / SECTOR_BYTES * SECTOR_BYTES);
            changedTo = Math.max(changedTo, (to + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES);
        }

        /** Whether these bytes are on disk. */
        boolean isForced(int from, int to) {
            return to <= forced.length && Arrays.equals(live.all, from, to, forced.all, from, to);
        }

        void force() {
            forced.resize(live.length);
            int count = Math.min(changedTo, live.length) - changedFrom;
            if (count > 0) System.arraycopy(live.all, changedFrom, forced.all, changedFrom, count);
            changedFrom = Integer.MAX_VALUE;
            changedTo = 0;
        }
    }

    /** A change of names, which a crash keeps or loses as a whole. */
    interface Change {
        void applyTo(Map<String, Inode> names);
    }

    private final Map<String, Inode> live = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();
    private final Map<String, Inode> forced = new TreeMap<>();
    private int steps;
    private int failAt = Integer.MAX_VALUE;
    private boolean lost;
    private String lie = "";
    private boolean inOrder;
    private String failure = "";
    private long capacity = Long.MAX_VALUE;
    private String misread = ""; // the file of which something is read wrongly the next time
    private int misreadBit;
    private boolean misreadFails;
    private int elsewhere; // where a sector of the next write goes; 0 where it should
    private boolean isElsewhere; // a sector was written to another place since the files were read
    private Consumer<String> before = kind -> {};

    /** From now on a power loss leaves of each file's sectors a first part, as a disk does that keeps their order. */
    public void tearInOrder() {
        inOrder = true;
    }

    /** The power goes just before the n-th step from now, counted from 0. */
    public void losePowerAfter(int stepsFromNow) {
        failAt = steps + stepsFromNow;
    }

    /** The next steps of this kind fail as a full or broken disk lets them; "" ends it. */
    public void failing(String kind) {
        failure = kind;
    }

    /** How many bytes all files may have together; more is no lack of room yet, but nothing grows. */
    public void capacity(long bytes) {
        capacity = bytes;
    }

    /** Whether no step fails, and nothing lacks room. */
    public boolean isWell() {
        return failure.isEmpty() && usable() > 1 << 30;
    }

    private long usable() {
        if (capacity == Long.MAX_VALUE) return capacity;
        long used = 0;
        for (Inode inode : live.values()) used += inode.live.length;
        return Math.max(0, capacity - used);
    }

    @Override
    public Space space() {
        return new Space(usable(), capacity);
    }

    /** Forces of this kind, of files or of the folder, are said to be done and are not. */
    public void lyingAbout(String kind) {
        lie = kind;
    }

    /** Called with its kind before each step, by the thread that takes it; may block, as a disk that hangs. */
    public void beforeEach(Consumer<String> called) {
        before = called;
    }

    /** How many steps were taken. */
    public int steps() {
        return steps;
    }

    /** Whether the power went, and nothing can be changed any more. */
    public boolean hasLostPower() {
        return lost;
    }

    /** Only the process died: the next one finds all that was written, and a later power loss still what was forced. */
    public void startAgain() {
        failAt = Integer.MAX_VALUE;
        lost = false;
    }

    /** The folder after power is back. Seed 0 keeps nothing that was not forced, seed 1 keeps all; others throw dice. */
    public CrashingFolder afterPowerLoss(long seed) {
        return afterPowerLoss(seed, inOrder);
    }

    /** Likewise; a later sector of a file may be there and an earlier one not, unless in order. */
    public CrashingFolder afterPowerLoss(long seed, boolean isInOrder) {
        Random random = new Random(seed);
        CrashingFolder after = new CrashingFolder();
        after.inOrder = inOrder;
        after.lie = lie;
        after.failure = failure;
        after.capacity = capacity;
        after.before = before;
        Map<String, Inode> names = new TreeMap<>(forced);
        for (Change change : unforced) {
            if (keeps(seed, random)) {
                change.applyTo(names);
            }
        }
        names.forEach((name, inode) -> {
            Inode left = Inode.of(bytesAfter(inode, isInOrder, seed, random));
            left.unreadable.addAll(inode.unreadable);
            after.live.put(name, left);
            after.forced.put(name, left);
        });
        return after;
    }

    /** What a power loss now may leave. */
    PowerLoss powerLoss() {
        return new PowerLoss(forced, live, unforced);
    }

    /** A copy in which everything is forced. */
    public CrashingFolder copy() {
        return afterPowerLoss(1);
    }

    public byte[] bytes(String name) {
        return live.get(name).live.copy();
    }

    public void put(String name, byte[] bytes) {
        Inode inode = Inode.of(bytes);
        live.put(name, inode);
        forced.put(name, inode);
    }

    /** Sums up names and bytes of all files. */
    long contentHash() {
        CRC32 crc = new CRC32();
        CRC32C other = new CRC32C();
        live.forEach((name, inode) -> {
            byte[] title = (name + '/' + inode.live.length).getBytes(StandardCharsets.UTF_8);
            crc.update(title);
            crc.update(inode.live.all, 0, inode.live.length);
            other.update(title);
            other.update(inode.live.all, 0, inode.live.length);
        });
        return crc.getValue() << 32 | other.getValue();
    }

    /** The length of a file. */
    public int size(String name) {
        return live.get(name).live.length;
    }

    /** The bytes of all files. */
    public long size() {
        return live.values().stream().mapToLong(inode -> inode.live.length).sum();
    }

    /** Bits of one byte are not what was written any more, on the disk and in what is read of it. */
    public void flip(String name, int at, int mask) {
        Inode inode = live.get(name);
        inode.changes(at, at + 1);
        inode.live.all[at] ^= (byte) mask;
        if (at < inode.forced.length) inode.forced.all[at] ^= (byte) mask;
    }

    /** The sector of this offset cannot be read any more, until it is written. */
    public void spoil(String name, long at) {
        live.get(name).unreadable.add(at / SECTOR_BYTES);
    }

    /** A sector of the next write into a file of several goes to another one, which this number chooses; 0 ends it. */
    public void misdirect(int choice) {
        elsewhere = choice;
    }

    /** Whether that is to come, or has come and nobody has looked since. */
    public boolean isMisdirected() {
        return elsewhere != 0 || isElsewhere;
    }

    /** All files are about to be read. */
    public void looks() {
        isElsewhere = false;
    }

    /** A file is not there any more, without anybody's doing; who has it open goes on with it. */
    public void lose(String name) {
        live.remove(name);
        forced.remove(name);
    }

    /** Two files have each other's name. */
    public void swap(String one, String other) {
        swap(live, one, other);
        swap(forced, one, other);
    }

    /** The file ends earlier than it did. */
    public void cut(String name, int size) {
        Inode inode = live.get(name);
        inode.live.resize(Math.min(size, inode.live.length));
        inode.forced.resize(Math.min(size, inode.forced.length));
    }

    /** A bit is not what is on the disk the next time that something is read of this file, or, if told to, nothing is read; once. */
    public void misread(String name, int choice, boolean fails) {
        misread = name;
        misreadBit = choice;
        misreadFails = fails;
    }

    /** From now on all is read as it is. */
    public void readWell() {
        misread = "";
    }

    private static void swap(Map<String, Inode> names, String one, String other) {
        Inode first = names.remove(one);
        Inode second = names.remove(other);
        if (second != null) names.put(one, second);
        if (first != null) names.put(other, first);
    }

    private static boolean keeps(long seed, Random random) {
        return seed == 1 || (seed > 1 && random.nextBoolean());
    }

    private static byte[] bytesAfter(Inode inode, boolean isInOrder, long seed, Random random) {
        Bytes now = inode.live;
        Bytes before = inode.forced;
        byte[] after = Arrays.copyOf(before.all, keeps(seed, random) ? now.length : before.length);
        boolean going = true;
        for (int at = 0; going && at < after.length; at += SECTOR_BYTES) {
            int end = Math.min(at + SECTOR_BYTES, Math.min(now.length, after.length));
            if (at >= end || inode.isForced(at, end)) continue;
            if (keeps(seed, random)) System.arraycopy(now.all, at, after, at, end - at);
            else going = !isInOrder;
        }
        return after;
    }

    private void step(String kind) throws IOException {
        before.accept(kind);
        if (lost || steps++ >= failAt) {
            lost = true;
            throw new PowerLost();
        }
        if (kind.equals(failure)) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public List<String> names() {
        return new ArrayList<>(live.keySet());
    }

    @Override
    public StoredFile create(String name) throws IOException {
        step("create");
        if (live.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        if (usable() == 0) {
            throw new IOException("No space left on device");
        }
        Inode inode = new Inode();
        change(names -> names.put(name, inode));
        return new MemoryFile(name, live.get(name));
    }

    @Override
    public StoredFile open(String name) throws IOException {
        return new MemoryFile(name, find(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step("rename");
        Inode inode = find(from);
        change(names -> {
            names.remove(from);
            names.put(to, inode);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        step("delete");
        find(name);
        change(names -> names.remove(name));
    }

    @Override
    public void force() throws IOException {
        step("forceFolder");
        if (lie.equals("forceFolder")) {
            return;
        }
        forced.clear();
        forced.putAll(live);
        unforced.clear();
    }

    @Override
    public Path path(String name) {
        return Path.of("/memory", name);
    }

    private void change(Change change) {
        change.applyTo(live);
        unforced.add(change);
    }

    private Inode find(String name) throws NoSuchFileException {
        Inode inode = live.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return inode;
    }

    private final class MemoryFile implements StoredFile {
        private final String name;
        private final Inode inode;

        MemoryFile(String name, Inode inode) {
            this.name = name;
            this.inode = inode;
        }

        @Override
        public long size() {
            return inode.live.length;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            int count = (int) Math.min(into.remaining(), inode.live.length - at);
            if (count <= 0) {
                return -1;
            }
            Long bad = inode.unreadable.ceiling(at / SECTOR_BYTES);
            if (bad != null && bad * SECTOR_BYTES <= at) {
                throw new UnreadableFileException(path(name), at, new IOException("Input/output error"));
            }
            if (bad != null) count = (int) Math.min(count, bad * SECTOR_BYTES - at);
            boolean isWrong = name.equals(misread);
            if (isWrong) misread = "";
            if (isWrong && misreadFails)
                throw new UnreadableFileException(path(name), at, new IOException("Input/output error"));
            int start = into.position();
            into.put(inode.live.all, (int) at, count);
            if (isWrong) flip(into, start + Math.floorMod(misreadBit, count));
            return count;
        }

        private void flip(ByteBuffer read, int at) {
            read.put(at, (byte) (read.get(at) ^ (1 << Math.floorMod(misreadBit, Byte.SIZE))));
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            step("write");
            long grown = Math.max(0, at + from.remaining() - inode.live.length);
            int left = (int) Math.max(0, grown - usable()); // what does not fit
            int end = (int) at + from.remaining() - left;
            byte[] before = elsewhere == 0 ? inode.live.all : inode.live.copy();
            inode.live.resize(Math.max(inode.live.length, end));
            if (left > 0 && end <= at) throw new IOException("No space left on device");
            inode.changes((int) at, end);
            from.get(inode.live.all, (int) at, end - (int) at);
            inode.unreadable
                    .subSet(at / SECTOR_BYTES, (long) end / SECTOR_BYTES + 1)
                    .clear();
            if (elsewhere != 0 && end > at) misdirect(before, (int) at, end);
            inode.dropped.clear((int) at / SECTOR_BYTES, (end + SECTOR_BYTES - 1) / SECTOR_BYTES);
            if (left > 0) throw new IOException("No space left on device");
        }

        /** The first sector of what was just written is found at another place, and what it replaces is as before. */
        private void misdirect(byte[] before, int at, int end) {
            int sectors = (inode.live.length + SECTOR_BYTES - 1) / SECTOR_BYTES;
            int right = at / SECTOR_BYTES;
            int wrong = Math.floorMod(elsewhere, sectors);
            if (wrong == right) return; // a write into another file, or another sector, will do
            elsewhere = 0;
            isElsewhere = true;
            int start = right * SECTOR_BYTES;
            int stop = Math.min(end, start + SECTOR_BYTES);
            byte[] sector = Arrays.copyOfRange(inode.live.all, start, start + SECTOR_BYTES);
            int target = wrong * SECTOR_BYTES;
            inode.changes(target, target + SECTOR_BYTES);
            System.arraycopy(sector, 0, inode.live.all, target, Math.min(SECTOR_BYTES, inode.live.length - target));
            for (int i = at; i < stop; i++) inode.live.all[i] = i < before.length ? before[i] : 0;
        }

        @Override
        public void truncate(long size) throws IOException {
            step("truncate");
            int end = (int) Math.min(size, inode.live.length);
            inode.changes(end, inode.live.length);
            inode.live.resize(end);
        }

        @Override
        public void force() throws IOException {
            try {
                step("force");
            } catch (IOException e) {
                if (!lost) drop();
                throw e;
            }
            if (lie.equals("force")) {
                return;
            }
            byte[] before = inode.dropped.isEmpty() ? inode.forced.all : inode.forced.copy();
            inode.force();
            inode.dropped.stream().forEach(sector -> putBack(before, sector));
        }

        /** A force that fails leaves its sectors in the cache, where they pass for written, as on Linux. */
        private void drop() {
            for (int sector = 0; sector * SECTOR_BYTES < inode.live.length; sector++) {
                int at = sector * SECTOR_BYTES;
                int end = Math.min(at + SECTOR_BYTES, inode.live.length);
                if (!inode.isForced(at, end)) inode.dropped.set(sector);
            }
        }

        private void putBack(byte[] before, int sector) {
            int at = sector * SECTOR_BYTES;
            int end = Math.min(at + SECTOR_BYTES, inode.forced.length);
            if (at >= end) return;
            Arrays.fill(inode.forced.all, at, end, (byte) 0);
            int left = Math.min(end, before.length) - at;
            if (left > 0) System.arraycopy(before, at, inode.forced.all, at, left);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
