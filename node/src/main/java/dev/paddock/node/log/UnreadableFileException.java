package dev.paddock.node.log;

import java.io.IOException;
import java.nio.file.Path;

/** The disk does not give back what was written: a sector of it has gone bad. What it held is as good as lost. */
public final class UnreadableFileException extends DamagedFileException {
    private static final long serialVersionUID = 1;

    /**
     * @param offset where reading began, in bytes
     * @param cause  what the system says
     */
    public UnreadableFileException(Path file, long offset, IOException cause) {
        super(file, offset, "it cannot be read: " + cause.getMessage());
        initCause(cause);
    }
}
