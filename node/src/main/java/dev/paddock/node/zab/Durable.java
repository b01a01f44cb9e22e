package dev.paddock.node.zab;

import java.util.List;

/**
 * What recovery found on disk and verified.
 *
 * @param acceptedEpoch the newest epoch this server promised to follow
 * @param currentEpoch the newest epoch whose history this server holds
 * @param lastZxid of the last record in the log, or of the snapshot if that is newer
 * @param isComplete whether it reaches as far as this server ever acknowledged; if not, the server must not vote
 * @param recent the newest logged transactions, ascending and without a gap, to bring learners up to date from
 */
public record Durable(long acceptedEpoch, long currentEpoch, long lastZxid, boolean isComplete, List<Proposal> recent) {
    public Durable {
        recent = List.copyOf(recent);
    }
}
