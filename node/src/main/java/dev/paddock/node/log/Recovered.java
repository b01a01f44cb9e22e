package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server knows when it starts.
 *
 * @param database      all that the log and the newest snapshot hold, committed or not
 * @param digests       what comparing digests on the way has shown
 * @param lastZxid      of the last record, or of the snapshot where that is newer
 * @param acceptedEpoch newest epoch promised to a leader, at least {@code currentEpoch}
 * @param currentEpoch  newest epoch whose history was taken over, at least that of {@code lastZxid}
 * @param tail          the last records, ascending and without gaps up to {@code lastZxid}; bounded, perhaps empty
 * @param logEnd        where the log ends
 * @param isComplete    whether it reaches as far as this server ever acknowledged, as far as that is known
 * @param doubts        why the epochs are not known; they are at least what is said here then
 * @param notes         what was repaired or passed over on the way, one sentence each, to be logged
 */
public record Recovered(
        Database database,
        DigestAudit digests,
        long lastZxid,
        long acceptedEpoch,
        long currentEpoch,
        List<LogRecord> tail,
        LogEnd logEnd,
        boolean isComplete,
        List<EpochDoubt> doubts,
        List<String> notes) {

    /** Whether the epochs are all that this server ever stored. */
    public boolean knowsEpochs() {
        return doubts.isEmpty();
    }

    /** The same, but known to end before what was acknowledged. */
    Recovered incomplete(String note) {
        return new Recovered(
                database,
                digests,
                lastZxid,
                acceptedEpoch,
                currentEpoch,
                tail,
                logEnd,
                false,
                doubts,
                Stream.concat(notes.stream(), Stream.of(note)).toList());
    }
}
