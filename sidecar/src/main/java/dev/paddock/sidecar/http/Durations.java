package dev.paddock.sidecar.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people and programs write them: {@code 250ms}, {@code 10s}, {@code 1m30s}, {@code 2h}, or ISO-8601 {@code PT10S}. */
public final class Durations {
    /** Longer ones are refused, so that sums of durations never overflow. */
    public static final Duration MAX = Duration.ofDays(366);

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");

    private Durations() {}

    /** The duration, or empty if the text is none, is negative or is above {@link #MAX}. */
    public static Optional<Duration> parse(String text) {
        if (text.isEmpty() || text.length() > 64) return Optional.empty();
        return (text.charAt(0) == 'P' ? iso(text) : shortForm(text))
                .filter(duration -> !duration.isNegative() && duration.compareTo(MAX) <= 0);
    }

    private static Optional<Duration> iso(String text) {
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> shortForm(String text) {
        var match = SHORT.matcher(text);
        if (!match.matches()) return Optional.empty();
        return Optional.of(Duration.ofDays(number(match.group(1)))
                .plusHours(number(match.group(2)))
                .plusMinutes(number(match.group(3)))
                .plusSeconds(number(match.group(4)))
                .plusMillis(number(match.group(5))));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
