package dev.paddock.node.log;

import java.nio.file.Path;

/** The txn log lacks or garbles records that were, or may have been, acknowledged. */
public sealed class DamagedLogException extends DamagedFileException permits LogGapException {
    private static final long serialVersionUID = 1;

    /** As its parent's. */
    public DamagedLogException(Path file, long offset, String problem) {
        super(file, offset, problem);
    }
}
