package dev.paddock.node.log;

import java.nio.file.Path;

/** The records between two are missing. Only a snapshot that holds them can excuse that. */
public final class LogGapException extends DamagedLogException {
    private static final long serialVersionUID = 1;

    private final long before;
    private final long next;

    /**
     * @param file    the file in which the history goes on
     * @param offset  where in it, in bytes
     * @param problem what is wrong, without a capital
     * @param before  the last zxid before the gap
     * @param next    the first one behind it
     */
    LogGapException(Path file, long offset, String problem, long before, long next) {
        super(file, offset, problem);
        this.before = before;
        this.next = next;
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
