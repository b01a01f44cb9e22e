package dev.paddock.cli.shell;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.wire.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Runs the shell's commands over one session at a time. */
public final class Shell implements AutoCloseable {
    private static final long INTERRUPT_SECONDS_MAX = 10;

    private final Surroundings surroundings;
    private final DialogueCommands dialogue;
    private final CommandLine commands; // all of them, for the help, and what stands alone
    private final Map<String, CommandLine> groups =
            new HashMap<>(); // the runnable ones: picocli calls a method on its parent
    private final PrintWriter err;

    /** Makes a client and waits until it is connected. */
    @FunctionalInterface
    public interface Connecting {
        /**
         * Connects.
         *
         * @throws RuntimeException with a line for people if nobody serves there
         */
        Client connect(String servers) throws InterruptedException;
    }

    /** What is printed when nothing is asked. */
    @Command(
            name = "",
            synopsisHeading = "",
            customSynopsis = "",
            commandListHeading = "",
            subcommands = CommandLine.HelpCommand.class,
            footer = {"", "COMMAND --help says more of one."})
    private static final class Root implements Runnable {
        @CommandLine.Spec
        private CommandSpec spec;

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Connects to these servers. */
    public Shell(Connecting connecting, String servers, PrintWriter out, PrintWriter err) throws InterruptedException {
        this.err = err;
        this.surroundings = new Surroundings(connecting, servers, out, err);
        this.dialogue = new DialogueCommands(surroundings, line -> run(Words.split(line)));
        this.commands = prepared(new CommandLine(new Root()));
        for (Object group : List.of(
                new ReadCommands(surroundings),
                new WriteCommands(surroundings),
                new WatchCommands(surroundings),
                new QuotaCommands(surroundings),
                dialogue)) {
            CommandLine runnable = prepared(new CommandLine(group).setCommandName(""));
            runnable.getSubcommands().keySet().forEach(name -> groups.put(name, runnable));
            new CommandLine(group)
                    .getSubcommands()
                    .forEach((name, shown) -> commands.addSubcommand(name, withHelp(shown)));
        }
        commands.addSubcommand(withHelp(prepared(new CommandLine(new DeleteAllCommand(surroundings)))));
        surroundings.connect(servers);
    }

    private CommandLine prepared(CommandLine command) {
        command.getSubcommands().values().forEach(Shell::withHelp);
        return command.setOut(surroundings.out())
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setUnmatchedOptionsArePositionalParams(true) // data may begin with '-'
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler(this::explainFailure);
    }

    private static CommandLine withHelp(CommandLine command) {
        OptionSpec help = OptionSpec.builder("--help")
                .usageHelp(true)
                .description("Say this.")
                .build();
        if (command.getCommandSpec().findOption("--help") == null
                && !command.getCommandName().equals("help"))
            command.getCommandSpec().addOption(help);
        return command;
    }

    /** Runs one command; its exit code is 0, 1 when refused, or 2 for wrong usage. */
    public int run(List<String> words) {
        surroundings.begun();
        try {
            CommandLine group = words.isEmpty() ? commands : groups.getOrDefault(words.getFirst(), commands);
            return group.execute(words.toArray(String[]::new));
        } finally {
            surroundings.ended();
        }
    }

    /**
     * Reads and runs commands until {@code quit} or the end of the input.
     *
     * @param prompts whether to print a prompt before each line, which says where the session stands
     * @return the exit code of the last command
     */
    public int converse(BufferedReader input, boolean prompts) throws IOException {
        int exitCode = 0;
        while (!dialogue.left()) {
            if (prompts) prompt();
            String line = input.readLine();
            if (line == null) break;
            if (line.isBlank()) continue;
            try {
                dialogue.typed(line);
                exitCode = run(Words.split(line));
            } catch (IllegalArgumentException malformed) {
                err.println(malformed.getMessage());
                err.flush();
                exitCode = 2;
            }
        }
        return exitCode;
    }

    private void prompt() {
        PrintWriter out = surroundings.out();
        out.print("[zk: " + surroundings.servers() + "(" + surroundings.state() + ") " + dialogue.count() + "] ");
        out.flush();
    }

    /** Ctrl-C: tells the running command to stop, and waits a little for it. */
    public void interrupt() throws InterruptedException {
        surroundings.interrupt(INTERRUPT_SECONDS_MAX);
    }

    @Override
    public void close() {
        surroundings.close();
    }

    private int explainUsage(ParameterException wrong, String[] words) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandName();
        err.println(
                wrong.getMessage() + "; " + (name.isEmpty() ? "help lists the commands" : name + " --help says more"));
        return 2;
    }

    private int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        return switch (failure) {
            case ClientException.Refused refused -> refused(refused.error(), refused.path());
            case ExecutionException failed -> {
                err.println(String.valueOf(failed.getCause().getMessage()));
                yield 1;
            }
            case IllegalArgumentException wrong -> {
                err.println(wrong.getMessage());
                yield 2;
            }
            default -> {
                err.println(failure.getMessage());
                yield 1;
            }
        };
    }

    private int refused(ErrorCode error, String path) {
        err.println(Text.refused(error, path));
        Text.hint(error, path).ifPresent(err::println);
        return 1;
    }
}
