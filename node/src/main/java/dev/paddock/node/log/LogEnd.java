package dev.paddock.node.log;

import java.util.Optional;

/**
 * Where a log ends, found by reading it.
 *
 * @param lastZxid zxid of its last record; 0 if it has none
 * @param torn     what stands behind that and must be cut before anything is appended
 */
public record LogEnd(long lastZxid, Optional<TornTail> torn) {}
