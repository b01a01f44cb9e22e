package dev.paddock.cli.migrate;

import dev.paddock.cli.CommandFailed;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Goal;
import dev.paddock.operator.migration.Member;
import dev.paddock.operator.migration.Migration;
import dev.paddock.operator.migration.Observation;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks, takes the next step, and looks again, until all is done. What it keeps between two looks only tells what to print, when to give
 * up, and that a server that comes back by itself is not stopped for ever. Owned by the thread of the command.
 */
final class Passage {
    private static final int LOOK_EACH_MILLIS = 200;
    private static final int GLANCES_MAX = 10; // at one server, between two looks at all
    private static final long REFUSED_NANOS = 15_000_000_000L;
    private static final long SAY_EACH_NANOS = 5_000_000_000L;

    private final Goal goal;
    private final Roster roster;
    private final LocalServers servers;
    private final Duration patience;
    private final Consumer<String> out;
    private final Look look;
    private final Set<Long> replaced = new HashSet<>();

    private @Nullable Started unproven; // started, and not yet seen to be well
    private long sinceNanos = System.nanoTime(); // of the last step
    private long saidNanos = System.nanoTime();
    private long refusedNanos; // since when something is in the way; 0: nothing is
    private boolean hasActed;
    private volatile long between; // the member that is stopped and not yet started; 0: none

    private record Started(long id, Engine engine, Process process, long nanos) {}

    Passage(Goal goal, Roster roster, LocalServers servers, Duration patience, Consumer<String> out) {
        this.goal = goal;
        this.roster = roster;
        this.servers = servers;
        this.patience = patience;
        this.out = out;
        this.look = new Look(roster, Flags::of);
    }

    /**
     * Runs to the end.
     *
     * @param one whether one member is enough
     * @throws CommandFailed if something is in the way
     */
    void run(boolean one) throws InterruptedException, IOException {
        Observation seen = look.take();
        Shown.table(seen, roster).forEach(out);
        Shown.notes(seen, roster, look).forEach(out);
        while (true) {
            Step step = Migration.next(goal, seen);
            if (!(step instanceof Step.Refuse)) refusedNanos = 0;
            boolean isQuiet = !(step instanceof Step.Wait || step instanceof Step.Refuse);
            if (unproven != null && isQuiet && proves(unproven, seen)) {
                unproven = null;
                if (one) return;
            } else if (take(step)) {
                Shown.table(seen, roster).forEach(out);
                out.accept(Shown.of(step));
                return;
            }
            seen = look.take();
        }
    }

    /** True at the end. */
    private boolean take(Step step) throws InterruptedException, IOException {
        switch (step) {
            case Step.Done _ -> {
                return unproven == null || awaits("a session through member " + unproven.id());
            }
            case Step.Wait(String why) -> awaits(why);
            case Step.Refuse refusal -> refused(refusal);
            case Step.Start(long id, Engine engine, String _) -> start(id, engine, Shown.of(step));
            case Step.Replace(long id, Engine engine, String _) -> {
                if (unproven != null) awaits("a session through member " + unproven.id());
                else replace(id, engine, Shown.of(step));
            }
        }
        return false;
    }

    /** At first at once; later it has to hold for a while, since a server that has just started may not answer everything yet. */
    private void refused(Step.Refuse refusal) throws InterruptedException {
        long now = System.nanoTime();
        if (refusedNanos == 0) refusedNanos = now;
        if (!hasActed || now - refusedNanos > REFUSED_NANOS) {
            throw new CommandFailed(
                    refusal.why() + ". What to do: " + refusal.remedy() + "; then run the same command again");
        }
        awaits(refusal.why());
    }

    private void replace(long id, Engine engine, String shown) throws InterruptedException, IOException {
        if (!replaced.add(id)) {
            throw new CommandFailed(
                    "member " + id + " runs " + Shown.other(engine).shown()
                            + " again: something starts it; turn that off, then run the same command again");
        }
        ProcessHandle process = servers.process(id);
        out.accept(shown);
        long nanos = System.nanoTime();
        between = id;
        servers.stop(id, process);
        out.accept("  process " + process.pid() + " ended after " + seconds(nanos));
        launch(id, engine);
    }

