package dev.paddock.cli.migrate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paddock migrate}: names what can be done. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        description = "Replace a running Apache ZooKeeper ensemble by Paddock, server by server, while it serves. Or go"
                + " back.",
        subcommands = {PlanCommand.class, StatusCommand.class, RunCommand.class},
        footer = {
            "",
            "Both kinds of server may be members of one ensemble. So each member is replaced alone: its ZooKeeper is"
                    + " stopped, Paddock",
            "is started on the same zoo.cfg, myid and data, and only when it follows again, has all transactions and a"
                    + " tree that",
            "hashes to what the leader says, the next one is touched. Observers come first, the leader is the last.",
            "",
            "Before each stop: the others are a quorum without it; every member serves, and has applied what the"
                    + " leader had; no",
            "digest mismatch anywhere; ZooKeeper is 3.9; Paddock starts on the member's files and knows all of its"
                    + " settings.",
            "A check that cannot be made stops it, with what to do about it.",
            "",
            "Nothing is stored: the servers themselves tell how far it is. Stop whenever you like; the same command"
                    + " goes on,",
            "and with --back it goes the other way.",
            "",
            "Examples:",
            "  paddock migrate plan 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg           what would be done, in which order, and"
                    + " why",
            "  paddock migrate status --watch 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg how far it is, while you do it on each"
                    + " machine",
            "  paddock migrate run --local zk1.cfg zk2.cfg zk3.cfg          do it, where all members are processes of"
                    + " this machine"
        })
public final class MigrateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    MigrateCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
