package dev.paddock.e2e.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What writes take while snapshots are written: three servers with a large state, so many writes a second; in turn nobody asks for a
 * snapshot and all servers are asked for one after the other. Prints a table, and leaves it in {@code e2e/target/snapshots.md}.
 */
class SnapshotsBench {
    private static final int ZNODES = Integer.getInteger("bench.znodes", 500_000);
    private static final int BYTES = Integer.getInteger("bench.bytes", 128);
    private static final int RATE = Integer.getInteger("bench.rate", 1_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final Duration SECONDS = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));
    private static final Duration WARMUP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 20));
    private static final int[] PER_MILLE = {500, 990, 999, 1000};
    private static final double NANOS_PER_MILLI = 1e6;

    private final Formatter table = new Formatter(Locale.ROOT);

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
            for (int round = 1; round <= ROUNDS; round++) {
                row(round, 0, writers.write(RATE, SECONDS));
                try (var askers = new SnapshotAskers(servers.admins())) {
                    long[] latencies = writers.write(RATE, SECONDS);
                    row(round, askers.written(), latencies);
                }
            }
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
    }

    private void row(int round, int snapshots, long[] latencies) {
        var row = new Formatter(Locale.ROOT);
        row.format("| %d | %d ", round, snapshots);
        for (int perMille : PER_MILLE) {
            int rank = Math.max(1, (int) ((long) perMille * latencies.length / 1000));
            row.format("| %.2f ", latencies[rank - 1] / NANOS_PER_MILLI);
        }
        row.format("|%n");
        System.out.print(row);
        table.format("%s", row);
    }
}
