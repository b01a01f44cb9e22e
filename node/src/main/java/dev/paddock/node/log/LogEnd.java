package dev.paddock.node.log;

import java.util.Optional;

/**
 * Where a log ends, found by reading it.
 *
 * @param read its newest file up to there
 * @param torn what stands behind that and must be cut before anything is appended
 */
public record LogEnd(Stretch read, Optional<TornTail> torn) {
    /** Zxid of its last record; 0 if it has none. */
    public long lastZxid() {
        return read.last();
    }
}
