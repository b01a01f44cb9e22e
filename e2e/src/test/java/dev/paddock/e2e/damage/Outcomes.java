package dev.paddock.e2e.damage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What became of each cell of the matrix, to be printed. */
final class Outcomes {
    private final Map<Kind, Map<Harm, String>> cells = new EnumMap<>(Kind.class);
    private final List<String> faults = new ArrayList<>();
    private Duration longest = Duration.ZERO;

    /** A server came back by itself. */
    void healed(Kind kind, Harm harm, Duration took, String how) {
        if (took.compareTo(longest) > 0) longest = took;
        put(kind, harm, how + String.format(" %.1f s", took.toMillis() / 1e3));
    }

    /** Unless something worse has become of it already. */
    void put(Kind kind, Harm harm, String what) {
        row(kind).putIfAbsent(harm, what);
    }

    private Map<Harm, String> row(Kind kind) {
        return cells.computeIfAbsent(kind, it -> new EnumMap<>(Harm.class));
    }

    /** A promise was broken. */
    void fault(Kind kind, Harm harm, String what) {
        row(kind).put(harm, "FAULT");
        faults.add(kind + ", " + harm + ": " + what);
    }

    List<String> faults() {
        return faults;
    }

    Duration longest() {
        return longest;
    }

    /** As a table, one line for each kind of file. */
    String table() {
        StringBuilder text = new StringBuilder(String.format("%-16s", ""));
        for (Harm harm : Harm.values()) text.append(String.format(" | %-14s", harm));
        cells.forEach((kind, row) -> {
            text.append(String.format("%n%-16s", kind));
            for (Harm harm : Harm.values()) text.append(String.format(" | %-14s", row.getOrDefault(harm, "-")));
        });
        return text.toString();
    }
}
