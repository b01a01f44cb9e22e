package dev.paddock.node.log;

import java.util.List;
import java.util.Optional;

/**
 * Where a log ends, found by reading it.
 *
 * @param read    its newest file up to there
 * @param torn    what stands behind that and must be cut before anything is appended
 * @param unnoted what was found before those of the newest files of which no seam tells, ascending
 */
public record LogEnd(Stretch read, Optional<TornTail> torn, List<Seam> unnoted) {
    /** With a list of its own. */
    public LogEnd {
        unnoted = List.copyOf(unnoted);
    }

    /** Zxid of its last record; 0 if it has none. */
    public long lastZxid() {
        return read.last();
    }
}
