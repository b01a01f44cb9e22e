package dev.paddock.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands about the dialogue itself. */
@Command
final class DialogueCommands {
    private static final int HISTORY_SHOWN = 11;
    private static final int HISTORY_MAX = 10_000; // longer ones get other numbers

    private final Surroundings surroundings;
    private final ToIntFunction<String> again;
    private final List<String> lines = new ArrayList<>(); // the last that were typed
    private boolean left;

    /** A line is done again by {@code again}, which gives its exit code. */
    DialogueCommands(Surroundings surroundings, ToIntFunction<String> again) {
        this.surroundings = surroundings;
        this.again = again;
    }

    /** Whether the user has left the dialogue. */
    boolean left() {
        return left;
    }

    /** The number of the next line. */
    int count() {
        return lines.size();
    }

    /** Remembers a line. */
    void typed(String line) {
        if (lines.size() == HISTORY_MAX) lines.removeFirst();
        lines.add(line);
    }

    @Command(description = "Print the last lines, with their numbers.")
    void history() {
        for (int i = Math.max(0, lines.size() - HISTORY_SHOWN); i < lines.size(); i++)
            surroundings.out().println(i + " - " + lines.get(i));
    }

    @Command(description = "Do a line of history again.")
    int redo(@Parameters(paramLabel = "NUMBER") int number) {
        int current = lines.size() - 1;
        if (number < 0 || number >= current) throw new Failed("Command index out of range");
        String line = lines.get(number);
        lines.set(current, line); // so that no line of history is a redo
        return again.applyAsInt(line);
    }

    @Command(description = "Go to other servers, with a new session.")
    void connect(@Parameters(paramLabel = "HOST:PORT,…") String servers) throws InterruptedException {
        surroundings.connect(servers);
    }

    @Command(description = "Close the session, with its ephemerals.")
    void close() {
        surroundings.close();
    }

    @Command(description = "Leave the shell.")
    void quit() {
        left = true;
    }
}
