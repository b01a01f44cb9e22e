package dev.paddock.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Entry of the {@code paddock} command. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. A failure is one line on
 * standard error; only a fault of the program itself shows a stack trace.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ParentWatch.startIfAsked();
        int exitCode = commandLine().execute(arguments);
        if (exitCode != 0) System.exit(exitCode); // else the command's own threads decide how long it runs
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new PaddockCommand())
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler(Main::explainFailure);
        commandLine
                .getSubcommands()
                .get("shell")
                .setStopAtPositional(true); // what follows the command is the command's
        return commandLine;
    }

    private static int explainUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("paddock: " + wrong.getMessage() + "; see "
                + command.getCommandSpec().qualifiedName() + " --help");
        return 2;
    }

    private static int explainFailure(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof CommandFailed) {
            err.println("paddock: " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return 1;
    }
}
