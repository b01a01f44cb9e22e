package dev.paddock.e2e.bench;

import dev.paddock.cli.bench.BenchResult;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results of all rounds, as a table in Markdown: medians, and Paddock's over Apache's. */
final class Figures {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MIB = 1 << 20;

    private record Rounds(List<BenchResult> apache, List<BenchResult> paddock) {}

    private final Map<Case, Rounds> rounds = new LinkedHashMap<>();

    void apache(Case of, BenchResult result) {
        rounds(of).apache().add(result);
    }

    void paddock(Case of, BenchResult result) {
        rounds(of).paddock().add(result);
    }

    private Rounds rounds(Case of) {
        return rounds.computeIfAbsent(of, any -> new Rounds(new ArrayList<>(), new ArrayList<>()));
    }

    String markdown() {
        var text = new Formatter(Locale.ROOT);
        text.format("| load | CPU s per 1M, Apache | Paddock | ratio | ops/s, Apache | Paddock | ratio "
                + "| p99 ms, Apache | Paddock |%n");
        text.format("|---|---:|---:|---:|---:|---:|---:|---:|---:|%n");
        rounds.forEach((of, both) -> row(text, of, both));
        text.format("%n| memory of all servers afterwards, MiB | Apache | Paddock | ratio |%n|---|---:|---:|---:|%n");
        Rounds last = rounds.values().stream().reduce((earlier, later) -> later).orElseThrow();
        double apache = last.apache().getLast().residentBytes() / BYTES_PER_MIB;
        double paddock = last.paddock().getLast().residentBytes() / BYTES_PER_MIB;
        text.format("| resident | %.0f | %.0f | %.2f |%n", apache, paddock, paddock / apache);
        return text.toString();
    }

    private static void row(Formatter text, Case of, Rounds both) {
        double[] cpu = medians(both, BenchResult::cpuSecondsPerMillion);
        double[] rate = medians(both, BenchResult::operationsPerSecond);
        double[] p99 = medians(both, result -> result.p99Nanos() / NANOS_PER_MILLI);
        text.format("| %s | %.2f | %.2f | **%.3f** ", of, cpu[0], cpu[1], cpu[1] / cpu[0]);
        text.format("| %,.0f | %,.0f | **%.1f** ", rate[0], rate[1], rate[1] / rate[0]);
        text.format("| %.2f | %.2f |%n", p99[0], p99[1]);
    }

    /** Apache's, then Paddock's. */
    private static double[] medians(Rounds both, ToDoubleFunction<BenchResult> figure) {
        return new double[] {median(both.apache(), figure), median(both.paddock(), figure)};
    }

    private static double median(List<BenchResult> results, ToDoubleFunction<BenchResult> figure) {
        double[] sorted = results.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
