package dev.paddock.sidecar.lock;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether others may hold the lock at the same time. */
public enum LockMode {
    /** One holder. */
    @JsonProperty("exclusive")
    EXCLUSIVE('x'),
    /** Any number of shared holders, no exclusive one. */
    @JsonProperty("shared")
    SHARED('s');

    private final char letter;

    LockMode(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    static LockMode of(char letter) {
        return letter == EXCLUSIVE.letter ? EXCLUSIVE : SHARED;
    }
}
