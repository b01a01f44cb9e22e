package dev.paddock.cli.files;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paddock snapshot}: names what can be done with snapshots. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        description = "Look into snapshots (snapshot.ZXID, also .gz and .snappy), Paddock's or ZooKeeper's.",
        subcommands = {
            SnapshotInspectCommand.class,
            SnapshotVerifyCommand.class,
            SnapshotDiffCommand.class,
            SnapshotExportCommand.class
        },
        footer = {
            "",
            "A folder is dataDir or its version-2. Nothing is ever changed, and a server may be running on it.",
            "",
            "Examples:",
            "  paddock snapshot inspect /var/lib/zookeeper            what is in the newest one?",
            "  paddock snapshot verify /var/lib/zookeeper             is each of them as it was written?",
            "  paddock snapshot diff server1/data server2/data        do two servers hold the same?",
            "  paddock snapshot export /var/lib/zookeeper > all.jsonl"
        })
public final class SnapshotCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    SnapshotCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
