package dev.paddock.node.zab;

import java.util.List;

/**
 * What recovery found on disk and verified.
 *
 * @param acceptedEpoch the newest epoch this server promised to follow, or where that is not known, one it surely did
 * @param currentEpoch the newest epoch whose history this server holds, or where that is not known, one of which it surely does
 * @param knowsEpochs whether they are known; if not, the server must neither vote nor promise
 * @param lastZxid of the last record in the log, or of the snapshot if that is newer
 * @param isComplete whether it reaches as far as this server ever acknowledged; if not, the server must not vote
 * @param recent the newest logged transactions, ascending and without a gap, to bring learners up to date from
 */
public record Durable(
        long acceptedEpoch,
        long currentEpoch,
        boolean knowsEpochs,
        long lastZxid,
        boolean isComplete,
        List<Proposal> recent) {
    public Durable {
        recent = List.copyOf(recent);
    }

    /** What a server found that knows its epochs. */
    public Durable(long acceptedEpoch, long currentEpoch, long lastZxid, boolean isComplete, List<Proposal> recent) {
        this(acceptedEpoch, currentEpoch, true, lastZxid, isComplete, recent);
    }
}
