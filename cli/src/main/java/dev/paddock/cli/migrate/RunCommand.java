package dev.paddock.cli.migrate;

import dev.paddock.cli.up.Launch;
import dev.paddock.operator.migration.Goal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code paddock migrate run}: carries the steps out, see {@link Passage}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Carry the steps out, one after the other, where all members are processes of this machine.",
        footer = {
            "",
            "A server is stopped by SIGTERM to the process that listens on its client and its election port. The other"
                    + " kind is",
            "started on the same file and lives on when this command ends; its output goes to CONFIG.log, or into"
                    + " --logs.",
            "After each one it waits until the member serves, has all transactions and a session through it works, and"
                    + " looks",
            "at everything anew. Turn off first whatever starts stopped servers again (systemd, a supervisor).",
            "Ctrl-C at any moment: the same command goes on, and with --back it goes back.",
            "",
            "Examples:",
            "  paddock migrate run --local zk1.cfg zk2.cfg zk3.cfg",
            "  paddock migrate run --local --one zk1.cfg zk2.cfg zk3.cfg        the next member only",
            "  paddock migrate run --local --back --zookeeper 'zkServer.sh start' zk1.cfg zk2.cfg zk3.cfg"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private EnsembleOptions ensemble = new EnsembleOptions();

    @Option(names = "--local", description = "Stop and start processes of this machine.")
    private boolean local;

    @Option(names = "--one", description = "End when one member is replaced.")
    private boolean one;

    @Option(
            names = "--zookeeper",
            paramLabel = "COMMAND",
            description =
                    "With --back: starts ZooKeeper on the zoo.cfg that is added as its last word. Run by /bin/sh.")
    private Optional<String> zookeeper = Optional.empty();

    @Option(names = "--logs", paramLabel = "DIR", description = "Folder for the output of the servers started.")
    private Optional<Path> logs = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long a member may take to catch up (default: ${DEFAULT-VALUE}).")
    private int patienceSeconds;

    @Spec
    private CommandSpec spec;

    RunCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (!local || ensemble.configs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "run stops and starts processes of this machine only: say --local and name each member's zoo.cfg;"
                            + " for servers of other machines do what plan says and look with status");
        }
        if (ensemble.back && zookeeper.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--back needs --zookeeper COMMAND, to start it with");
        }
        PrintWriter out = spec.commandLine().getOut();
        Goal goal = ensemble.goal();
        Roster roster = ensemble.roster();
        LocalServers servers = new LocalServers(roster, zookeeper, logs, Launch.ofThisProcess(null));
        servers.requireAll();
        Passage passage = new Passage(goal, roster, servers, Duration.ofSeconds(patienceSeconds), line -> {
            out.println(line);
            out.flush();
        });
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (!ended.get()) passage.interrupted();
        }));
        try {
            passage.run(one);
            return 0;
        } finally {
            ended.set(true);
        }
    }
}
