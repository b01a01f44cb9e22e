package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far the log was forced, and so perhaps acknowledged, in a file of ours beside Apache's. It is what tells a log that
 * lost its end from one whose end was never written: both end in something that is no record, or in nothing at all.
 *
 * <p>The mark follows each force of the log and is forced itself only where it goes back, where a leader's history was
 * taken over, and at the end. A process that dies loses none of it. A machine that fails may lose the last ones, which
 * makes the mark too low, and never too high. It has two places, written in turn, so that one that is half written leaves
 * the other.
 *
 * <p>Owned by the log thread.
 */
final class ForcedMark implements Closeable {
    static final String FILE = "forced";

    private static final int PLACES = 2;
    private static final int PLACE_BYTES = 4096;
    private static final int BYTES = 4 * Long.BYTES; // number, epoch, zxid, checksum

    private final Folder folder;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    private @Nullable StoredFile file; // null until the first mark
    private Mark last = new Mark(0, 0, 0);
    private boolean isHeld; // what is missing is not made up for yet

    /**
     * A mark.
     *
     * @param number one more than that of the mark before it
     * @param epoch  the current epoch at that time; another program has written since if there is a newer one
     * @param zxid   up to which the log was forced
     */
    record Mark(long number, long epoch, long zxid) {}

    ForcedMark(Folder folder) {
        this.folder = folder;
    }

    /**
     * Reads the newest mark. What is on disk must not reach less far than it, or is no longer all that was acknowledged.
     *
     * @param currentEpoch of the history that was recovered
     * @param zxid         of its end
     * @return whether it reaches as far as the mark
     */
    boolean isReached(long currentEpoch, long zxid) throws IOException {
        Optional<Mark> newest = read();
        newest.ifPresent(mark -> last = mark);
        isHeld = newest.isPresent()
                && newest.get().epoch() >= currentEpoch
                && newest.get().zxid() > zxid;
        if (!isHeld) last = new Mark(last.number(), currentEpoch, zxid);
        return !isHeld;
    }

    /** Returns when the mark that {@link #isReached} looked at, or what was seen to reach further, would survive a power loss. */
    void settle() throws IOException {
        if (file == null) return; // there was none
        if (!isHeld) write(last.epoch(), last.zxid());
        force();
    }

    /** Up to which the log was surely forced when this server wrote to it last; empty if it never did, or cannot know. */
    OptionalLong surelyForced() throws IOException {
        Optional<Mark> newest = read();
        if (newest.isEmpty()) return OptionalLong.empty();
        return OptionalLong.of(
                newest.get().zxid() == Long.MAX_VALUE ? 0 : newest.get().zxid());
    }

    /** The zxid of the newest mark. */
    long zxid() {
        return last.zxid();
    }

    /** The log was forced up to this zxid. As long as something older is missing, that stays the mark. */
    void forced(long zxid) throws IOException {
        if (isHeld || zxid == last.zxid()) return;
        write(last.epoch(), zxid);
    }

    /** The log is about to end at this zxid, before where it ended, by order of a leader. */
    void lower(long zxid) throws IOException {
        if (isHeld) return;
        write(last.epoch(), zxid);
        force();
    }

    /** All of the history of this epoch's leader is on disk, up to this zxid: nothing is missing any more. */
    void complete(long epoch, long zxid) throws IOException {
        isHeld = false;
        write(epoch, zxid);
        force();
    }

    /** What is on disk cannot be believed; only a leader's whole history makes up for it. */
    void distrust() throws IOException {
        read().ifPresent(mark -> last = mark); // its number is to be passed
        write(Long.MAX_VALUE, Long.MAX_VALUE);
        force();
        isHeld = true;
    }

    /** Whether this is the file of the marks. */
    boolean isIn(Path path) {
        return folder.path(FILE).equals(path);
    }

    /** Begins another file, since the one there cannot be read; as {@link #distrust}. */
    void replace() throws IOException {
        close();
        LogFiles.setAside(folder, FILE);
        distrust();
    }

    private Optional<Mark> read() throws IOException {
        if (!folder.names().contains(FILE)) return Optional.empty();
        Optional<Mark> newest = Optional.empty();
        for (int place = 0; place < PLACES; place++) {
            Optional<Mark> mark = read(place);
            if (newest.isEmpty()
                    || (mark.isPresent() && mark.get().number() > newest.get().number())) newest = mark;
        }
        return newest;
    }

    private Optional<Mark> read(int place) throws IOException {
        bytes.clear();
        StoredFile open = opened();
        while (bytes.hasRemaining() && open.read(bytes, (long) place * PLACE_BYTES + bytes.position()) > 0) {
            // until all is there
        }
        if (bytes.hasRemaining() || bytes.getLong(3 * Long.BYTES) != checksum()) return Optional.empty();
        return Optional.of(new Mark(bytes.getLong(0), bytes.getLong(Long.BYTES), bytes.getLong(2 * Long.BYTES)));
    }

    private void write(long epoch, long zxid) throws IOException {
        last = new Mark(last.number() + 1, epoch, zxid);
        bytes.clear().putLong(last.number()).putLong(epoch).putLong(zxid);
        bytes.putLong(checksum());
        opened().write(bytes.flip(), last.number() % PLACES * PLACE_BYTES);
    }

    private long checksum() {
        var crc = new CRC32C();
        crc.update(bytes.duplicate().limit(3 * Long.BYTES).position(0));
        return crc.getValue() ^ 0x5061_6464_6f63_6bL; // zeros are no mark
    }

    private StoredFile opened() throws IOException {
        if (file != null) return file;
        if (!folder.names().contains(FILE)) make();
        StoredFile open = folder.open(FILE);
        file = open;
        return open;
    }

    private void make() throws IOException {
        String aside = FILE + FileNames.UNFINISHED;
        LogFiles.deleteIfThere(folder, aside);
        try (StoredFile made = folder.create(aside)) {
            made.write(ByteBuffer.allocate(PLACES * PLACE_BYTES), 0);
            made.force();
        }
        folder.rename(aside, FILE);
        folder.force();
    }

    /** Returns when the mark would survive a failure of the machine. */
    void force() throws IOException {
        if (file != null) file.force();
    }

    @Override
    public void close() throws IOException {
        if (file != null) file.close();
        file = null;
    }
}
