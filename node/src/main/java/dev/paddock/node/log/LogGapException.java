package dev.paddock.node.log;

import java.nio.file.Path;

/** The records between two are missing. Only a snapshot that holds them can excuse that. */
public final class LogGapException extends DamagedLogException {
    private static final long serialVersionUID = 1;

    private final long before;
    private final long next;
    private final long missing;

    /**
     * @param file    the file in which the history goes on
     * @param offset  where in it, in bytes
     * @param problem what is wrong, without a capital
     * @param before  the last zxid before the gap
     * @param next    the first one behind it
     * @param missing the last one that is known to be missing; 0 if none is
     */
    LogGapException(Path file, long offset, String problem, long before, long next, long missing) {
        super(file, offset, problem);
        this.before = before;
        this.next = next;
        this.missing = missing;
    }

    /** Whether a snapshot of this zxid holds all that is missing. */
    boolean isCoveredBy(long snapshot) {
        if (missing > 0) return snapshot >= missing;
        return snapshot >= next - 1 || LogReader.follows(snapshot, next);
    }

    /** Whether only a seam tells of it, so that all that is there can be read. */
    boolean isByASeam() {
        return missing > 0;
    }

    /** The last zxid before the gap. */
    public long before() {
        return before;
    }

    /** The first zxid behind it. */
    public long next() {
        return next;
    }
}
