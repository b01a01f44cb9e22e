package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What each snapshot that this server wrote was like, in a file of ours beside them: so one that rotted where its own checksum does
 * not tell, or another one under its name, is seen. A snapshot of which nothing is noted is as good as it says itself.
 *
 * <p>Several may be noted of one zxid, since a crash may come between the note and the name. Apache's server may have written
 * another one under such a name; so what fits no note is not used where something else leads to the same state, and is used
 * where nothing else does. The newest {@value #PLACES} notes are kept.
 *
 * <p>For whoever may change the files of snapshots.
 */
final class SnapshotNotes implements Closeable {
    static final String FILE = "snapshots";

    private static final int PLACES = 64;
    private static final Places.Form FORM = new Places.Form(FILE, PLACES, 64, 4);

    private final Places places;
    private final List<Note> notes = new ArrayList<>();

    /**
     * A note.
     *
     * @param number one more than that of the note before it
     * @param zxid   of the snapshot
     * @param sum    of all its bytes
     */
    private record Note(long number, long zxid, FileSum sum) {}

    SnapshotNotes(Folder folder) {
        this.places = new Places(folder, FORM);
    }

    /** Reads what is there. */
    void load() throws IOException {
        notes.clear();
        for (long[] n : places.readOrBeginAnew("another snapshot in place of one of this server's may not be seen"))
            notes.add(new Note(n[0], n[1], new FileSum(n[2], n[3])));
    }

    /** Returns when it would survive a failure of the machine that a snapshot is like this; before it gets its name. */
    void add(long zxid, FileSum sum) throws IOException {
        long number = 1 + notes.stream().mapToLong(Note::number).max().orElse(0);
        places.write((int) (number % PLACES), number, zxid, sum.bytes(), sum.crc());
        places.force();
        notes.removeIf(old -> old.number() <= number - PLACES);
        notes.add(new Note(number, zxid, sum));
    }

    /** Whether a snapshot is none of those that this server wrote for its zxid, and it did write one. */
    boolean contradict(long zxid, FileSum sum) {
        List<Note> ofZxid = notes.stream().filter(note -> note.zxid() == zxid).toList();
        return !ofZxid.isEmpty() && ofZxid.stream().noneMatch(note -> note.sum().equals(sum));
    }

    @Override
    public void close() throws IOException {
        places.close();
    }
}