    private void start(long id, Engine engine, String shown) throws InterruptedException, IOException {
        if (unproven != null && unproven.id() == id) {
            boolean failed = !unproven.process().isAlive() && unproven.process().exitValue() != 0;
            if (failed) throw ended(id, engine);
            awaits("member " + id + " starts");
        } else if (!servers.starting(id).isEmpty()) {
            awaits("process " + servers.starting(id) + " of member " + id + " does not take connections yet");
        } else {
            out.accept(shown);
            launch(id, engine);
        }
    }

    private void launch(long id, Engine engine) throws IOException {
        Process process = servers.start(id, engine);
        between = 0;
        hasActed = true;
        sinceNanos = System.nanoTime();
        unproven = new Started(id, engine, process, sinceNanos);
        out.accept("  " + engine.shown() + " started, process " + process.pid() + ", output in " + servers.log(id));
    }

    private CommandFailed ended(long id, Engine engine) {
        return new CommandFailed(engine.shown() + " of member " + id + " ended at once, and said: "
                + servers.lastWords(id) + " (" + servers.log(id)
                + "). Mend that and run the same command again, or start "
                + Shown.other(engine).shown() + " on its files");
    }

    /** Opens a session through it, whose transactions every member hashes; the look after this shows what came of them. */
    private boolean proves(Started started, Observation seen) throws InterruptedException {
        Member member = seen.members().stream()
                .filter(m -> m.id() == started.id())
                .findFirst()
                .orElseThrow();
        if (!member.runs(started.engine())) return false;
        Optional<Visit> visit = Visit.to(roster.place(started.id()).client().orElseThrow());
        if (visit.isEmpty()) return false;
        var serving = member.serving().orElseThrow();
        String role = serving.role().name().toLowerCase(Locale.ROOT);
        out.accept("  member " + member.id() + (role.startsWith("o") ? " is an " : " is a ") + role + " after "
                + seconds(started.nanos()) + ", has applied 0x"
                + Long.toHexString(visit.get().zxid())
                + ", gives sessions; " + sameTree(member, seen));
        return true;
    }

    /** The newest transaction after which it and another member are known to have hashed to the same. */
    private static String sameTree(Member member, Observation seen) {
        var common = new TreeSet<Long>();
        for (Member other : seen.members()) {
            if (other.id() == member.id()) continue;
            var shared = new TreeSet<>(digests(member).byZxid().keySet());
            shared.retainAll(digests(other).byZxid().keySet());
            common.addAll(shared);
        }
        return common.isEmpty()
                ? "no digest mismatch"
                : "the same tree as the others after 0x" + Long.toHexString(common.last()) + ", no digest mismatch";
    }

    private static Digests digests(Member member) {
        return member.serving().orElseThrow().digests().known().orElseThrow();
    }

    /** Always false. */
    private boolean awaits(String why) throws InterruptedException {
        long now = System.nanoTime();
        if (now - sinceNanos > patience.toNanos()) {
            throw new CommandFailed("gave up after " + patience.toSeconds() + " s: " + why
                    + ". Look at its log, then run the same command again");
        }
        if (now - saidNanos > SAY_EACH_NANOS) {
            out.accept("  waiting: " + why);
            saidNanos = now;
        }
        if (unproven != null
                && !unproven.process().isAlive()
                && unproven.process().exitValue() != 0) {
            throw ended(unproven.id(), unproven.engine());
        }
        awaitPort();
        return false;
    }

    /** Looks are not free: where a check takes a session, one is opened. So the whole look waits until who was started serves. */
    private void awaitPort() throws InterruptedException {
        int glances = 0;
        do {
            Thread.sleep(LOOK_EACH_MILLIS);
        } while (unproven != null && ++glances < GLANCES_MAX && !look.serves(unproven.id()));
    }

    /** The process ends in the middle: because of a signal. On another thread. */
    void interrupted() {
        String where = between == 0 ? "" : "member " + between + " is stopped and not yet started; ";
        out.accept("stopped: " + where
                + "nothing is stored, so the same command goes on from here, and with --back it goes back");
    }

    private static String seconds(long sinceNanos) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - sinceNanos) / 1e9);
    }
}
