package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.failover.Moves.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long writes are held up: prints a table, leaves it in {@code e2e/target/failover.md}, and fails where it is longer than promised. See
 * docs/benchmarks.md.
 */
class FailoverGaps {
    private static final Map<Cause, Integer> TIMES = new EnumMap<>(Map.of(
            Cause.KILL, Integer.getInteger("failover.kills", 50),
            Cause.PAUSE, Integer.getInteger("failover.pauses", 10),
            Cause.HAND_OVER, Integer.getInteger("failover.handOvers", 20),
            Cause.TERM, Integer.getInteger("failover.terms", 10),
            Cause.REMOVAL, Integer.getInteger("failover.removals", 10),
            Cause.DEMOTION, Integer.getInteger("failover.demotions", 10),
            Cause.ROLL_OVER, Integer.getInteger("failover.rollOvers", 20)));
    static final int FEW_ZXIDS = 20_000; // of an epoch; some seconds
    private static final double KILL_MILLIS_MAX = 500; // the next write, at the 99th percentile
    private static final double PAUSE_MILLIS_MAX = 3_000; // the next write, each time; leaderSilenceMillis is 2000
    private static final double PLANNED_MILLIS_MAX = 100; // silence, in the median
    private static final double NANOS_PER_MILLI = 1e6;

    @TempDir
    Path folder;

    @Test
    void howLongWritesAreHeldUp() throws Exception {
        var gaps = new EnumMap<Cause, List<Gap>>(Cause.class);
        String before = load();
        try (var moves = new Moves(folder.resolve("done"))) {
            for (Cause cause : Cause.DONE) measure(moves, cause, gaps);
            moves.finish();
        }
        try (var moves = new Moves(folder.resolve("short"), "zxidsPerEpoch=" + FEW_ZXIDS)) {
            measure(moves, Cause.ROLL_OVER, gaps);
            moves.finish();
        }
        String table = table(gaps) + "\nLoad of the machine (1, 5, 15 minutes), before: " + before + "; after: "
                + load() + "; " + Runtime.getRuntime().availableProcessors() + " cores.\n";
        System.out.println(table);
        Files.writeString(Path.of("target", "failover.md"), table);
        assertThat(gaps.keySet().stream().filter(cause -> !isAsPromised(cause, gaps.get(cause))))
                .as("too long:\n" + table)
                .isEmpty();
    }

    private static void measure(Moves moves, Cause cause, Map<Cause, List<Gap>> gaps)
            throws IOException, InterruptedException {
        for (int i = 0; i < TIMES.getOrDefault(cause, 0); i++) {
            Gap gap = moves.move(cause);
            gaps.computeIfAbsent(cause, any -> new ArrayList<>()).add(gap);
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %6.0f ms, silence %6.0f ms%n",
                    cause,
                    gap.nextNanos() / NANOS_PER_MILLI,
                    gap.silenceNanos() / NANOS_PER_MILLI);
        }
    }

    private static boolean isAsPromised(Cause cause, List<Gap> gaps) {
        return switch (cause) {
            case KILL -> percentile(99, gaps, Gap::nextNanos) < KILL_MILLIS_MAX;
            case PAUSE -> percentile(100, gaps, Gap::nextNanos) < PAUSE_MILLIS_MAX;
            case HAND_OVER, TERM, REMOVAL, DEMOTION, ROLL_OVER ->
                percentile(50, gaps, Gap::silenceNanos) < PLANNED_MILLIS_MAX;
        };
    }

    private static String load() throws IOException {
        String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ", -1);
        return words[0] + ", " + words[1] + ", " + words[2];
    }

    private static String table(Map<Cause, List<Gap>> gaps) {
        var text = new Formatter(Locale.ROOT);
        text.format(
                "| leadership moves by | times | next write, ms: p50 | p99 | most | silence, ms: p50 | p99 | most |%n");
        text.format("|---|---:|---:|---:|---:|---:|---:|---:|%n");
        gaps.forEach((cause, all) -> {
            text.format("| %s | %d ", cause, all.size());
            if (cause == Cause.ROLL_OVER) text.format("| - | - | - "); // nobody asks for it
            else figures(text, all, Gap::nextNanos);
            figures(text, all, Gap::silenceNanos);
            text.format("|%n");
        });
        return text.toString();
    }

    private static void figures(Formatter text, List<Gap> gaps, ToLongFunction<Gap> figure) {
        for (int percent : new int[] {50, 99, 100}) text.format("| %.0f ", percentile(percent, gaps, figure));
    }

    /** The smallest, in milliseconds, that so many per cent do not exceed. */
    private static double percentile(int percent, List<Gap> gaps, ToLongFunction<Gap> figure) {
        long[] sorted = gaps.stream().mapToLong(figure).sorted().toArray();
        return sorted[(percent * sorted.length + 99) / 100 - 1] / NANOS_PER_MILLI;
    }
}
