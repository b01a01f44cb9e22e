package dev.paddock.cli.shell;

/** A command failed; the message is for people. */
final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failed(String message) {
        super(message, null, false, false); // no stack: a refusal, not a fault
    }
}
