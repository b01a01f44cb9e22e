package dev.paddock.node.members;

/**
 * What Apache ZooKeeper 3.9 has no sentence for: its parser fails with an exception that nobody catches, and the client
 * is told {@code MARSHALLINGERROR} instead of {@code BADARGUMENTS}.
 */
final class MalformedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
        super(message);
    }

    MalformedException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A number in digits, with or without a sign.
     *
     * @throws MalformedException if it is none
     */
    static long number(String text, String what) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException("'" + text + "' is not the number of " + what, e);
        }
    }
}
