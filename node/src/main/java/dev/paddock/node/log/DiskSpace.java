package dev.paddock.node.log;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room on one server's disks; see {@code docs/decisions/full-disk.md}. Below a low-water mark the server takes no more
 * changes, so that all it has taken can still be logged. What is to be written all the same may use what is left, then the
 * room of a reserve file; where that is gone too the log thread waits until there is room, as for a disk that is slow.
 *
 * <p>Owned by the log thread, but for what says otherwise.
 */
public final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long FULL_BYTES = 1 << 20; // less than that explains a failure that does not explain itself
    private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(10); // quotas and inodes show in failures alone

    private record Disk(WatchedDisk watched, ReserveFile reserve) {}

    private final RoomWait wait;
    private final List<Disk> disks = new ArrayList<>(); // one, or two where logs and snapshots are apart
    private Consumer<Boolean> listener = isLow -> {};
    private volatile boolean isLow;
    private volatile long usableBytes = Long.MAX_VALUE; // of the disk that has least, as looked at last
    private boolean hasFailed; // a write did, for lack of room
    private long failedNanos; // when last
    private boolean saidBlind; // that a disk does not say how much room it has
    private boolean saidWaiting; // since the last write that succeeded

    DiskSpace(RoomWait wait) {
        this.wait = wait;
    }

    /** Nothing is watched, and a full disk is a failure like others. */
    static DiskSpace unwatched() {
        return new DiskSpace(RoomWait.ofSystem());
    }

    /**
     * Adds a disk; before it is used by several threads.
     *
     * @param own          holds the reserve
     * @param reserveBytes size of the reserve; 0 for none
     * @param executor     makes reserves
     */
    void watch(WatchedDisk disk, Folder own, long reserveBytes, Executor executor) {
        disks.add(new Disk(disk, new ReserveFile(own, reserveBytes, executor)));
    }

    /** Takes who is told whether room is low, whenever that changes, on the log thread. */
    public void listen(Consumer<Boolean> told) {
        listener = told;
    }

    /** Whether no more changes may be taken. From any thread. */
    public boolean isLow() {
        return isLow;
    }

    /** Bytes left on the disk that has least, as looked at last. From any thread. */
    public long usableBytes() {
        return usableBytes;
    }

    /** Looks how much room there is; makes a reserve where there is none, and room for it. */
    public void look() {
        try {
            WatchedDisk lowest = null;
            long least = Long.MAX_VALUE;
            for (Disk disk : disks) {
                long usable = disk.watched().space().usable();
                least = Math.min(least, usable);
                if (usable < enough(disk.watched())) lowest = disk.watched();
            }
            usableBytes = least;
            if (lowest != null) becomesLow(lowest.path() + " has " + (least >> 10) + " KiB left");
            else if (isLow && !isInDoubt()) becomesWell();
            if (!isLow) reserve();
        } catch (IOException e) {
            if (!saidBlind) LOG.warn("cannot tell how much room the disk has: {}", e.toString());
            saidBlind = true;
        }
    }

    /** Whether all disks have room for what can be done without. From any thread. */
    boolean canSpare(long bytes) throws IOException {
        for (Disk disk : disks) if (!disk.watched().hasRoomFor(bytes)) return false;
        return true;
    }

    /** What has once been too little must grow by a quarter, or clients would see it come and go. */
    private long enough(WatchedDisk disk) {
        return isLow ? disk.lowBytes() + disk.lowBytes() / 4 : disk.lowBytes();
    }

    private boolean isInDoubt() {
        return hasFailed && wait.nanos() - failedNanos < DOUBT_NANOS;
    }

    private void becomesLow(String why) {
        if (isLow) return;
        isLow = true;
        LOG.error(
                "the disk is full: {}. Writes are refused and reads go on; remove what is not needed, let old snapshots be"
                        + " purged (autopurge.purgeInterval), or make the disk larger. The server then goes on by itself",
                why);
        listener.accept(true);
    }

    private void becomesWell() {
        isLow = false;
        hasFailed = false;
        saidWaiting = false;
        LOG.info("the disk has room again, {} KiB: writes are taken", usableBytes >> 10);
        listener.accept(false);
    }

    private void reserve() throws IOException {
        for (Disk disk : disks) {
            ReserveFile reserve = disk.reserve();
            long needed = reserve.bytes() + disk.watched().lowBytes() / 4; // it must not make the disk low again
            if (reserve.isMissing() && disk.watched().hasRoomFor(needed)) reserve.make();
        }
    }

    /**
     * Called after a failure. Returns when it makes sense to try again: where room was lacking and the reserve was there to be
     * given up, or some time has passed.
     *
     * @throws IOException the failure, where it was another, or where nobody wants to wait any more
     */
    public void makeRoom(IOException failure) throws IOException {
        if (!isLackOfRoom(failure)) throw failure;
        if (failure instanceof NoRoomException) {
            waitFor(failure);
            while (!canSpare(0)) waitFor(failure);
            return;
        }
        hasFailed = true;
        failedNanos = wait.nanos();
        becomesLow(String.valueOf(failure.getMessage()));
        boolean gave = false;
        for (Disk disk : disks) gave |= disk.reserve().give();
        if (!gave) waitFor(failure);
    }

    private void waitFor(IOException failure) throws IOException {
        if (!saidWaiting) LOG.error("nothing can be written until the disk has room: {}", failure.toString());
        saidWaiting = true;
        pause(failure);
        look();
    }

    /** Whether this is what comes of a full disk. */
    boolean isLackOfRoom(IOException failure) throws IOException {
        if (disks.isEmpty()) return false;
        if (failure instanceof NoRoomException) return true;
        String said = String.valueOf(failure.getMessage());
        if (failure instanceof LogFailedException) return false; // it was asked here already
        if (said.contains("No space left on device") || said.contains("quota exceeded")) return true;
        if (failure.getClass() != IOException.class) return false;
        for (Disk disk : disks)
            if (disk.watched().space().usable() < FULL_BYTES) return true; // said in another language
        return false;
    }

    private void pause(IOException failure) throws IOException {
        try {
            if (!wait.goesOn(RETRY_MILLIS)) throw failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while there was no room on the disk");
        }
    }

    /** Nobody waits for room any more. From any thread. */
    public void giveUp() {
        wait.end();
    }

    /** Returns when no reserve is being made any more. */
    void close() {
        giveUp();
        for (Disk disk : disks) disk.reserve().close();
    }
}
