package dev.paddock.cli.shell;

import dev.paddock.client.WatchType;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about watches. */
@Command
final class WatchCommands {
    /** How a watch that stays hears, named as zkCli names it. */
    enum Mode {
        PERSISTENT,
        PERSISTENT_RECURSIVE
    }

    private final Surroundings surroundings;

    WatchCommands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Command(description = "Tell of every change of PATH from now on, also of what is below it.")
    void addWatch(
            @Option(
                            names = "-m",
                            paramLabel = "MODE",
                            defaultValue = "PERSISTENT_RECURSIVE",
                            description = "${COMPLETION-CANDIDATES}; the first is for PATH and its children alone"
                                    + " (default: ${DEFAULT-VALUE}).")
                    Mode mode,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        boolean recursive = mode == Mode.PERSISTENT_RECURSIVE;
        surroundings.calls().addWatch(path, recursive, surroundings.watcher()).value();
    }

    @Command(description = "Remove the watches that this session has set on PATH.")
    void removewatches(
            @Option(names = "-c", description = "Those on its children.") boolean children,
            @Option(names = "-d", description = "Those on its data.") boolean data,
            @Option(names = "-a", description = "All (default).") boolean all,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException, ExecutionException {
        WatchType type = children ? WatchType.CHILDREN : data ? WatchType.DATA : WatchType.ANY;
        surroundings.client().removeWatches(path, type).get().value();
    }

    @Command(description = "Say whether watches are printed, or change it.")
    void printwatches(@Parameters(paramLabel = "on|off", arity = "0..1") Optional<String> to) {
        if (to.isEmpty()) {
            surroundings.out().println("printwatches is " + (surroundings.printsWatches() ? "on" : "off"));
            return;
        }
        switch (to.get()) {
            case "on" -> surroundings.printWatches(true);
            case "off" -> surroundings.printWatches(false);
            default -> throw new IllegalArgumentException("it is on or off");
        }
    }
}
