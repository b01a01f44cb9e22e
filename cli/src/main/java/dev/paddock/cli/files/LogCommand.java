package dev.paddock.cli.files;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paddock log}: names what can be done with transaction logs. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        description = "Look into transaction logs (log.ZXID), Paddock's or ZooKeeper's.",
        subcommands = {LogDumpCommand.class, LogVerifyCommand.class, LogAtCommand.class},
        footer = {
            "",
            "A folder is dataLogDir (or dataDir, where both are one) or its version-2. Nothing is ever changed, and a server",
            "may be running on it. Records are read one by one, so a log may have any size.",
            "",
            "Examples:",
            "  paddock log verify /var/lib/zookeeper              is the whole log as it was written?",
            "  paddock log dump /var/lib/zookeeper | tail         what were the last transactions?",
            "  paddock log at 0x100000002 /var/lib/zookeeper      what did this one do, and where does it lie?"
        })
public final class LogCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    LogCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
