package dev.paddock.e2e.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One damaged server of three, in each way, with the others well or one of them behind. */
class DamageMatrixTest {
    private static final int BEHIND = 1; // where one is
    private static final int WELL = 2; // always
    private static final int VICTIM = 3;
    private static final int BATCH = 30;
    private static final Duration SELF_REPAIR_MAX = Duration.ofMinutes(1);
    private static final Duration WATCHED = Duration.ofSeconds(4); // longer than an election takes
    private static final Set<Harm> OF_OTHER_FILES = // where another is behind
            Boolean.getBoolean("soak.damage") ? EnumSet.allOf(Harm.class) : EnumSet.of(Harm.BIT_FLIPPED, Harm.DELETED);

    @TempDir
    Path folder;

    private final Ledger ledger = new Ledger();
    private final Outcomes outcomes = new Outcomes();
    private Ensemble ensemble;

    @AfterEach
    void close() throws InterruptedException {
        if (ensemble != null) ensemble.end();
    }

    @Test
    void aDamagedServerIsHealedByTheOthers() throws Exception {
        Installed.require("strace");
        begin();
        for (Kind kind : Kind.chosen()) for (Harm harm : Harm.values()) healed(kind, harm);
        tell("the others are well");
        ensemble.kill(WELL); // who was healed votes
        ensemble.awaitVoting(BEHIND, VICTIM);
        assertThat(ledger.faultsAt(List.of(ensemble.clients(BEHIND), ensemble.clients(VICTIM))))
                .isEmpty();
        assertThat(outcomes.faults()).isEmpty();
        assertThat(outcomes.longest()).isLessThan(SELF_REPAIR_MAX);
    }

    @Test
    void nothingIsLostWithoutAWordWhereAnotherIsBehind() throws Exception {
        Installed.require("strace");
        begin();
        for (Kind kind : Kind.chosen()) {
            for (Harm harm : Harm.values())
                if (kind == Kind.NEWEST_LOG || OF_OTHER_FILES.contains(harm)) behind(kind, harm);
        }
        tell("server " + BEHIND + " is behind, server " + WELL + " comes back last");
        assertThat(outcomes.faults()).isEmpty();
    }

    /** Several log files and snapshots at each, and an earlier state of the victim's files beside them. */
    private void begin() throws Exception {
        ensemble = new Ensemble(folder);
        ensemble.start(BEHIND, WELL, VICTIM);
        ensemble.awaitServing(BEHIND, WELL, VICTIM);
        ledger.write(ensemble.clients(BEHIND, WELL), 400);
        ensemble.kill(VICTIM);
        copy(ensemble.data(VICTIM), earlier());
        for (int i = 0; i < 2; i++) { // the epoch goes on, and so do the log files
            ensemble.kill(BEHIND, WELL);
            ensemble.start(BEHIND, WELL, VICTIM);
            ensemble.awaitServing(BEHIND, WELL, VICTIM);
            ledger.write(ensemble.clients(BEHIND, WELL), 200);
            ensemble.kill(VICTIM);
        }
        ensemble.start(VICTIM);
        ensemble.awaitVoting(BEHIND, WELL, VICTIM);
    }

    private Path earlier() {
        return folder.resolve("earlier");
    }

    private void healed(Kind kind, Harm harm) throws Exception {
        ledger.write(ensemble.clients(BEHIND, WELL), BATCH);
        writeUntilThereIs(kind, harm);
        ensemble.kill(VICTIM);
        long started = System.nanoTime();
        damageAndStart(kind, harm);
        boolean refuses = !ensemble.isServedOrRefused(VICTIM);
        if (refuses) replaceDisk(kind, harm);
        ensemble.awaitVoting(BEHIND, WELL, VICTIM);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        allIsThereAtEach(kind, harm);
        outcomes.healed(kind, harm, took, refuses ? "refuses, healed" : "healed");
        ensemble.tidy(VICTIM);
    }

