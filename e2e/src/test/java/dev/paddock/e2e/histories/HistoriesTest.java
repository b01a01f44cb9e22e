package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Real servers under faults, and Porcupine judges what their clients saw: {@code -Dhistories=N} so many, {@code -Dseed=S} from that
 * plan on, {@code -Doperations=N} so many operations of registers. The seed makes the plan of the faults; the rest is up to the machine.
 */
class HistoriesTest {
    static final long FIRST_SEED = 44; // from it on these few plans have faults of each kind
    static final int HISTORIES = 10;
    static final int MIXED = 3;
    private static final int OPERATIONS = 10_000;
    private static final int MIXED_OPERATIONS = 4_000;
    private static final int ATTEMPTS = 3;
    private static final Path FOLDER = Path.of(System.getProperty("paddock.root"), "e2e/target/histories");

    private static final Means MEANS = Means.ofThisMachine();

    private static Checker checker;

    private static LongStream seeds() {
        long first = Long.getLong("seed", FIRST_SEED);
        return LongStream.range(first, first + Long.getLong("histories", Long.getLong("soak.histories", HISTORIES)));
    }

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper"))
                .setLevel(Level.ERROR); // it says much of lost servers
        checker = Checker.build(FOLDER);
        System.out.println(MEANS); // a plan of another machine may have other faults
    }

    /** A history that shows nothing, since the machine was too slow for it, is run again before that is a failure. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void clientsSeeOneHistory(long seed) throws IOException, InterruptedException {
        isJudged(seed, Plan.of(seed, MEANS), Integer.getInteger("operations", OPERATIONS));
    }

    private static LongStream mixedSeeds() {
        long first = Long.getLong("seed", FIRST_SEED);
        return LongStream.range(first, first + Long.getLong("histories", Long.getLong("soak.mixed", MIXED)));
    }

    /** So do those of ensembles with members of both kinds, which hold the same in the end. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("mixedSeeds")
    void clientsOfBothKindsOfServersSeeOneHistory(long seed) throws IOException, InterruptedException {
        isJudged(seed, Plan.ofBoth(seed, MEANS), Integer.getInteger("operations", MIXED_OPERATIONS));
    }

    private static void isJudged(long seed, Plan plan, int operations) throws IOException, InterruptedException {
        String isVoid = judged(seed, plan, operations);
        for (int attempt = 1; !isVoid.isEmpty() && attempt < ATTEMPTS; attempt++) {
            isVoid = judged(seed, plan, operations);
        }
        assertThat(isVoid).isEmpty();
    }

    /** Runs a history, which must be legal; returns why it shows nothing, empty if it does. */
    private static String judged(long seed, Plan plan, int operations) throws IOException, InterruptedException {
        Path folder = FOLDER.resolve((plan.cast().apaches().isEmpty() ? "seed-" : "mixed-") + seed);
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
        Path file = folder.resolve("history.jsonl");
        var ordeal = new Ordeal(plan, operations);
        String how =
                "\nseed %d: %s\nhistory and logs of the servers: %s\nto judge it again: %s\nto run its plan again: %s"
                        .formatted(seed, plan, folder, String.join(" ", checker.command(file)), again(seed, plan));
        long began = System.nanoTime();
        try {
            ordeal.run(folder);
        } catch (IOException | RuntimeException e) {
            throw new AssertionError("the history has no end" + how, e);
        } finally {
            ordeal.history().write(file);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Checker.Verdict verdict = checker.judge(file);
        String told = told(seed, plan, ordeal.history(), seconds);
        System.out.println(told);
        assertThat(verdict.isLegal()).as(verdict.text() + told + how).isTrue();
        List<String> reasons = Ordeal.whyVoid(plan, ordeal.history());
        if (!reasons.isEmpty()) return "void, " + String.join(", ", reasons) + ": " + told + how;
        FileUtils.deleteDirectory(folder.toFile());
        return "";
    }

    private static String again(long seed, Plan plan) {
        String method =
                plan.cast().apaches().isEmpty() ? "clientsSeeOneHistory" : "clientsOfBothKindsOfServersSeeOneHistory";
        return "./verify -pl e2e -am -Dtest=HistoriesTest#" + method
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhistories=1 -Dseed=" + seed;
    }

    private static String told(long seed, Plan plan, History history, double seconds) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "history %d: %s, %d answers (%.0f a second) and %d to plain reads, %d open; "
                        + "%d under way during %d of %d faults; %.1f s in all",
                seed,
                plan.cast(),
                history.answered(),
                history.answered() / history.seconds(),
                history.glances(),
                history.open(),
                history.disturbed(),
                history.faultsFelt(),
                history.disturbances().size(),
                seconds));
        history.disturbances().forEach(each -> text.append("\n  ").append(each.fault()));
        return text.toString();
    }
}
