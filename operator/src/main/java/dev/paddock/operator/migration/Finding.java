package dev.paddock.operator.migration;

import java.util.Optional;

/** What a server was asked for: its answer, or why there is none. A check without an answer has not been made. */
public sealed interface Finding<T> {
    /** The answer. */
    record Known<T>(T value) implements Finding<T> {}

    /**
     * There is none.
     *
     * @param why    a clause about the server, such as "does not answer mntr"
     * @param remedy what the user can do about it, an imperative
     */
    record Unknown<T>(String why, String remedy) implements Finding<T> {}

    /** The answer, if there is one. */
    default Optional<T> known() {
        return switch (this) {
            case Known<T>(T value) -> Optional.of(value);
            case Unknown<T> _ -> Optional.empty();
        };
    }
}