    /** Each server takes its turn to write a snapshot, which begins a log file, too. */
    private void writeUntilThereIs(Kind kind, Harm harm) {
        await(kind + " at the victim").atMost(Duration.ofMinutes(1)).until(() -> {
            if (kind.isThere(ensemble.data(VICTIM), harm == Harm.OLD_COPY)) return true;
            ledger.write(ensemble.clients(BEHIND, WELL), BATCH);
            return false;
        });
    }

    /** A disk that does not keep what was written to it just now is no use: reads do not fail any more. */
    private void replaceDisk(Kind kind, Harm harm) throws Exception {
        boolean mayRefuse = kind == Kind.MARKS && harm == Harm.UNREADABLE; // see docs/reliability.md
        if (!mayRefuse) outcomes.fault(kind, harm, "refuses");
        ensemble.kill(VICTIM);
        ensemble.start(VICTIM);
    }

    private void allIsThereAtEach(Kind kind, Harm harm) {
        for (String fault : ledger.faultsAt(ensemble.each())) outcomes.fault(kind, harm, fault);
    }

    /** Only the one that is well knows what was written last, besides what damage has left on the victim's disk. */
    private void behind(Kind kind, Harm harm) throws Exception {
        writeUntilThereIs(kind, harm);
        ensemble.kill(BEHIND);
        ensemble.awaitServing(WELL, VICTIM);
        ledger.write(ensemble.clients(WELL, VICTIM), BATCH);
        ensemble.kill(VICTIM, WELL);
        damageAndStart(kind, harm);
        ensemble.start(BEHIND);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> hasStarted(BEHIND) && (hasStarted(VICTIM) || !ensemble.isAlive(VICTIM)));
        boolean refuses = !ensemble.isAlive(VICTIM);
        boolean isServed = !refuses && isServedWithoutTheOneThatIsWell();
        if (isServed) {
            for (String fault : ledger.faultsAt(List.of(ensemble.clients(BEHIND), ensemble.clients(VICTIM))))
                outcomes.fault(kind, harm, fault + ", where two serve");
        }
        if (refuses) replaceDisk(kind, harm);
        ensemble.start(WELL);
        ensemble.awaitVoting(BEHIND, WELL, VICTIM);
        allIsThereAtEach(kind, harm);
        outcomes.put(kind, harm, refuses ? "refuses, healed" : isServed ? "serves, whole" : "waits, healed");
        ensemble.tidy(VICTIM);
    }

    private boolean isServedWithoutTheOneThatIsWell() {
        long until = System.nanoTime() + WATCHED.toNanos();
        while (System.nanoTime() < until) {
            if (ensemble.serves(VICTIM) && ensemble.serves(BEHIND)) return true;
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        }
        return false;
    }

    private boolean hasStarted(int sid) {
        return ensemble.isAlive(sid) && ensemble.answers(sid);
    }

    private void damageAndStart(Kind kind, Harm harm) throws IOException {
        Path file = kind.in(ensemble.data(VICTIM));
        byte[] before = Files.readAllBytes(file);
        harm.to(file, old(kind, file));
        boolean isVoid = harm.changesBytes() && Files.exists(file) && Arrays.equals(before, Files.readAllBytes(file));
        if (isVoid) outcomes.fault(kind, harm, "changes nothing");
        if (harm == Harm.UNREADABLE) ensemble.startWithUnreadable(VICTIM, file);
        else ensemble.start(VICTIM);
    }

    /** As it was when the victim was copied, if it has changed since, or else what is before it of its kind. */
    private Path old(Kind kind, Path file) throws IOException {
        Path then = earlier().resolve(ensemble.data(VICTIM).relativize(file));
        boolean hasChanged = Files.exists(then) && Files.mismatch(then, file) >= 0;
        return hasChanged ? then : kind.before(ensemble.data(VICTIM));
    }

    private void tell(String where) {
        System.out.printf(
                "damage of one server of three where %s; %d acknowledged, none lost:%n%s%n",
                where, ledger.size(), outcomes.table());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes all) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes all) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
