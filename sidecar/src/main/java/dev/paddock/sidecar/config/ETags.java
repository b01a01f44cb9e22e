package dev.paddock.sidecar.config;

import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.sidecar.http.Request;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Conditions on entity tags (RFC 9110 section 13); a tag is a zxid in quotes. Pure. */
final class ETags {
    private ETags() {}

    /** What a write asks of the present state. */
    sealed interface Condition {
        /** Nothing. */
        record None() implements Condition {}

        /** That it exists with one of these tags; {@code *} is any. */
        record Match(Set<String> tags) implements Condition {
            boolean holds(long mzxid) {
                return tags.contains("*") || tags.contains("\"" + mzxid + "\"");
            }
        }

        /** That it does not exist. */
        record Absent() implements Condition {}
    }

    /** Whether a header names this index; weak tags count, as they do for reading. */
    static boolean matches(Optional<String> header, long index) {
        if (header.isEmpty()) return false;
        Set<String> tags = tags(header.get());
        return tags.contains("*") || tags.contains("\"" + index + "\"") || tags.contains("W/\"" + index + "\"");
    }

    /** @throws Refused if the headers ask for what cannot be */
    static Condition condition(Request request) {
        Optional<String> match = request.header("If-Match");
        Optional<String> none = request.header("If-None-Match");
        if (match.isPresent() && none.isPresent())
            throw new Refused(Problem.badRequest("If-Match and If-None-Match exclude each other"));
        if (none.isPresent()) {
            if (!none.get().strip().equals("*"))
                throw new Refused(Problem.badRequest("only If-None-Match: * goes with a write"));
            return new Condition.Absent();
        }
        return match.<Condition>map(tags -> new Condition.Match(tags(tags))).orElseGet(Condition.None::new);
    }

    private static Set<String> tags(String header) {
        return Arrays.stream(header.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    }
}
