package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import java.io.PrintWriter;

/** Prints many lines, and stops when nobody takes them any more. Owned by one thread. */
final class Lines implements AutoCloseable {
    private static final int CHECK_EVERY = 1 << 10; // checking flushes

    private final PrintWriter out;
    private int printed;

    Lines(PrintWriter out) {
        this.out = out;
    }

    void print(String line) {
        out.print(line);
        out.print(System.lineSeparator());
        if (++printed % CHECK_EVERY == 0) refuseIfClosed();
    }

    private void refuseIfClosed() {
        if (out.checkError()) throw new CommandFailed("nobody reads the output any more");
    }

    @Override
    public void close() {
        out.flush();
    }
}
