package dev.paddock.node.log;

import java.io.IOException;

/**
 * A write or force of the log failed, now or earlier. What the disk holds is unknown since then, and a later force that
 * succeeds proves nothing, so this log never takes another record: the server must stop acknowledging and end.
 */
public final class LogFailedException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * @param what  the file and the step that failed
     * @param cause what the system said
     */
    public LogFailedException(String what, IOException cause) {
        super(what + ": " + cause.getMessage() + "; nothing is acknowledged from here on", cause);
    }
}
