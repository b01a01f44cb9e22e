package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import dev.paddock.cli.migrate.Look;
import dev.paddock.crds.ClusterSpec;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Goal;
import dev.paddock.operator.migration.Migration;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Settings;
import dev.paddock.operator.migration.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings members from one kind of server to the other, one at a time, as {@link Migration} says. What it keeps between two calls
 * only tells what to print, and through whom a session has yet to go. Owned by the thread of {@code up}.
 */
final class EngineChange {
    private static final Duration SAY_AFTER =
            Duration.ofSeconds(5); // a server that has just started may not answer everything

    private final Members members;
    private final Consumer<String> screen;
    private boolean isUnderWay;
    private int unproven; // the member that was replaced last, until a session has gone through it; 0: none
    private String held = ""; // why nothing is done
    private long heldNanos; // since when
    private boolean isSaid;

    EngineChange(Members members, Consumer<String> screen) {
        this.members = members;
        this.screen = screen;
    }

    /** Takes the next step if there is one. To be called while the members are those that are wanted, and all of them serve. */
    void takeOneStep(ClusterSpec spec) throws IOException, InterruptedException {
        if (!isUnderWay && members.allRun(spec.engine())) return;
        try {
            Look look = Look.atFiles(members.configs());
            take(spec, look, look.take());
        } catch (CommandFailed notYet) {
            hold(notYet.getMessage());
        }
    }

    private void take(ClusterSpec spec, Look look, Observation seen) throws IOException, InterruptedException {
        List<String> ignored = keys(seen, Settings::ignored);
        List<String> wider = keys(seen, Settings::wider);
        if (spec.engine() == dev.paddock.crds.Engine.PADDOCK && !ignored.isEmpty()) {
            hold("without effect in Paddock: " + String.join(", ", ignored) + "; take that out of spec.config");
            return;
        }
        if (!wider.isEmpty()) {
            hold("spec.config has Paddock take and write more than ZooKeeper reads: " + String.join(", ", wider)
                    + "; take it out while both kinds are members");
            return;
        }
        switch (Migration.next(new Goal(engine(spec), ignored), seen)) {
            case Step.Wait(String why) -> hold(why);
            case Step.Refuse(String why, String remedy) -> hold(why + ". What to do: " + remedy);
            case Step.Start(long id, Engine _, String _) -> hold("member " + id + " has no process");
            case Step.Replace(long id, Engine engine, String why) -> {
                if (isProven(spec, look)) replace((int) id, engine, why, spec);
            }
            case Step.Done(String why) -> {
                if (!isProven(spec, look)) return;
                isUnderWay = false;
                screen.accept(why);
            }
        }
    }

    private void replace(int id, Engine engine, String why, ClusterSpec spec) throws IOException, InterruptedException {
        screen.accept("server " + id + " becomes " + engine.shown() + " (" + why + ")");
        members.replace(id, spec);
        isUnderWay = true;
        unproven = id;
        held = "";
    }

    /** Once a session has gone through the member that was replaced last, and everybody was looked at again after that. */
    private boolean isProven(ClusterSpec spec, Look look) throws InterruptedException {
        if (unproven == 0) return true;
        if (look.visits(unproven)) {
            screen.accept("server " + unproven + " serves as " + engine(spec).shown()
                    + ", in sync; a session went through it, and no digest differs");
            unproven = 0;
        } else {
            hold("no session can be had through server " + unproven);
        }
        return false;
    }

    private void hold(String why) {
        long now = System.nanoTime();
        if (!why.equals(held)) {
            held = why;
            heldNanos = now;
            isSaid = false;
        } else if (!isSaid && now - heldNanos > SAY_AFTER.toNanos()) {
            screen.accept("the change of engine waits: " + why);
            isSaid = true;
        }
    }

    private static List<String> keys(Observation seen, Function<Settings, List<String>> which) {
        return seen.members().stream()
                .flatMap(member -> member.settings().known().stream())
                .flatMap(settings -> which.apply(settings).stream())
                .distinct()
                .toList();
    }

    private static Engine engine(ClusterSpec spec) {
        return switch (spec.engine()) {
            case PADDOCK -> Engine.PADDOCK;
            case ZOOKEEPER -> Engine.ZOOKEEPER;
        };
    }
}
