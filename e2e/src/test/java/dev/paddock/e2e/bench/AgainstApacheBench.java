package dev.paddock.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.cli.bench.Bench;
import dev.paddock.cli.bench.BenchResult;
import dev.paddock.cli.bench.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers of each side stand at once, and each load goes to the one and then to the other, in turn first. So whatever
 * else the machine does meets both alike. Prints a table, and leaves it in {@code e2e/target/benchmark.md}.
 */
class AgainstApacheBench {
    private static final List<Case> CASES = List.of(
            new Case(Workload.READ, 1),
            new Case(Workload.READ, 32),
            new Case(Workload.WRITE, 1),
            new Case(Workload.WRITE, 32));
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("bench.seconds", 6));
    private static final Duration WARMUP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 3));

    private final Figures figures = new Figures();

    @TempDir
    Path folder;

    @Test
    void sameLoadsOnBoth() throws IOException {
        String table;
        try (Servers apache = Servers.apache(Files.createDirectory(folder.resolve("apache")));
                Servers paddock = Servers.paddock(Files.createDirectory(folder.resolve("paddock")))) {
            List<Long> ours = new ArrayList<>(apache.pids());
            ours.addAll(paddock.pids());
            ours.add(ProcessHandle.current().pid());
            var machine = new Machine(ours);
            for (int round = 1; round <= ROUNDS; round++) {
                for (Case each : CASES) measure(round, each, apache, paddock);
            }
            table = String.format(
                    Locale.ROOT,
                    "%s%n%d cores, of which others used %.1f on average.%n",
                    figures.markdown(),
                    Runtime.getRuntime().availableProcessors(),
                    machine.coresOfOthers());
        }
        System.out.println(table);
        Files.writeString(Path.of("target", "benchmark.md"), table);
    }

    private void measure(int round, Case load, Servers apache, Servers paddock) throws IOException {
        if (round % 2 == 1) figures.apache(load, run(load, apache, "Apache"));
        figures.paddock(load, run(load, paddock, "Paddock"));
        if (round % 2 == 0) figures.apache(load, run(load, apache, "Apache"));
    }

    private static BenchResult run(Case load, Servers servers, String name) throws IOException {
        BenchResult result = new Bench(load.plan(servers, MEASURED, WARMUP)).run();
        System.out.printf(
                Locale.ROOT,
                "%-8s %-16s %,12.0f ops/s %8.2f CPU s per 1M%n",
                name,
                load,
                result.operationsPerSecond(),
                result.cpuSecondsPerMillion());
        assertThat(result.errors()).as(result.firstError()).isZero();
        return result;
    }
}
