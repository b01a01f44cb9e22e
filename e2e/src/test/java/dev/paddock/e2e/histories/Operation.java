package dev.paddock.e2e.histories;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A line of a history: what a client asked, when, and what it was told. Times are nanoseconds of {@link System#nanoTime}.
 *
 * @param session which of the client's sessions, from 0 on
 * @param value   what is written, by no other operation; empty for those that write none
 * @param version that the znode must have, -1 for any
 * @param seen    where the result is {@link Result#OK}, but for a delete
 */
record Operation(
        int client,
        int session,
        @JsonProperty("do") Verb verb,
        String key,
        String value,
        int version,
        long call,
        @JsonProperty("return") long end,
        Result result,
        @Nullable Seen seen) {

    Operation ending(Result other, @Nullable Seen showing) {
        return new Operation(client, session, verb, key, value, version, call, end, other, showing);
    }
}
