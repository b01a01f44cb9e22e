package dev.paddock.node.net;

import dev.paddock.node.members.Members;
import dev.paddock.node.meter.Metric;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * What operators' tools may know of a server besides what its client port counts, and what they may set back. From any
 * thread; only what says so blocks.
 */
public interface ServerView {

    /** What {@code zookeeper.version} is shown as, like {@code 3.9.5-paddock, built on 2026-01-01 00:00 UTC}. */
    String version();

    /** The core's view of the server. */
    ServerStatus status();

    /** Who the members are now; none where standalone. */
    Members members();

    /** The text of {@code conf}. Looks at folders, so it may block. */
    String configuration();

    /** What the files take. Looks at folders, so it may block. */
    FolderSizes folderSizes();

    /** When each session ends unless it is heard from; empty where another server, the leader, decides that. */
    CompletionStage<Optional<SessionEnds>> sessionEnds();

    /** By sid, what the links of the observers have carried that hang on this server. */
    CompletionStage<SortedMap<Long, LinkStats>> observers();

    /** Counts what learners' links carry from 0 again. */
    void resetObservers();

    /** All numbers that {@code mntr} shows, in order; {@code port} is what the client port counted. */
    CompletionStage<List<Metric>> metrics(PortStats port);

    /** Digests of the database at some of the last zxids, ascending. */
    List<DigestEntry> digests();

    /** Forces of the log that took longer than {@code fsync.warningthresholdms}. */
    long slowForces();

    /** Begins to count again. */
    void resetStats();

    /** What was set last; 306 at first, as in Apache ZooKeeper. Nothing here acts on it. */
    long traceMask();

    /** Sets what {@link #traceMask} gives. */
    void traceMask(long mask);

    /** Bytes of all files in the folders of snapshots and of logs, which may be one. */
    record FolderSizes(long snapshots, long logs) {}

    /**
     * Sessions and their ends, in no order.
     *
     * @param endMillis of the session at the same place; monotonic time, a multiple of the tick
     * @param nowMillis monotonic time of the question
     */
    record SessionEnds(long[] sessionIds, long[] endMillis, long nowMillis) {}

    /** The digest of the database after a transaction. */
    record DigestEntry(long zxid, long digest) {}
}
