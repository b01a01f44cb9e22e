package dev.paddock.cli;

import dev.paddock.cli.files.LogCommand;
import dev.paddock.cli.files.SnapshotCommand;
import dev.paddock.cli.images.ImagesCommand;
import dev.paddock.cli.migrate.MigrateCommand;
import dev.paddock.cli.prepare.PrepareCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paddock} itself: names its subcommands. */
@Command(
        name = "paddock",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        header = "A coordination platform that speaks ZooKeeper's own protocols.%n",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            UpCommand.class,
            NodeCommand.class,
            SidecarCommand.class,
            OperatorCommand.class,
            ManifestsCommand.class,
            ShellCommand.class,
            LockCommand.class,
            BenchCommand.class,
            SnapshotCommand.class,
            LogCommand.class,
            MigrateCommand.class,
            ImagesCommand.class,
            PrepareCommand.class,
            VersionCommand.class
        },
        footer = {
            "",
            "PADDOCK_JAVA_OPTS adds flags of the JVM to any command, PADDOCK_JAVA_HOME names the JDK 25.",
            "Exit codes: 0 done, 1 refused or failed (one line on standard error), 2 wrong usage."
        })
final class PaddockCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    PaddockCommand() {}

    @Override
    public void run() {
        CommandLine command = spec.commandLine();
        throw new ParameterException(command, "no command given");
    }
}
