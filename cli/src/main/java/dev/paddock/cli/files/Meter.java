package dev.paddock.cli.files;

import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says on standard error how far long work has come, where that is a terminal. Owned by one thread. */
final class Meter implements RecoveryProgress, AutoCloseable {
    private static final long FIRST_NANOS = 1_000_000_000; // short work needs none
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean isShown;
    private long nextNanos = System.nanoTime() + FIRST_NANOS;
    private int shown; // characters on the line

    private Meter(PrintWriter err, boolean isShown) {
        this.err = err;
        this.isShown = isShown;
    }

    /** For work that prints nothing until it is done. */
    static Meter quiet(PrintWriter err) {
        return new Meter(err, isTerminal(2));
    }

    /** For work that prints all the time: nothing is shown where both would go to the same screen. */
    static Meter printing(PrintWriter err) {
        return new Meter(err, isTerminal(2) && !isTerminal(1));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String to = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return to.startsWith("/dev/pts/") || to.startsWith("/dev/tty") || to.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // a system without such files: no progress is better than one in a log
        }
    }

    @Override
    public void reading(String snapshot, long bytes) {
        if (isDue()) show(snapshot + ": " + (bytes >> 20) + " MiB");
    }

    @Override
    public void replayed(long records, long zxid) {
        if (isDue()) show(records + " transactions replayed, up to " + Zxid.toString(zxid));
    }

    /** Likewise, of records read. */
    void record(long records, String file) {
        if ((records & 0xff) == 0 && isDue()) show(file + ": " + records + " transactions");
    }

    private boolean isDue() {
        if (!isShown) return false;
        long now = System.nanoTime();
        if (now - nextNanos < 0) return false;
        nextNanos = now + EVERY_NANOS;
        return true;
    }

    private void show(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
        err.flush();
        shown = text.length();
    }

    /** Makes room for what is printed next. */
    void clear() {
        if (shown == 0) return;
        err.print("\r" + " ".repeat(shown) + "\r");
        err.flush();
        shown = 0;
    }

    @Override
    public void close() {
        clear();
    }
}
