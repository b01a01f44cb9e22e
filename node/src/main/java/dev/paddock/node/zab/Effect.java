package dev.paddock.node.zab;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import java.util.SortedMap;

/** What the protocol asks for; carried out in the order given. Effects on the disk are carried out first in, first out. */
public sealed interface Effect {
    /** For the edge that carries peer links. */
    sealed interface ToPeers extends Effect {}

    /** Sends our vote to {@code sid} on the election port; only the newest matters. */
    record Notify(long sid, Notification notification) implements ToPeers {}

    /** Dials the quorum port of {@code sid}; answered by LeaderLinked or LeaderUnreachable. */
    record Dial(long sid) implements ToPeers {}

    /** Dials the observer master of {@code sid}; answered likewise. */
    record DialMaster(long sid) implements ToPeers {}

    /** From now on observers that dial the port of our observer master are linked, or no longer; who is linked stays. */
    record ListenForObservers(boolean listens) implements ToPeers {}

    record Send(long link, QuorumPacket packet) implements ToPeers {}

    /** Sends a SNAP packet and the state behind it. */
    record SendSnapshot(long link, Database database) implements ToPeers {}

    /** Closes the link; answered by Unlinked, unless that came first. */
    record Unlink(long link) implements ToPeers {}

    /** From now on these may link and are dialled at these addresses, by sid; this server may be among them. */
    record Reachable(SortedMap<Long, ServerSpec> servers) implements ToPeers {}

    /** For the thread that owns the disk. */
    sealed interface ToDisk extends Effect {}

    /** Appends to the log; answered by Forced, which may cover many. */
    record Append(Proposal proposal) implements ToDisk {}

    record SaveAcceptedEpoch(long epoch) implements ToDisk {}

    record SaveCurrentEpoch(long epoch) implements ToDisk {}

    /**
     * Makes this state the base of all that follows: durable first, then whatever log and snapshots held beyond it is
     * dropped.
     */
    record InstallSnapshot(Database database) implements ToDisk {}

    /**
     * Drops every record after {@code zxid} from the log, durably, and reads the state again; changes nothing if a
     * snapshot beyond {@code zxid} stands in the way. Answered by Truncated or TruncationRefused.
     */
    record Truncate(long zxid) implements ToDisk {}

    /**
     * Keeps the configuration that a quorum agreed on, for the next start. Nothing waits for it: a start that finds an older
     * one learns the newer one from the log or from the others.
     */
    record SaveMembers(Members members) implements ToDisk {}

    /** For the state machine above. */
    sealed interface ToReplica extends Effect {}

    /** The next transaction of the one history. */
    record Commit(Proposal proposal) implements ToReplica {}

    /** The state was replaced, by a leader's snapshot or after a truncation. */
    record Reset(Database database) implements ToReplica {}

    /** Brings the learner up to date with all that is committed now, by {@link SendSnapshot}. */
    record Snapshot(long link) implements ToReplica {}

    /** The server is part of an established quorum and may serve clients. */
    record Activated(boolean leading, long epoch) implements ToReplica {}

    /** A quorum agreed on these members. */
    record MembersCommitted(Members members) implements ToReplica {}

    /** The server serves no longer. */
    record Deactivated() implements ToReplica {}

    /** The leader got a REQUEST, REVALIDATE or PING from a synchronized learner, or a follower from an observer. */
    record FromLearner(long link, long sid, QuorumPacket packet) implements ToReplica {}

    /** A learner that had been told to serve is gone. */
    record LearnerGone(long link) implements ToReplica {}

    /** The follower got a SYNC, REVALIDATE or PING from its leader. */
    record FromLeader(long link, QuorumPacket packet) implements ToReplica {}

    /** A quorum has said that it still followed this leader after {@code ticket} was given out. */
    record Confirmed(long ticket) implements ToReplica {}

    /** Something that an operator would want to read in the log. */
    record Note(String text) implements ToReplica {}
}
