package dev.paddock.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** How each test of a foreign suite ended, by the test's name. */
final class SuiteOutcomes {
    /** From best to worst: a name that several runs share, such as that of a parameterized test, counts as the worst of them. */
    enum Outcome {
        PASSED,
        SKIPPED,
        FAILED;

        static Outcome parse(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    private static final String EITHER = "either";

    private final SortedMap<String, Outcome> outcomes = new TreeMap<>();
    private final SortedMap<String, String> reasons = new TreeMap<>(); // of those that did not pass

    void add(String test, Outcome outcome, String reason) {
        Outcome worst = outcomes.merge(test, outcome, (one, other) -> one.compareTo(other) > 0 ? one : other);
        if (worst == outcome && outcome != Outcome.PASSED) reasons.put(test, reason);
    }

    /** Takes over what a later run of some of the tests showed. */
    void replace(SuiteOutcomes later) {
        later.outcomes.forEach((test, outcome) -> {
            outcomes.remove(test);
            reasons.remove(test);
            add(test, outcome, later.reasons.getOrDefault(test, ""));
        });
    }

    /** Takes over what a run of other tests showed. */
    void addAll(SuiteOutcomes others) {
        others.outcomes.forEach((test, outcome) -> add(test, outcome, others.reasons.getOrDefault(test, "")));
    }

    List<String> failed() {
        return outcomes.entrySet().stream()
                .filter(each -> each.getValue() == Outcome.FAILED)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those that did not pass. */
    SortedMap<String, Outcome> exceptions() {
        SortedMap<String, Outcome> exceptions = new TreeMap<>(outcomes);
        exceptions.values().removeIf(Outcome.PASSED::equals);
        return exceptions;
    }

    Collection<String> tests() {
        return outcomes.keySet();
    }

    /** Like {@code 485 passed, 6 failed, 2 skipped}. */
    String counts() {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        return counts.getOrDefault(Outcome.PASSED, 0) + " passed, " + counts.getOrDefault(Outcome.FAILED, 0)
                + " failed, " + counts.getOrDefault(Outcome.SKIPPED, 0) + " skipped";
    }

    /** The exceptions with the reason each gave, one a line. */
    String explained() {
        StringBuilder text = new StringBuilder();
        exceptions()
                .forEach((test, outcome) -> text.append(outcome.name().toLowerCase(Locale.ROOT))
                        .append(' ')
                        .append(test)
                        .append(": ")
                        .append(reasons.getOrDefault(test, ""))
                        .append('\n'));
        return text.toString();
    }

    /**
     * Reads a list of tests that do not pass: lines of {@code failed} or {@code skipped}, the test's name, a colon and why. Lines
     * of {@code either} are left out, see {@link #unsteady}.
     */
    static SortedMap<String, Outcome> known(Path list) throws IOException {
        SortedMap<String, Outcome> known = new TreeMap<>();
        for (String[] words : lines(list)) {
            if (!words[0].equals(EITHER)) known.put(words[1], Outcome.parse(words[0]));
        }
        return known;
    }

    /** The tests in a list that do not end in the same way in each run, whatever the server: they judge nobody. */
    static Set<String> unsteady(Path list) throws IOException {
        Set<String> unsteady = new TreeSet<>();
        for (String[] words : lines(list)) {
            if (words[0].equals(EITHER)) unsteady.add(words[1]);
        }
        return unsteady;
    }

    /** Outcome, test and reason. */
    private static List<String[]> lines(Path list) throws IOException {
        List<String[]> lines = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String[] words = line.split(" ", 3);
            if (words.length < 3 || !words[1].endsWith(":")) throw new IOException(list + ": no reason in: " + line);
            words[1] = words[1].substring(0, words[1].length() - 1);
            lines.add(words);
        }
        return lines;
    }
}
