package dev.paddock.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * The two epochs a server has promised by, each a decimal number in a file of its name: {@code acceptedEpoch}, the
 * newest it let a leader begin, and {@code currentEpoch}, the newest whose history it took over. Each is replaced in one
 * durable step. Owned by whichever thread owns the log.
 */
public final class EpochFiles {
    private static final String ACCEPTED = "acceptedEpoch";
    private static final String CURRENT = "currentEpoch";
    private static final int BYTES_MAX = 64;

    private final Folder folder;

    /** Makes them over the folder of the snapshots. */
    public EpochFiles(Folder folder) {
        this.folder = folder;
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

    private OptionalLong read(String name) throws IOException {
        if (!folder.names().contains(name)) {
            return OptionalLong.empty(); // a .tmp beside it is a store that never happened
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
        try (StoredFile file = folder.open(name)) {
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // until the file ends
            }
        }
        String text = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().trim();
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new DamagedFileException(folder.path(name), 0, "'" + text + "' is no epoch");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private void store(String name, long epoch) throws IOException {
        String aside = name + FileNames.UNFINISHED;
        if (folder.names().contains(aside)) {
            folder.delete(aside);
        }
        try (StoredFile file = folder.create(aside)) {
            file.write(StandardCharsets.US_ASCII.encode(Long.toString(epoch)), 0);
            file.force();
        }
        folder.rename(aside, name);
        folder.force();
    }
}
