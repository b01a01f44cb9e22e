package dev.paddock.cli;

/** A command was refused or failed. The message is the one line that the user reads; the exit code becomes 1. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailed(String line) {
        super(line);
    }

    public CommandFailed(String line, Throwable cause) {
        super(line, cause);
    }
}
