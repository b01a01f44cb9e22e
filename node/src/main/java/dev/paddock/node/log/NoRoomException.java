package dev.paddock.node.log;

import java.io.IOException;
import java.nio.file.Path;

/** A file was not written, though it could have been: too little room would have been left for the log. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1;

    NoRoomException(Path folder, long lowBytes) {
        super("less than " + (lowBytes >> 10) + " KiB would be left on the disk of " + folder);
    }
}
