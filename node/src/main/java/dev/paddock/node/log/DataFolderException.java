package dev.paddock.node.log;

import java.io.IOException;

/**
 * The data folder as a whole is not one this server may start on, though no single byte is known to be wrong. The
 * message is one line for a person that says what to do; {@code main} prints it and exits with 1.
 */
public final class DataFolderException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong with which folder, and what to do */
    public DataFolderException(String message) {
        super(message);
    }
}
