package dev.paddock.node.log;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of the data folder is not what was written: it rotted, or was cut, swapped or removed. The server must not
 * start on it, since what it acknowledged may be missing; the message says which file and where.
 */
public class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;

    /**
     * @param file    the file at fault
     * @param offset  where in it, in bytes
     * @param problem what is wrong, without a capital
     */
    public DamagedFileException(Path file, long offset, String problem) {
        super(file + " is damaged at offset " + offset + ": " + problem);
        this.file = file;
        this.offset = offset;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }

    /** Where in it, in bytes. */
    public long offset() {
        return offset;
    }
}
