package dev.paddock.node.zab;

import dev.paddock.node.tree.Database;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import java.util.List;

/** All that can happen to the protocol. Links are numbered by the edge; a number is never used twice. */
public sealed interface Input {
    /** Time has passed; comes every few milliseconds. */
    record Tick() implements Input {}

    /** The peer {@code sid} told its vote on the election port. */
    record Heard(long sid, Notification notification) implements Input {}

    /** A learner dialled our quorum port. */
    record LearnerLinked(long link) implements Input {}

    /** An observer dialled our observer master. */
    record ObserverLinked(long link) implements Input {}

    /** The dial to {@code sid} that {@link Effect.Dial} or {@link Effect.DialMaster} asked for stands; perhaps it was asked for in an earlier role. */
    record LeaderLinked(long sid, long link) implements Input {}

    /** The dial that they asked for failed. */
    record LeaderUnreachable(long sid) implements Input {}

    /** A packet arrived; on one link they arrive in the order sent. */
    record Received(long link, QuorumPacket packet) implements Input {}

    /** The snapshot that followed a SNAP packet arrived whole, its signature checked. */
    record ReceivedSnapshot(long link, Database database) implements Input {}

    /** Bytes come or go on the link: it lives, though nothing has arrived whole. */
    record Progress(long link) implements Input {}

    /** The link is gone; nothing comes from it any more. */
    record Unlinked(long link) implements Input {}

    /** The log is forced up to {@code zxid}; answers {@link Effect.Append}. */
    record Forced(long zxid) implements Input {}

    /** Answers {@link Effect.SaveAcceptedEpoch}. */
    record AcceptedEpochSaved(long epoch) implements Input {}

    /** Answers {@link Effect.SaveCurrentEpoch}. */
    record CurrentEpochSaved(long epoch) implements Input {}

    /** Answers {@link Effect.InstallSnapshot}: it is forced, and nothing newer is left in the log. */
    record SnapshotInstalled(long zxid) implements Input {}

    /**
     * Answers {@link Effect.Truncate} too: nothing was cut, since a snapshot here holds more than {@code zxid}. It came from
     * a leader that never had its quorum; only another snapshot can replace it.
     */
    record TruncationRefused(long zxid) implements Input {}

    /**
     * Answers {@link Effect.Truncate}: the log was cut and the state read again from disk.
     *
     * @param database the state at the last zxid that is left
     * @param recent the newest logged transactions that are left, ascending and without a gap
     */
    record Truncated(Database database, List<Proposal> recent) implements Input {
        public Truncated {
            recent = List.copyOf(recent);
        }
    }
}
