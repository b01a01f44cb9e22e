package dev.paddock.wire;

/**
 * Bytes that are not a record of the protocol. The message names the field and what is wrong with it. Whoever reads from a link closes that link;
 * whoever reads a file names the file and the offset.
 */
public class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the field and what is wrong with it */
    public WireException(String message) {
        super(message);
    }
}
