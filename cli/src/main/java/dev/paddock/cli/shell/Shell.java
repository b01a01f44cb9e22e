package dev.paddock.cli.shell;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs the shell's commands over one session. */
public final class Shell {
    private final ShellCommands table;
    private final CommandLine commands;
    private final PrintWriter err;

    /** @param client is not closed here */
    public Shell(Client client, PrintWriter out, PrintWriter err) {
        this.err = err;
        this.table = new ShellCommands(client);
        this.commands = new CommandLine(table)
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setUnmatchedOptionsArePositionalParams(true) // data may begin with '-'
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler(this::explainFailure);
    }

    /** Runs one command; its exit code is 0, 1 when refused, or 2 for wrong usage. */
    public int run(List<String> words) {
        return commands.execute(words.toArray(String[]::new));
    }

    /**
     * Reads and runs commands until {@code quit} or the end of the input.
     *
     * @param prompt printed before each line; may say where the session stands
     */
    public int converse(BufferedReader input, Supplier<String> prompt) throws IOException {
        while (!table.left()) {
            commands.getOut().print(prompt.get());
            commands.getOut().flush();
            String line = input.readLine();
            if (line == null) break;
            if (line.isBlank()) continue;
            try {
                commands.execute(Words.split(line).toArray(String[]::new));
            } catch (IllegalArgumentException malformed) {
                err.println(malformed.getMessage());
            }
        }
        return 0;
    }

    private int explainUsage(ParameterException wrong, String[] words) {
        err.println(wrong.getMessage() + "; help lists the commands");
        return 2;
    }

    private int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        switch (failure) {
            case ClientException.Refused refused -> err.println(Text.refused(refused.error(), refused.path()));
            case ExecutionException failed -> err.println(String.valueOf(failed.getCause()));
            default -> err.println(failure.getMessage());
        }
        return 1;
    }
}
