package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The two epochs a server has promised by, each a decimal number in a file of its name: {@code acceptedEpoch}, the
 * newest it let a leader begin, and {@code currentEpoch}, the newest whose history it took over. Each is replaced in one
 * durable step. What was accepted is also said, behind that, in a file of ours, so that an older file in its place is seen.
 * Owned by whichever thread owns the log.
 */
public final class EpochFiles implements Closeable {
    static final String ACCEPTED = "acceptedEpoch";
    static final String CURRENT = "currentEpoch";

    private static final long EPOCH_MAX = 0xffff_ffffL; // the upper half of a zxid
    private static final int PLACES = 2;
    private static final Places.Form FORM = new Places.Form("promised", PLACES, 512, 2);

    private final Folder folder;
    private final Places copy;
    private long number; // of the newest place

    /** Makes them over the folder of the snapshots and one of ours. */
    EpochFiles(Folder folder, Folder ownFolder) {
        this.folder = folder;
        this.copy = new Places(ownFolder, FORM);
    }

    Path path(String name) {
        return folder.path(name);
    }

    /** The accepted epoch by our own copy, which a crash may leave behind the file; empty if this server stored none yet. */
    OptionalLong promised() throws IOException {
        long epoch = -1;
        for (long[] place : copy.readOrBeginAnew("an older acceptedEpoch in place of the newest would not be seen")) {
            number = Math.max(number, place[0]);
            if (isEpoch(place[1])) epoch = Math.max(epoch, place[1]);
        }
        return epoch < 0 ? OptionalLong.empty() : OptionalLong.of(epoch);
    }

    /** What our copy says is no more than this. */
    void copy(long epoch) throws IOException {
        copy.write((int) (++number % PLACES), number, epoch);
        copy.force();
    }

    /** The accepted epoch, if it was ever stored. */
    public OptionalLong accepted() throws IOException {
        return read(ACCEPTED);
    }

    /** The current epoch, if it was ever stored. */
    public OptionalLong current() throws IOException {
        return read(CURRENT);
    }

    /** Returns when the accepted epoch would survive a crash. */
    public void storeAccepted(long epoch) throws IOException {
        store(ACCEPTED, epoch);
        copy(epoch);
    }

    /** Returns when the current epoch would survive a crash. The history it stands for must be durable before. */
    public void storeCurrent(long epoch) throws IOException {
        store(CURRENT, epoch);
    }

    /** Forces what is stored, whoever stored it. */
    void force() throws IOException {
        for (String name : folder.names()) {
            if (name.equals(ACCEPTED) || name.equals(CURRENT)) {
                LogFiles.force(folder, name);
            }
        }
    }

    OptionalLong read(String name) throws IOException {
        Optional<String> stored = TextFile.read(folder, name);
        if (stored.isEmpty()) return OptionalLong.empty();
        String text = stored.get().trim();
        boolean isNumber = text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (text.isEmpty() || !isNumber || !isEpoch(Long.parseLong(text))) {
            throw new DamagedFileException(folder.path(name), 0, "'" + text + "' is no epoch");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** Whether a server can have been in this epoch. */
    static boolean isEpoch(long number) {
        return number >= 0 && number <= EPOCH_MAX;
    }

    @Override
    public void close() throws IOException {
        copy.close();
    }

    private void store(String name, long epoch) throws IOException {
        TextFile.replace(folder, name, Long.toString(epoch));
    }
}
