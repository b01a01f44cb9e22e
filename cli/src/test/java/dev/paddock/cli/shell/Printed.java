package dev.paddock.cli.shell;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** A shell and what it prints. */
final class Printed implements AutoCloseable {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    final Shell shell;

    Printed(Servers servers) throws InterruptedException {
        shell = servers.shell(new PrintWriter(out, true), new PrintWriter(err, true));
    }

    /** Runs a command, each word of it given; its exit code. */
    int run(String... words) {
        return shell.run(Arrays.asList(words));
    }

    /** What was printed since the last call. */
    String out() {
        return taken(out);
    }

    String err() {
        return taken(err);
    }

    private static String taken(StringWriter writer) {
        synchronized (writer.getBuffer()) {
            String text = writer.toString();
            writer.getBuffer().setLength(0);
            return text;
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
