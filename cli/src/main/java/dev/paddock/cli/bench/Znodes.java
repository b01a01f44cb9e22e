package dev.paddock.cli.bench;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The znodes of one run, in a folder of their own. Owned by the thread of the load. */
final class Znodes {
    private static final int ANY_VERSION = -1;

    private final Load load;
    private final String folder;
    private int made;
    private boolean isFolderMade;

    Znodes(Load load, String folder) {
        this.load = load;
        this.folder = folder;
    }

    /** Makes them, and lets every connection see them. */
    void make(int count, byte[] data, BooleanSupplier isOver) throws IOException {
        load.ask(Frame.of(new Request.Create(folder, new byte[0], Acl.OPEN_UNSAFE, 0)));
        requireNoErrors();
        isFolderMade = true;
        var each = new Work.Each(Frame.of(new Request.Create(Frame.path(folder, 0), data, Acl.OPEN_UNSAFE, 0)), count);
        try {
            load.run(each.unless(isOver));
        } finally {
            made = each.taken();
        }
        load.askOnEach(Frame.of(new Request.Sync(folder)));
        requireNoErrors();
    }

    /** Removes what was made. */
    void remove() throws IOException {
        load.tally().clear();
        load.run(new Work.Each(Frame.of(new Request.Delete(Frame.path(folder, 0), ANY_VERSION)), made));
        if (isFolderMade) load.ask(Frame.of(new Request.Delete(folder, ANY_VERSION)));
        requireNoErrors();
        isFolderMade = false;
    }

    /** Whether there is something to remove. */
    boolean areThere() {
        return isFolderMade;
    }

    private void requireNoErrors() throws IOException {
        if (load.tally().errors() > 0) throw new IOException(load.tally().firstError() + " in " + folder);
    }
}
