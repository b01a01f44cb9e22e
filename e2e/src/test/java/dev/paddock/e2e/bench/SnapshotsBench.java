package dev.paddock.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Formatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What writes take while snapshots are written: three servers with a large state, so many writes a second; in turn nobody asks for a
 * snapshot and all servers are asked for one after the other. Prints a table, leaves it in {@code e2e/target/snapshots.md}, and fails
 * where the 99th percentile more than doubles in the median of the rounds.
 */
class SnapshotsBench {
    private static final int ZNODES = Integer.getInteger("bench.znodes", 500_000);
    private static final int BYTES = Integer.getInteger("bench.bytes", 128);
    private static final int RATE = Integer.getInteger("bench.rate", 1_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final Duration SECONDS = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));
    private static final Duration WARMUP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 20));
    private static final int P99 = 990; // per mille
    private static final int[] PER_MILLE = {500, P99, 999, 1000};
    private static final double TIMES_AS_LONG_MAX = 2;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Formatter table = new Formatter(Locale.ROOT);
    private final double[] timesAsLong = new double[ROUNDS];

    @TempDir
    Path folder;

    @Test
    void writesWhileSnapshotsAreWritten() throws Exception {
        table.format(
                "| round | snapshots written | p50 ms | p99 ms | p99.9 ms | most ms |%n|---|---:|---:|---:|---:|---:|%n");
        try (Servers servers = Servers.withAdmin(folder);
                var writers = new SteadyWriters(servers.clients(), ZNODES, BYTES)) {
            writers.load();
            writers.write(RATE, WARMUP);
            var ours = new ArrayList<>(servers.pids());
            ours.add(ProcessHandle.current().pid());
            var machine = new Machine(ours);
            for (int round = 1; round <= ROUNDS; round++) timesAsLong[round - 1] = round(round, servers, writers);
            Arrays.sort(timesAsLong);
            table.format(
                    "%np99 while snapshots are written, times as long: %.2f in the median.%n", median(timesAsLong));
            table.format(
                    "%n%,d znodes of %d bytes, %,d writes a second, %d s each; %d cores, of which others used %.1f.%n",
                    ZNODES,
                    BYTES,
                    RATE,
                    SECONDS.toSeconds(),
                    Runtime.getRuntime().availableProcessors(),
                    machine.coresOfOthers());
        }
        System.out.println(table);
        Files.writeString(Path.of("target", "snapshots.md"), table.toString());
        assertThat(median(timesAsLong)).as(table.toString()).isLessThanOrEqualTo(TIMES_AS_LONG_MAX);
    }

    /** How many times as long the 99th percentile is while snapshots are written. */
    private double round(int round, Servers servers, SteadyWriters writers) throws InterruptedException {
        long[] without = writers.write(RATE, SECONDS);
        row(round, 0, without);
        try (var askers = new SnapshotAskers(servers.admins())) {
            long[] with = writers.write(RATE, SECONDS);
            int written = askers.written();
            assertThat(written).as("snapshots written").isPositive();
            row(round, written, with);
            return (double) at(P99, with) / at(P99, without);
        }
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static long at(int perMille, long[] sorted) {
        return sorted[Math.max(1, (int) ((long) perMille * sorted.length / 1000)) - 1];
    }

    private void row(int round, int snapshots, long[] latencies) {
        var row = new Formatter(Locale.ROOT);
        row.format("| %d | %d ", round, snapshots);
        for (int perMille : PER_MILLE) row.format("| %.2f ", at(perMille, latencies) / NANOS_PER_MILLI);
        row.format("|%n");
        System.out.print(row);
        table.format("%s", row);
    }
}
