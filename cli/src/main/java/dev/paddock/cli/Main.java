package dev.paddock.cli;

import dev.paddock.node.server.NodeMain;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Entry of the {@code paddock} command. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. A failure is one line on
 * standard error; only a fault of the program itself shows a stack trace.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        ParentWatch.startIfAsked();
        int exitCode = isPlainNode(arguments)
                ? NodeMain.run(Path.of(arguments[1]))
                : commandLine().execute(arguments);
        if (exitCode != 0) System.exit(exitCode); // else the command's own threads decide how long it runs
    }

    /** {@code node ZOO_CFG}: a server starts sooner and stays smaller without the parser of command lines. */
    private static boolean isPlainNode(String[] arguments) {
        return arguments.length == 2 && arguments[0].equals("node") && !arguments[1].startsWith("-");
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
