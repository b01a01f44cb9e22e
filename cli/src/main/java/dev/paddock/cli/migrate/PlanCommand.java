package dev.paddock.cli.migrate;

import dev.paddock.operator.migration.Migration;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Step;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code paddock migrate plan}: all steps from here on. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Say what would be done, in which order and why. Changes nothing.",
        footer = {
            "",
            "It asks each server srvr, mntr, hash and conf; what 4lw.commands.whitelist forbids, the admin port (8080)"
                    + " is asked for,",
            "and who a server is, a session shows. Flags of a JVM (-Dzookeeper.…) are read from its process if that is"
                    + " here, else",
            "asked of the admin port.",
            "Exit code 1: something is in the way, and it says what.",
            "",
            "Examples:",
            "  paddock migrate plan zk1.cfg zk2.cfg zk3.cfg         servers of this machine",
            "  paddock migrate plan 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg   servers of three machines with the same file",
            "  paddock migrate plan --back 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg"
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private EnsembleOptions ensemble = new EnsembleOptions();

    @Spec
    private CommandSpec spec;

    PlanCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Roster roster = ensemble.roster();
        Look look = new Look(roster, Flags::of);
        Observation seen = look.take();
        List<Step> steps = Migration.outlook(ensemble.goal(), seen);
        Shown.table(seen, roster).forEach(out::println);
        out.println();
        Shown.outlook(steps, roster).forEach(out::println);
        Shown.notes(seen, roster, look).forEach(out::println);
        out.flush();
        return steps.getLast() instanceof Step.Done ? 0 : 1;
    }
}
