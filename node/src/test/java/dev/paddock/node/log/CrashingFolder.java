package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder in memory that knows what was forced. It can fail at the n-th step that changes anything, and then be looked
 * at as after a power loss: what was not forced is there, gone, or there in part, sector by sector and name by name. Or
 * the failure is that of the process alone, and the power goes later.
 */
public final class CrashingFolder implements Folder {
    private static final int SECTOR_BYTES = 512;

    /** Stands for the power loss. */
    static final class PowerLost extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class Inode {
        byte[] live = {};
        byte[] forced = {};
    }

    /** A change of names, which a crash keeps or loses as a whole. */
    private interface Change {
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

    /** Forces of this kind, of files or of the folder, are said to be done and are not. */
    public void lyingAbout(String kind) {
        lie = kind;
    }

    /** Called with its kind before each step, by the thread that takes it; may block, as a disk that hangs. */
    public void beforeEach(Consumer<String> called) {
        before = called;
    }

    int steps() {
        return steps;
    }

    /** Only the process died: the next one finds all that was written, and a later power loss still what was forced. */
    public void startAgain() {
        failAt = Integer.MAX_VALUE;
        lost = false;
    }

    /** The folder after power is back. Seed 0 keeps nothing that was not forced, seed 1 keeps all; others throw dice. */
    public CrashingFolder afterPowerLoss(long seed) {
        Random random = new Random(seed);
        CrashingFolder after = new CrashingFolder();
        after.inOrder = inOrder;
        after.lie = lie;
        after.before = before;
        Map<String, Inode> names = new TreeMap<>(forced);
        for (Change change : unforced) {
            if (keeps(seed, random)) {
                change.applyTo(names);
            }
        }
        names.forEach((name, inode) -> {
            Inode left = new Inode();
            left.live = bytesAfter(inode, seed, random);
            left.forced = left.live.clone();
            after.live.put(name, left);
            after.forced.put(name, left);
        });
        return after;
    }

    /** A copy in which everything is forced. */
    public CrashingFolder copy() {
        return afterPowerLoss(1);
    }

    public byte[] bytes(String name) {
        return live.get(name).live.clone();
    }

    public void put(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.live = bytes.clone();
        inode.forced = bytes.clone();
        live.put(name, inode);
        forced.put(name, inode);
    }

    private static boolean keeps(long seed, Random random) {
        return seed == 1 || (seed > 1 && random.nextBoolean());
    }

    private byte[] bytesAfter(Inode inode, long seed, Random random) {
        byte[] now = inode.live;
        byte[] before = inode.forced;
        byte[] after = Arrays.copyOf(before, keeps(seed, random) ? now.length : before.length);
        boolean going = true;
        for (int at = 0; going && at < after.length; at += SECTOR_BYTES) {
            int end = Math.min(at + SECTOR_BYTES, Math.min(now.length, after.length));
            boolean isSame = at >= end || (end <= before.length && Arrays.equals(now, at, end, before, at, end));
            if (isSame) continue;
            if (keeps(seed, random)) System.arraycopy(now, at, after, at, end - at);
            else going = !inOrder;
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
        Inode inode = new Inode();
        change(names -> names.put(name, inode));
        return new MemoryFile(live.get(name));
    }

    @Override
    public StoredFile open(String name) throws IOException {
        return new MemoryFile(find(name));
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
        private final Inode inode;

        MemoryFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long size() {
            return inode.live.length;
        }

        @Override
        public int read(ByteBuffer into, long at) {
            int count = (int) Math.min(into.remaining(), inode.live.length - at);
            if (count <= 0) {
                return -1;
            }
            into.put(inode.live, (int) at, count);
            return count;
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            step("write");
            int end = (int) at + from.remaining();
            inode.live = Arrays.copyOf(inode.live, Math.max(inode.live.length, end));
            from.get(inode.live, (int) at, from.remaining());
        }

        @Override
        public void truncate(long size) throws IOException {
            step("truncate");
            inode.live = Arrays.copyOf(inode.live, (int) Math.min(size, inode.live.length));
        }

        @Override
        public void force() throws IOException {
            step("force");
            if (lie.equals("force")) {
                return;
            }
            inode.forced = inode.live.clone();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
