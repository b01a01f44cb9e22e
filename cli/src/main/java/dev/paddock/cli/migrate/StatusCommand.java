package dev.paddock.cli.migrate;

import dev.paddock.operator.migration.Goal;
import dev.paddock.operator.migration.Migration;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Step;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paddock migrate status}: who runs what, and the next step. */
@Command(
        name = "status",
        aliases = "check",
        mixinStandardHelpOptions = true,
        description = "Show what each member runs, make all checks, and name the next step. Changes nothing.",
        footer = {
            "",
            "Exit code 0: done, or the next step may be taken. 1: wait, or something is in the way, and it says what.",
            "",
            "Examples:",
            "  paddock migrate status 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg",
            "  paddock migrate status --watch 1=zoo.cfg 2=zoo.cfg 3=zoo.cfg    until it is done",
            "  paddock migrate status --server zk1:2181,zk2:2181,zk3:2181      without the files, so without the check"
                    + " of settings"
        })
final class StatusCommand implements Callable<Integer> {
    private static final int LOOK_EACH_MILLIS = 1_000;

    @Mixin
    private EnsembleOptions ensemble = new EnsembleOptions();

    @Option(names = "--watch", description = "Go on until all is done; print what changes.")
    private boolean watch;

    @Spec
    private CommandSpec spec;

    StatusCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Goal goal = ensemble.goal();
        Roster roster = ensemble.roster();
        Look look = new Look(roster, Flags::of);
        List<String> shown = List.of();
        while (true) {
            Observation seen = look.take();
            Step step = Migration.next(goal, seen);
            List<String> lines = new ArrayList<>(Shown.table(seen, roster));
            lines.addAll(Shown.notes(seen, roster, look));
            lines.add((step instanceof Step.Done ? "" : "next: ") + Shown.of(step));
            if (!lines.equals(shown)) lines.forEach(out::println);
            out.flush();
            shown = lines;
            boolean mayGoOn = !(step instanceof Step.Wait || step instanceof Step.Refuse);
            if (!watch || step instanceof Step.Done) return mayGoOn ? 0 : 1;
            Thread.sleep(LOOK_EACH_MILLIS);
        }
    }
}
