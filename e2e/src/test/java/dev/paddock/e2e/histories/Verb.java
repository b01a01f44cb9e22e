package dev.paddock.e2e.histories;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a client asks of a register. */
enum Verb {
    CREATE,
    SET,
    DELETE,
    /** A {@code sync} and a {@code getData} behind it: linearizable. */
    READ,
    /** A {@code getData} alone, which may show a state of some time ago, but none older than the session has seen. */
    PEEK;

    /** Whether it has a place in the order of all that happens to a znode. */
    boolean isOfRegister() {
        return this != PEEK;
    }

    boolean isWrite() {
        return this != READ && this != PEEK;
    }

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
